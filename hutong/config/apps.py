"""The entrance as a Django app, for its commands."""

from django.apps import AppConfig


class HouseConfig(AppConfig):
    """Owns no tables."""

    name = "hutong.config"
    label = "house"
