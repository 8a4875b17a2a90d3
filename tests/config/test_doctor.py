"""The doctor finds what is wrong, in words that say what to do."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import Error, connection

from hutong.config import doctor

pytestmark = pytest.mark.django_db
ON = date(2026, 11, 23)


def test_it_calls_a_sound_database_well() -> None:
    for check in (doctor.server, doctor.roles, doctor.structure, doctor.row_security, doctor.calendar_known):
        assert check(ON).well is True, check(ON)


def test_it_names_a_table_without_row_security() -> None:
    with connection.cursor() as cursor:
        cursor.execute("alter table people_person disable row level security")
    finding = doctor.row_security(ON)
    assert finding.well is False
    assert "people_person" in finding.text


def test_it_names_a_table_whose_policies_are_gone() -> None:
    with connection.cursor() as cursor:
        cursor.execute("select polname from pg_policy where polrelid = 'people_file'::regclass")
        for (name,) in cursor.fetchall():
            cursor.execute(f"drop policy {name} on people_file")
    assert "people_file" in doctor.row_security(ON).text


def test_it_misses_a_year_without_holidays() -> None:
    finding = doctor.calendar_known(date(2031, 5, 1))
    assert finding.well is False
    assert "2031" in finding.text


def test_it_notices_a_structure_that_is_older_than_the_program() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "delete from django_migrations where app = 'wellbeing' and name ="
            " (select max(name) from django_migrations where app = 'wellbeing')"
        )
    assert doctor.structure(ON).well is False


def test_a_check_that_cannot_run_is_named_in_chinese(monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(on: date) -> doctor.Finding:
        raise Error("relation does not exist")

    for name in ("machine", "keys", "policy", "row_security", "assets"):
        gone.__name__ = name
        monkeypatch.setattr(doctor, name, gone)
        found = [finding for finding in doctor.examine(ON) if "没有应答" in finding.text]
        assert found and not [finding.name for finding in found if finding.name.isascii()], name
        monkeypatch.undo()
