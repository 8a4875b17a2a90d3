"""The room as a Django app."""

from django.apps import AppConfig


class WorkbenchConfig(AppConfig):
    """See the package's docstring for what it owns."""

    name = "hutong.workbench"
    label = "workbench"
