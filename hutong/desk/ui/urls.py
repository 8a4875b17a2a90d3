"""The components page: in development and tests only."""

from django.urls import path

from hutong.desk.ui import views

urlpatterns = [path("", views.components, name="ui-components")]
