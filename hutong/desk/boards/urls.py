"""Addresses of the boards."""

from django.urls import path

from hutong.desk.boards import views

app_name = "boards"

urlpatterns = [
    path("board/", views.home, name="home"),
    path("board/<int:code>/", views.board, name="board"),
    path("board/<int:code>/table.csv", views.table, name="table"),
]
