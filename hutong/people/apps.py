"""The room as a Django app."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """See the package's docstring for what it owns."""

    name = "hutong.people"
    label = "people"
