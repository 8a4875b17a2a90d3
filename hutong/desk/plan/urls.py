"""Addresses of the plan."""

from django.urls import path

from hutong.desk.plan import views

app_name = "plan"

urlpatterns = [
    path("plan/", views.tiles, name="tiles"),
    path("plan/trace/", views.trace, name="trace"),
    path("plan/<slug:measure>/", views.measure, name="measure"),
]
