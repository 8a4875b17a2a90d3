"""Addresses of what a director records, and of what was recorded."""

from django.urls import path

from hutong.desk.visits import corrections, records, views

app_name = "visits"

urlpatterns = [
    path("children/<uuid:file>/visit/", views.visit, name="visit"),
    path("children/<uuid:file>/attempt/", views.attempt, name="attempt"),
    path("children/<uuid:file>/contact/", views.contact, name="contact"),
    path("children/<uuid:file>/change/", views.change, name="change"),
    path("children/<uuid:file>/agreement/", views.agreement, name="agreement"),
    path("visits/<uuid:visit>/", records.show, name="show"),
    path("visits/<uuid:visit>/correct/", corrections.correct, name="correct"),
    path("photos/<uuid:photo>/", records.photo, name="photo"),
    path("agreements/<uuid:agreement>/end/", records.end_agreement, name="end_agreement"),
    path("flags/<uuid:flag>/", records.close_flag, name="flag"),
]
