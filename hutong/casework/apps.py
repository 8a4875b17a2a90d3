"""The room as a Django app."""

from django.apps import AppConfig


class CaseworkConfig(AppConfig):
    """See the package's docstring for what it owns."""

    name = "hutong.casework"
    label = "casework"
