"""All addresses: pages of the desk, the gateway."""

from django.urls import include, path

urlpatterns = [
    path("", include("hutong.desk.urls")),
]
