"""Addresses of imports and exports."""

from django.urls import path

from hutong.desk.imports import exports, views

app_name = "imports"

urlpatterns = [
    path("imports/", views.listing, name="list"),
    path("imports/<uuid:delivery>/", views.one, name="one"),
    path("imports/<uuid:delivery>/columns/", views.columns, name="columns"),
    path("imports/<uuid:delivery>/apply/", views.apply, name="apply"),
    path("imports/<uuid:delivery>/reverse/", views.reverse_batch, name="reverse"),
    path("imports/<uuid:delivery>/result.xlsx", views.result, name="result"),
    path("exports/", exports.export, name="export"),
]
