"""The room as a Django app."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """See the package's docstring for what it owns."""

    name = "hutong.people"
    label = "people"

    def ready(self) -> None:
        """What belongs to a post follows it when it changes hands."""
        from hutong.kernel import reactions
        from hutong.people import directors

        reactions.on("staff.post", directors.follow)
