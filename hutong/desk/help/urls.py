"""Addresses of the help."""

from django.urls import path

from hutong.desk.help import views

app_name = "help"

urlpatterns = [
    path("help/", views.home, name="home"),
    path("help/<slug:topic>/", views.topic, name="topic"),
]
