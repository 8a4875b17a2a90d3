"""The ground as a Django app."""

from django.apps import AppConfig
from django.conf import settings


class KernelConfig(AppConfig):
    """Hands the keys of settings to the ciphers once."""

    name = "hutong.kernel"
    label = "kernel"

    def ready(self) -> None:
        """Once, when the apps are loaded."""
        from hutong.kernel import ciphers

        ciphers.configure(settings.SEAL_KEYS, suite=settings.SEAL_SUITE, index_secret=settings.SEAL_INDEX_KEY)
