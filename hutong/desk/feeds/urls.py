"""Addresses of departments' data and of runs."""

from django.urls import path

from hutong.desk.feeds import deliveries, runs, views

app_name = "feeds"

urlpatterns = [
    path("feeds/", views.board, name="board"),
    path("feeds/runs/", runs.listing, name="runs"),
    path("feeds/runs/<uuid:run>/", runs.one, name="run"),
    path("feeds/received/<uuid:received>/", deliveries.one, name="received"),
    path("feeds/received/<uuid:received>/result.xlsx", deliveries.result, name="result"),
    path("feeds/<str:feed>/", views.one, name="one"),
    path("feeds/<str:feed>/agreement/", views.agreement, name="agreement"),
]
