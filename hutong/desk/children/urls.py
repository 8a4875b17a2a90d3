"""Addresses of child files."""

from django.urls import path

from hutong.desk.children import changes, reviews, views

app_name = "children"

urlpatterns = [
    path("children/", views.listing, name="list"),
    path("children/new/", changes.new, name="new"),
    path("children/<uuid:file>/", views.file, name="file"),
    path("children/<uuid:file>/rules/", views.rules, name="rules"),
    path("children/<uuid:file>/propose/", changes.propose, name="propose"),
    path("children/<uuid:file>/reveal/", changes.reveal, name="reveal"),
    path("children/<uuid:file>/attention/", changes.attention, name="attention"),
    path("children/<uuid:file>/move/", changes.move, name="move"),
    path("children/<uuid:file>/recheck/", reviews.recheck, name="recheck"),
    path("children/<uuid:file>/update/", reviews.update, name="update"),
    path("children/<uuid:file>/close/", changes.close, name="close"),
]
