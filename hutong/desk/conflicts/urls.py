"""Addresses of what phones sent and a person must decide."""

from django.urls import path

from hutong.desk.conflicts import views

app_name = "conflicts"

urlpatterns = [
    path("conflicts/", views.listing, name="list"),
    path("conflicts/<uuid:conflict>/", views.one, name="one"),
]
