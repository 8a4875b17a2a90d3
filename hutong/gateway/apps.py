"""The room as a Django app: for its jobs."""

from django.apps import AppConfig


class GatewayConfig(AppConfig):
    """See the package's docstring for what it owns."""

    name = "hutong.gateway"
    label = "gateway"
