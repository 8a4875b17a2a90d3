"""All addresses and the page of components, which production does not serve."""

from django.urls import include, path

urlpatterns = [path("ui/", include("hutong.desk.ui.urls")), path("", include("hutong.config.urls"))]
