"""Addresses of duplicates."""

from django.urls import path

from hutong.desk.duplicates import views

app_name = "duplicates"

urlpatterns = [
    path("duplicates/", views.listing, name="list"),
    path("duplicates/<uuid:pair>/", views.one, name="one"),
    path("duplicates/undo/<uuid:merge>/", views.undo, name="undo"),
]
