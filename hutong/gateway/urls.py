"""Addresses of programs of other offices."""

from django.urls import path

from hutong.gateway import push

app_name = "gateway"

urlpatterns = [path("api/feeds/<str:feed>/", push.push, name="push")]
