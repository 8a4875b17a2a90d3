"""The room as a Django app."""

from django.apps import AppConfig


class InsightConfig(AppConfig):
    """See the package's docstring for what it owns."""

    name = "hutong.insight"
    label = "insight"
