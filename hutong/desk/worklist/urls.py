"""Addresses of the worklist and of single duties."""

from django.urls import path

from hutong.desk.worklist import views

app_name = "worklist"

urlpatterns = [
    path("", views.home, name="home"),
    path("worklist.csv", views.table, name="table"),
    path("duties/<uuid:duty>/", views.duty, name="duty"),
    path("notices/<uuid:notice>/read/", views.read, name="read"),
]
