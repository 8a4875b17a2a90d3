"""Help of commands is for clerks: our options in Chinese, Django's taken and not shown."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import call_command, get_commands, load_command_class

from hutong.kernel import command

OURS = {name: str(app) for name, app in get_commands().items() if str(app).startswith("hutong.")}


def _helped(name: str) -> str:
    return load_command_class(OURS[name], name).create_parser("hutong", name).format_help()


@pytest.mark.parametrize("name", sorted(OURS))
def test_help_says_in_chinese_what_can_be_written_and_hides_what_is_djangos(name: str) -> None:
    told = _helped(name)
    assert told.startswith("用法：")
    assert not [
        word
        for word in ("usage:", "options:", "--settings", "--pythonpath", "--traceback", "--verbosity")
        if word in told
    ]


def test_what_is_not_shown_is_taken_all_the_same() -> None:
    parser = load_command_class(OURS["doctor"], "doctor").create_parser("hutong", "doctor")
    read = parser.parse_args(["--traceback", "-v", "2", "--settings", "x"])
    assert (read.traceback, read.verbosity, read.settings) == (True, 2, "x")


def test_every_command_of_ours_is_made_from_it() -> None:
    for name, app in OURS.items():
        assert isinstance(load_command_class(app, name), command.BaseCommand), name


@pytest.mark.django_db
def test_a_command_runs_as_before() -> None:
    out = StringIO()
    call_command("plan", "coverage", stdout=out)
    assert out.getvalue()
