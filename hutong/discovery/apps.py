"""The room as a Django app."""

from django.apps import AppConfig


class DiscoveryConfig(AppConfig):
    """See the package's docstring for what it owns."""

    name = "hutong.discovery"
    label = "discovery"

    def ready(self) -> None:
        """Phones may answer looks at home."""
        from hutong.discovery import field_kind
        from hutong.exchange.field import kinds

        kinds.hand_in(field_kind.KIND)
