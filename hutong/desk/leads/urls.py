"""Addresses of leads."""

from django.urls import path

from hutong.desk.leads import checks, views

app_name = "leads"

urlpatterns = [
    path("leads/", views.listing, name="list"),
    path("leads/rules/", views.board, name="rules"),
    path("leads/many/", views.many, name="many"),
    path("leads/checks/", checks.listing, name="checks"),
    path("leads/checks/<uuid:check>/", checks.one, name="check"),
    path("leads/<uuid:lead>/", views.one, name="one"),
]
