"""A file's completeness follows what is there."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from hutong.people.models import File
from hutong.wellbeing import completeness, contacts, operations
from tests import make

AT = datetime(2026, 11, 23, 2, tzinfo=UTC)
ON = date(2026, 11, 23)

pytestmark = pytest.mark.django_db


def missing(file: File) -> set[str]:
    return set(completeness.of(file, ON).missing)


def test_a_new_file_has_its_figure_at_once_and_says_what_is_missing() -> None:
    make.lin()
    file = make.file(make.zhou())
    file.refresh_from_db()
    assert file.completeness == completeness.of(file, ON).percent
    assert missing(file) == {"category", "father", "mother", "carer", "first_visit", "school"}


def test_each_record_adds_its_item() -> None:
    lin, zhou, qin = make.lin(), make.zhou(), make.qin()
    file = make.file(zhou)
    make.parents_away(file, zhou)
    make.left_behind(file, zhou, qin)
    assert missing(file) == {"carer", "agreement", "first_visit", "contact", "school"}  # the carer has no phone
    with make.as_(lin):
        operations.record_visit(
            file=file, occurred_on=ON, answers={"seen": ["child"], "lives_with": "same", "study": "in"}, by=lin, at=AT
        )
        contacts.record_contact(file=file, direction="parent_child", week_key="2026-W47", state="done", by=lin, at=AT)
    assert missing(file) == {"carer", "agreement"}
    before = File.objects.get(pk=file.pk).completeness
    assert before == completeness.of(file, ON).percent


@pytest.mark.parametrize("who", ["lin", "wu", "zhou"])
def test_the_figure_is_the_same_for_everybody_who_works_with_the_child(who: str) -> None:
    people: dict[str, Any] = {"lin": make.lin(), "wu": make.wu(), "zhou": make.zhou()}
    file = make.file(people["zhou"])
    make.parents_away(file, people["zhou"])
    file.refresh_from_db()
    with make.as_(people[who]):
        assert completeness.of(file, ON).percent == file.completeness
