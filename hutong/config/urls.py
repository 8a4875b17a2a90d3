"""All addresses: pages of the desk, allauth's account pages, the gateway."""

from django.urls import include, path

urlpatterns = [
    path("account/", include("allauth.account.urls")),
    path("account/2fa/", include("allauth.mfa.urls")),
    path("", include("hutong.desk.urls")),
]
