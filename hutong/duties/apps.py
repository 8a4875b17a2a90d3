"""The room as a Django app."""

from django.apps import AppConfig


class DutiesConfig(AppConfig):
    """See the package's docstring for what it owns."""

    name = "hutong.duties"
    label = "duties"

    def ready(self) -> None:
        """What belongs to a post follows it when it changes hands."""
        from hutong.duties import operations, owners, reports
        from hutong.kernel import reactions

        reactions.on("people.file", operations.react)
        reactions.on("people.files", operations.react_all)
        reactions.on("casework.report", reports.follow)
        reactions.on("staff.post", owners.follow)
