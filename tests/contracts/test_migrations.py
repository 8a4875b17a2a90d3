"""A database one release old is upgraded while the old program still runs: a migration must not break it."""

from __future__ import annotations

import pytest
from django.apps import apps
from django_migration_linter import MigrationLinter

OURS = sorted(config.label for config in apps.get_app_configs() if config.name.startswith("hutong."))


@pytest.mark.django_db
def test_an_older_program_can_go_on_beside_every_migration(capsys: pytest.CaptureFixture[str]) -> None:
    """No column dropped, renamed or made obligatory without a default: expand first, contract a release later."""
    linter = MigrationLinter(include_apps=OURS, no_cache=True)
    linter.lint_all_migrations()
    assert linter.nb_total - linter.nb_ignored >= len(OURS) / 2
    assert not linter.has_errors, capsys.readouterr().out


@pytest.mark.django_db
def test_the_linter_knows_a_migration_that_would_break_the_older_program() -> None:
    linter = MigrationLinter(no_cache=True, no_output=True)
    linter.lint_all_migrations(app_label="axes", migration_name="0006_remove_accesslog_trusted")
    assert linter.has_errors
