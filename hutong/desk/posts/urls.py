"""Addresses of people and posts."""

from django.urls import path

from hutong.desk.posts import lists, views

app_name = "posts"

urlpatterns = [
    path("posts/", views.listing, name="list"),
    path("posts/vacant/", views.vacant, name="vacant"),
    path("posts/new/", views.new, name="new"),
    path("posts/list/", lists.upload, name="upload"),
    path("posts/list/form.xlsx", lists.empty_form, name="form"),
    path("posts/slips/", lists.slips, name="slips"),
    path("posts/<uuid:post>/", views.one, name="one"),
    path("posts/<uuid:post>/hand-over/", views.hand_over, name="hand-over"),
    path("posts/<uuid:post>/end/", views.end, name="end"),
    path("posts/<uuid:post>/slip/", views.slip, name="slip"),
]
