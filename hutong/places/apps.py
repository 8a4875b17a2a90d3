"""The room as a Django app."""

from django.apps import AppConfig


class PlacesConfig(AppConfig):
    """See the package's docstring for what it owns."""

    name = "hutong.places"
    label = "places"
