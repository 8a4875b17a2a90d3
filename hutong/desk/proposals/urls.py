"""Addresses of category proposals."""

from django.urls import path

from hutong.desk.proposals import views

app_name = "proposals"

urlpatterns = [
    path("proposals/", views.listing, name="list"),
    path("proposals/bulk/", views.bulk, name="bulk"),
    path("proposals/prompts/", views.prompts, name="prompts"),
    path("proposals/<uuid:category>/", views.one, name="one"),
]
