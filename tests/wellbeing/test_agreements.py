"""Entrusted care: the law's bars stop it, remarks do not."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

import pytest

from hutong.kernel.refusals import Refusal
from hutong.kernel.states import WrongStep
from hutong.people.models import Kinship
from hutong.wellbeing import agreements
from hutong.wellbeing.models import Agreement
from tests import make

AT = datetime(2026, 11, 23, 2, tzinfo=UTC)
ON = date(2026, 11, 23)
NONE = {"a": False, "b": False, "c": False, "d": False}

pytestmark = pytest.mark.django_db


@pytest.fixture
def home() -> Any:
    class Home:
        lin, zhou = make.lin(), make.zhou()
        file = make.file(zhou)

    make.parents_away(Home.file, Home.zhou)
    Home.carer = Kinship.objects.get(child=Home.file.child, carer=True).relative
    return Home


def drafted(home: Any, **more: Any) -> Agreement:
    given = {"carer": home.carer, "relation": "62", "start": ON, "reason": "父母在苏州务工", "bars": NONE, **more}
    with make.as_(home.lin):
        return agreements.draft(file=home.file, by=home.lin, at=AT, **given)


def active(home: Any, **more: Any) -> Agreement:
    row = drafted(home, **more)
    with make.as_(home.lin):
        agreements.sign(agreement=row, on=ON, by=home.lin, at=AT)
        agreements.notify(agreement=row, village_on=ON, school_on=None, by=home.lin, at=AT)
        return agreements.activate(agreement=row, by=home.lin, at=AT)


def test_an_agreement_goes_from_draft_to_force(home: Any) -> None:
    assert active(home).state == "active"


@pytest.mark.parametrize("bar", "abcd")
def test_each_bar_of_the_law_stops_it(home: Any, bar: str) -> None:  # vector 18 for b
    row = drafted(home, bars={**NONE, bar: True})
    with pytest.raises(agreements.Barred), make.as_(home.lin):
        agreements.sign(agreement=row, on=ON, by=home.lin, at=AT)
    assert Agreement.objects.get().state == "draft"


def test_a_bar_nobody_declared_stops_it_too(home: Any) -> None:
    row = drafted(home, bars={"a": False, "b": False, "c": False})
    with pytest.raises(agreements.Barred, match="声明"), make.as_(home.lin):
        agreements.sign(agreement=row, on=ON, by=home.lin, at=AT)


def test_it_cannot_be_in_force_before_the_village_was_told(home: Any) -> None:
    row = drafted(home)
    with make.as_(home.lin):
        agreements.sign(agreement=row, on=ON, by=home.lin, at=AT)
        with pytest.raises(WrongStep):
            agreements.activate(agreement=row, by=home.lin, at=AT)


def test_a_child_has_one_agreement_in_force(home: Any) -> None:
    active(home)
    second = drafted(home)
    with pytest.raises(agreements.RunsAlready), make.as_(home.lin):
        agreements.sign(agreement=second, on=ON, by=home.lin, at=AT)


def test_a_parent_cannot_be_the_carer(home: Any) -> None:
    with pytest.raises(Refusal, match="父母以外"):
        drafted(home, relation="51")


def test_a_carer_under_eighteen_is_refused(home: Any) -> None:
    brother = make.person(home.zhou, name="张大合", birth_date=date(2009, 1, 1))
    with pytest.raises(agreements.Barred, match="18"):
        drafted(home, carer=brother, relation="71")


def test_age_is_remarked_on_and_does_not_block(home: Any) -> None:
    old = make.person(home.zhou, name="刘老合", birth_date=date(1950, 1, 1))
    row = active(home, carer=old)
    assert any("70" in said for said in agreements.remarks(row, ON))
    assert any("孩子本人的意见" in said for said in agreements.remarks(row, ON))


def test_an_unfit_carer_puts_it_on_alert_and_it_can_end(home: Any) -> None:
    row = active(home)
    with make.as_(home.lin):
        agreements.alert(agreement=row, because="照护人住院", by=home.lin, at=AT)
        agreements.end(agreement=row, on=ON, because="父母另选照护人", by=home.lin, at=AT)
    assert Agreement.objects.get().state == "ended"
    assert drafted(home).state == "draft"


def test_a_step_sent_twice_is_one_step(home: Any) -> None:
    row, op = drafted(home), uuid4()
    with make.as_(home.lin):
        for _ in range(2):
            agreements.sign(agreement=row, on=ON, by=home.lin, at=AT, op=op)
    assert Agreement.objects.get().state == "signed"


def test_it_cannot_be_signed_in_the_future(home: Any) -> None:
    row = drafted(home)
    with pytest.raises(Refusal, match="还没有到"), make.as_(home.lin):
        agreements.sign(agreement=row, on=date(2026, 12, 1), by=home.lin, at=AT)
