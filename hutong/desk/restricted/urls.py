"""Addresses of restricted files."""

from django.urls import path

from hutong.desk.restricted import views

app_name = "restricted"

urlpatterns = [
    path("children/<uuid:file>/restricted/", views.page, name="file"),
    path("children/<uuid:file>/restricted/readers/", views.give, name="give"),
    path("children/<uuid:file>/restricted/readers/<uuid:grant>/", views.take, name="take"),
    path("children/<uuid:file>/restricted/lift/", views.lift, name="lift"),
]
