"""Addresses of urgent reports."""

from django.urls import path

from hutong.desk.reports import views

app_name = "reports"

urlpatterns = [
    path("reports/", views.listing, name="list"),
    path("reports/<uuid:report>/", views.one, name="one"),
]
