"""The room as a Django app."""

from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    """See the package's docstring for what it owns."""

    name = "hutong.exchange"
    label = "exchange"
