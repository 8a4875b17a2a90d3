"""Addresses of the overview."""

from django.urls import path

from hutong.desk.town import views

app_name = "town"

urlpatterns = [
    path("town/", views.home, name="home"),
    path("town/new/", views.new, name="new"),
]
