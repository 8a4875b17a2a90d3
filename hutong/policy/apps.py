"""The room as a Django app."""

from django.apps import AppConfig


class PolicyConfig(AppConfig):
    """See the package's docstring for what it owns."""

    name = "hutong.policy"
    label = "policy"
