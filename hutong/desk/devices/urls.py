"""Addresses of phones."""

from django.urls import path

from hutong.desk.devices import handed, views

app_name = "devices"

urlpatterns = [
    path("devices/", views.listing, name="list"),
    path("devices/handed/", handed.take, name="handed"),
    path("devices/<uuid:device>/revoke/", views.revoke, name="revoke"),
]
