"""Addresses of phones."""

from django.urls import path

from hutong.desk.devices import views

app_name = "devices"

urlpatterns = [
    path("devices/", views.listing, name="list"),
    path("devices/<uuid:device>/revoke/", views.revoke, name="revoke"),
]
