"""Addresses of departments' data and of runs."""

from django.urls import path

from hutong.desk.feeds import counties, deliveries, runs, views, whole

app_name = "feeds"

urlpatterns = [
    path("feeds/", views.board, name="board"),
    path("feeds/runs/", runs.listing, name="runs"),
    path("feeds/runs/<uuid:run>/", runs.one, name="run"),
    path("feeds/received/<uuid:received>/", deliveries.one, name="received"),
    path("feeds/received/<uuid:received>/result.xlsx", deliveries.result, name="result"),
    path("feeds/counties.csv", counties.table, name="counties"),
    path("feeds/city/<str:feed>/", whole.one, name="whole"),
    path("feeds/city/<str:feed>/agreement/", whole.agreement, name="city_agreement"),
    path("feeds/sent/<uuid:sent>/", whole.sent, name="sent"),
    path("feeds/sent/<uuid:sent>/result.xlsx", whole.result, name="sent_result"),
    path("feeds/<str:feed>/", views.one, name="one"),
    path("feeds/<str:feed>/agreement/", views.agreement, name="agreement"),
]
