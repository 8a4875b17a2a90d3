"""What visits and contacts leave known: the facts still in force today, as `people.observations` would have left them.

Facts that a later visit replaced are not kept: two years of them would be four times the rest. `check` compares what is
in force.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from hutong.policy import circumstances
from hutong.policy.questionnaires import FactFound
from hutong.workbench.demo.answers import ASKED_ON
from hutong.workbench.demo.life import Record
from hutong.workbench.demo.people import Family, Someone

_CONTACT = "last_parent_contact"


@dataclass(slots=True)
class Held:
    """A fact known of somebody; `source_id` is the visit or contact that told it, None for what was registered."""

    of: Someone
    kind: str
    value: dict[str, Any]
    start: date | None
    end: date | None
    source: str
    source_id: UUID | None
    told_on: date

    def on(self, day: date) -> bool:
        """In force on a day?"""
        return (self.start is None or self.start <= day) and (self.end is None or day < self.end)


@dataclass(slots=True)
class _Told:
    """A visit or contact of one child that tells facts."""

    record: Record
    id: UUID
    on: date
    entered_on: date
    source: str
    facts: Sequence[FactFound]


def observe(family: Family, records: Sequence[Record], today: date) -> list[Held]:
    """Go through all visits and contacts in order; date each record's last change; return what holds today."""
    known = [
        Held(fact.of, fact.kind, fact.value, fact.start, None, "", None, family.opened_on) for fact in family.facts
    ]
    for told in sorted(_all(records), key=lambda one: one.on):
        people = {"child": told.record.child, "father": family.adults[0], "mother": family.adults[1]}
        people["carer"] = family.carer or family.adults[1]
        for fact in told.facts:
            if _new(known, people[fact.of], fact, told) and fact.kind != _CONTACT:
                told.record.changed_on = told.on
    return [held for held in known if held.source_id and held.on(today)]


def _all(records: Sequence[Record]) -> Iterator[_Told]:
    for record in records:
        for visit in record.visits:
            if visit.answered:
                yield _Told(record, visit.id, visit.on, visit.entered_on, "visit", visit.answered.facts)
        for week in record.weeks:
            if week.direction == "parent_child" and week.on:
                fact = FactFound("child", _CONTACT, {"on": ASKED_ON})
                yield _Told(record, week.id, week.on, week.on, "contact", [fact])


def _new(known: list[Held], of: Someone, fact: FactFound, told: _Told) -> bool:
    """Add the fact unless it is known; end what it replaces. True when added."""
    held = [one for one in known if one.of is of and one.on(told.on)]
    for one in held:
        if one.kind in fact.ends:
            one.end = told.on
    same = [one for one in held if one.kind == fact.kind]
    value = _dated(fact, told.on)
    until = told.on + timedelta(days=fact.lasts_days) if fact.lasts_days else None
    for one in same:
        if one.value == value:
            one.end = max(one.end, until) if one.end and until else one.end
            return False
    if circumstances.KINDS[fact.kind].single:
        for one in same:
            one.end = told.on
    known.append(Held(of, fact.kind, value, told.on, until, told.source, told.id, told.entered_on))
    return True


def _dated(fact: FactFound, on: date) -> dict[str, Any]:
    """The value, with days counted from the day of the visit instead of the day the pool was worked out for."""
    if fact.kind != _CONTACT:
        return fact.value
    away = date.fromisoformat(ASKED_ON) - date.fromisoformat(fact.value["on"])
    return {"on": (on - away).isoformat()}
