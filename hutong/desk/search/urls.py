"""The address of the search."""

from django.urls import path

from hutong.desk.search import views

app_name = "search"

urlpatterns = [path("search/", views.search, name="search"), path("search/pointer/", views.pointer, name="pointer")]
