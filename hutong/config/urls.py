"""All addresses: pages of the desk, the phone's API, the gateway."""

from django.urls import include, path

urlpatterns = [
    path("", include("hutong.field.urls")),
    path("", include("hutong.desk.urls")),
    path("", include("hutong.gateway.urls")),
]
