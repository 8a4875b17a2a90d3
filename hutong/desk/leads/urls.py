"""Addresses of leads."""

from django.urls import path

from hutong.desk.leads import checks, restricted, rules, views

app_name = "leads"

urlpatterns = [
    path("leads/", views.listing, name="list"),
    path("leads/rules/", rules.board, name="rules"),
    path("leads/rules/<str:rule>/", rules.one, name="rule"),
    path("leads/many/", views.many, name="many"),
    path("leads/restricted/", restricted.waiting, name="restricted"),
    path("leads/<uuid:lead>/readers/", restricted.readers, name="readers"),
    path("leads/checks/", checks.listing, name="checks"),
    path("leads/checks/<uuid:check>/", checks.one, name="check"),
    path("leads/<uuid:lead>/", views.one, name="one"),
]
