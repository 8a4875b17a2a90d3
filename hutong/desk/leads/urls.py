"""Addresses of leads."""

from django.urls import path

from hutong.desk.leads import views

app_name = "leads"

urlpatterns = [
    path("leads/", views.listing, name="list"),
    path("leads/rules/", views.board, name="rules"),
    path("leads/<uuid:lead>/", views.one, name="one"),
]
