"""Addresses of emergency access."""

from django.urls import path

from hutong.desk.emergency import views

app_name = "emergency"

urlpatterns = [
    path("emergency/", views.page, name="page"),
    path("emergency/<uuid:grant>/end/", views.end, name="end"),
    path("emergency/reviews/", views.reviews, name="reviews"),
    path("emergency/<uuid:grant>/review/", views.review, name="review"),
]
