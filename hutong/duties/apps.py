"""The room as a Django app."""

from django.apps import AppConfig


class DutiesConfig(AppConfig):
    """See the package's docstring for what it owns."""

    name = "hutong.duties"
    label = "duties"
