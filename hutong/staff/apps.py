"""The room as a Django app."""

from django.apps import AppConfig


class StaffConfig(AppConfig):
    """See the package's docstring for what it owns."""

    name = "hutong.staff"
    label = "staff"
