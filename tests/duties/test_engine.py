"""Two engines, one meaning: the plain one for one file and the set-based one for all agree on random lives."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import cycle, islice
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hutong.duties import engine, operations
from hutong.duties.engine import Facts, Owed
from hutong.duties.numbers import parameters
from hutong.kernel.clock import week
from hutong.kernel.scope import acting
from hutong.people.models import Category, Circumstance, File, Kinship, Person
from hutong.policy.calendar import calendar
from hutong.staff.models import User
from hutong.wellbeing.models import Agreement, Contact, Visit
from tests import make

START = date(2026, 1, 5)
_DAYS = st.integers(0, 300).map(lambda n: START + timedelta(days=n))
_DIRECTIONS = ("parent_child", "parent_carer")


def _weeks(kept: list[tuple[bool, bool, int | None]]) -> dict[tuple[date, str], tuple[str, int | None]]:
    return {
        (START + timedelta(weeks=n), direction): ("done" if done else "missed", offset)
        for n, (child, carer, offset) in enumerate(islice(cycle(kept), 43 if kept else 0))
        for direction, done in zip(_DIRECTIONS, (child, carer), strict=True)
    }


def _lives(pool: list[date]) -> st.SearchStrategy[dict[str, Any]]:
    """All days of one life come from a few: what happens on the same day is where two engines would part."""
    days = st.sampled_from(pool)
    return st.fixed_dictionaries(
        {
            "attention": st.sampled_from(["green", "blue", "yellow", "red"]),
            "attention_on": st.none() | days,
            "priority": st.booleans(),
            "raised": st.none() | days,
            "fair": st.booleans(),
            "visits": st.frozensets(days, max_size=5),
            "mind": st.none() | days,
            "carer": st.none() | days,
            "behind": st.none() | days,
            "agreement": st.none() | st.tuples(st.sampled_from(["draft", "signed", "active", "ended"]), days),
            "contacts": st.lists(
                st.tuples(*[st.sampled_from([True, True, False])] * 2, st.none() | st.integers(0, 6)), max_size=9
            ).map(_weeks),
            "urged": st.frozensets(days, max_size=2),
            "changed_on": st.none() | days,
            "updated_on": st.none() | days,
            "rechecked_on": st.none() | days,
            "on": days | _DAYS,
        }
    )


LIVES = st.lists(_DAYS, min_size=2, max_size=7).flatmap(_lives)


def _noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=ZoneInfo("Asia/Shanghai"))


def _live(life: dict[str, Any], by: User) -> tuple[File, Facts]:
    """Write the rows of a life, and tell the same life as facts."""
    child = Person.objects.create(division=make.HERE, name="童合成", created_at=_noon(START))
    other = Person.objects.create(division=make.HERE, name="成人合成", created_at=_noon(START))
    columns = {k: life[k] for k in ("attention", "attention_on", "priority", "updated_on", "rechecked_on")}
    file = File.objects.create(
        child=child, number="F1", division=make.HERE, opened_on=START, last_changed_on=life["changed_on"], **columns
    )
    base: dict[str, Any] = {"file": file, "division": make.HERE}
    events = []
    for kind, day, value in (
        ("disability", life["raised"], {"class": "1", "grade": "4"}),
        ("mind_anomaly", life["mind"], {}),
    ):
        if day:
            row = Circumstance.objects.create(
                person=child,
                division=make.HERE,
                domain="health",
                kind=kind,
                value=value,
                start=day,
                source="t",
                recorded_at=_noon(day),
            )
            if kind == "mind_anomaly" and day <= life["on"]:
                events.append((f"mind_anomaly:{row.pk}", day))
    if life["fair"]:
        Circumstance.objects.create(
            person=child, division=make.HERE, domain="case", kind="guardianship_grade", value={"grade": "insufficient"}, start=START,
            source="t", recorded_at=_noon(START),
        )  # fmt: skip
    if life["carer"]:
        kin = Kinship.objects.create(
            child=child, relative=other, division=make.HERE, relation="62", carer=True, start=life["carer"], source="t"
        )
        events.append((f"carer:{kin.pk}", life["carer"]))
    behind, contacts = _care(life, base, other, by)
    raising = [day for day in (life["raised"], life["mind"]) if day and day <= life["on"]]
    facts = Facts(
        opened_on=START, attention=life["attention"], attention_on=life["attention_on"], priority=life["priority"],
        raised_since=max(raising, default=None), fair=life["fair"], visits=life["visits"], events=tuple(events), behind=tuple(behind),
        agreements=(life["agreement"],) if life["agreement"] else (), contacts=contacts, urged=life["urged"],
        changed_on=life["changed_on"], updated_on=life["updated_on"], rechecked_on=life["rechecked_on"],
    )  # fmt: skip
    return file, facts


def _care(life: dict[str, Any], base: dict[str, Any], other: Person, by: User) -> tuple[list[Any], dict[Any, Any]]:
    """Visits, category, agreement and contacts of a life."""
    for day in life["visits"]:
        Visit.objects.create(
            **base, occurred_on=day, entered_at=_noon(day), by=by, questionnaire="home_visit", questionnaire_version=1
        )
    behind = []
    if life["behind"]:
        category = Category.objects.create(
            **base,
            kind="LEFT_BEHIND",
            state="confirmed",
            start=life["behind"],
            proposed_at=_noon(START),
            decided_by=by,
            decided_at=_noon(START),
        )
        behind.append((str(category.pk), life["behind"]))
    if life["agreement"]:
        state, day = life["agreement"]
        Agreement.objects.create(
            **base,
            carer=other,
            relation="62",
            state=state,
            start=day,
            signed_on=day,
            reason="外出务工",
            created_at=_noon(day),
        )
    contacts = {}
    for (monday, direction), (state, offset) in life["contacts"].items():
        day = None if offset is None else monday + timedelta(days=offset)
        Contact.objects.create(
            **base, direction=direction, week=week(monday), state=state, occurred_on=day, entered_at=_noon(START), by=by
        )
        contacts[(week(monday), direction)] = (state, day)
    for day in life["urged"]:
        Contact.objects.create(
            **base,
            direction="director_parent",
            week=week(day),
            state="done",
            occurred_on=day,
            entered_at=_noon(day),
            by=by,
        )
    return behind, contacts


def _by_statement(file: File, on: date) -> list[Owed]:
    statement = (Path(operations.__file__).parent / "candidates.sql").read_text()
    with acting(operations.CLERK), connection.cursor() as cursor:
        cursor.execute(
            f"{statement} select obligation, period_key, opens_on, due_on, done_on, state from owed_now",
            {**parameters(on), "only": [file.pk], "at": _noon(on), "version": "t"},
        )
        return sorted((Owed(*row) for row in cursor.fetchall()), key=str)


@pytest.mark.django_db
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(life=LIVES)
def test_both_engines_owe_the_same_on_any_life(life: dict[str, Any]) -> None:
    with transaction.atomic():
        file, facts = _live(life, make.user("director", make.HERE))
        expected = sorted(engine.owed(facts, life["on"], calendar()), key=str)
        assert _by_statement(file, life["on"]) == expected
        transaction.set_rollback(True)


@pytest.mark.django_db
def test_both_engines_owe_the_same_on_every_day_of_a_file_nobody_visits() -> None:
    """The days on which a duty turns late or missed are single days: random lives hit them too seldom."""
    life: dict[str, Any] = dict.fromkeys(
        ("attention_on", "raised", "mind", "carer", "changed_on", "updated_on", "rechecked_on")
    )
    life |= {"attention": "green", "priority": False, "fair": False, "visits": frozenset(), "urged": frozenset()}
    life |= {"behind": START, "agreement": None, "on": START}
    life["contacts"] = {(START, direction): ("done", 3) for direction in _DIRECTIONS}
    file, facts = _live(life, make.user("director", make.HERE))
    for day in (START + timedelta(days=n) for n in range(120)):
        assert _by_statement(file, day) == sorted(engine.owed(facts, day, calendar()), key=str), day
