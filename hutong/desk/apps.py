"""The room as a Django app."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """See the package's docstring for what it owns."""

    name = "hutong.desk"
    label = "desk"
