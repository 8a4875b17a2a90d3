"""Addresses of the record of looks."""

from django.urls import path

from hutong.desk.looks import views

app_name = "looks"

urlpatterns = [path("looks/", views.listing, name="list"), path("looks/<uuid:file>/", views.file, name="file")]
