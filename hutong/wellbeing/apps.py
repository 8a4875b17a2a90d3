"""The room as a Django app."""

from django.apps import AppConfig


class WellbeingConfig(AppConfig):
    """See the package's docstring for what it owns."""

    name = "hutong.wellbeing"
    label = "wellbeing"

    def ready(self) -> None:
        """A file's completeness is looked up again after each change to it."""
        from hutong.kernel import reactions
        from hutong.wellbeing import completeness

        reactions.on("people.file", completeness.react)
