"""The room as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext

from hutong.kernel.sentences import speak_with


class DeskConfig(AppConfig):
    """See the package's docstring for what it owns."""

    name = "hutong.desk"
    label = "desk"

    def ready(self) -> None:
        """Refusals are read in the language of the page."""
        speak_with(gettext)
