"""The room as a Django app."""

from django.apps import AppConfig


class WellbeingConfig(AppConfig):
    """See the package's docstring for what it owns."""

    name = "hutong.wellbeing"
    label = "wellbeing"
