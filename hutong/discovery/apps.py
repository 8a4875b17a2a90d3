"""The room as a Django app."""

from django.apps import AppConfig


class DiscoveryConfig(AppConfig):
    """See the package's docstring for what it owns."""

    name = "hutong.discovery"
    label = "discovery"
