"""Addresses of notices."""

from django.urls import path

from hutong.desk.notices import views

app_name = "notices"

urlpatterns = [
    path("notices/", views.mine, name="mine"),
    path("notices/sent/", views.sent, name="sent"),
]
