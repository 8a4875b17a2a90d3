"""Facts seen together, at a visit or told in a change report: written at once, unchanged ones left alone.

Owns comparing what was seen with what is known. The caller tells the rooms above once, when all is written.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Greatest

from hutong.kernel.composed import composed
from hutong.kernel.scope import current
from hutong.people import files
from hutong.people.circumstances import BadFact
from hutong.people.models import Circumstance, File, Kinship
from hutong.policy import circumstances
from hutong.staff.models import User

FATHERS, MOTHERS = ("51",), ("52",)
# Dated by the observation itself: seen again tomorrow, it is another value and no change in the child's life.
_ROUTINE = frozenset({"last_parent_contact"})


Key = tuple[UUID, int]


@dataclass(frozen=True, slots=True)
class Seen:
    """One fact as seen. `of`: child, father, mother or carer. `lasts_days`: it holds that long unless seen again.

    `ends`: kinds of facts about the same person that it disproves.
    """

    of: str
    kind: str
    value: Mapping[str, Any] = field(default_factory=dict)
    lasts_days: int | None = None
    ends: tuple[str, ...] = ()


def persons_of(file: File, on: date) -> dict[str, Key]:
    """Id and division of the child, father, mother and carer, as far as they are registered on a day."""
    found: dict[str, Key] = {"child": (file.child_id, file.division)}
    for relation, carer, person, division in _kin(file.child_id, on):
        for name, fits in (("father", relation in FATHERS), ("mother", relation in MOTHERS), ("carer", carer)):
            if fits:
                found[name] = (person, division)
    return found


@composed
def _kin(child: UUID, on: date) -> QuerySet[Kinship, tuple[str, bool, UUID, int]]:
    running = Kinship.objects.filter(Q(start=None) | Q(start__lte=on), Q(end=None) | Q(end__gt=on), child=child)
    return running.order_by("start", "pk").values_list("relation", "carer", "relative_id", "relative__division")


def observe(
    *,
    file: File,
    seen: Iterable[Seen],
    on: date,
    source: str,
    source_id: UUID | None = None,
    by: User,
    at: datetime,
) -> tuple[list[Circumstance], list[Seen]]:
    """Write what is new among `seen`; end what it replaces or disproves. Part of the caller's operation and event.

    Returns the new facts, and those that could not be filed: about somebody not registered, or registered in another
    area. They stay in the answers.
    """
    people, found = persons_of(file, on), list(seen)
    running = _running([key[0] for key in people.values()], on)
    new, unfiled = [], []
    for one in found:
        key = people.get(one.of)
        if key is None or not _ours(key[1]):
            unfiled.append(one)
        elif row := _new(key, one, running.get(key[0], []), on):
            row.source, row.source_id, row.recorded_at, row.recorded_by = source, source_id, at, by.pk
            new.append(row)
    Circumstance.objects.bulk_create(new)
    if any(row.kind not in _ROUTINE for row in new):
        files.touch(file, on=on)
    return new, unfiled


def _ours(division: int) -> bool:
    scope = current()
    return scope.user is None or scope.covers(division)


def _running(people: list[UUID], on: date) -> dict[UUID, list[Circumstance]]:
    """Facts in force on a day, and those that begin later: what happened first may be told last."""
    found: dict[UUID, list[Circumstance]] = {}
    for row in _in_force(people, on):
        found.setdefault(row.person_id, []).append(row)
    return found


@composed
def _in_force(people: list[UUID], on: date) -> QuerySet[Circumstance]:
    rows = Circumstance.objects.filter(Q(end=None) | Q(end__gt=on), person__any=people, withdrawn_at=None)
    return rows.order_by("start", "pk")


def _new(key: Key, seen: Seen, known: list[Circumstance], on: date) -> Circumstance | None:
    if problems := circumstances.problems(seen.kind, seen.value):
        raise BadFact("%(what)s没有保存。", values={"what": problems[0]}, field=seen.kind)
    held = [row for row in known if row.start is None or row.start <= on]
    _end([row for row in held if row.kind in seen.ends], on)
    same = [row for row in held if row.kind == seen.kind]
    if again := [row for row in same if dict(row.value) == dict(seen.value)]:
        _renew(again[0], seen, on)
        return None
    kind = circumstances.KINDS[seen.kind]
    if kind.single:
        _end(same, on)
    return Circumstance(
        person_id=key[0], division=key[1], domain=kind.domain, kind=seen.kind, value=dict(seen.value),
        start=on, end=_until(seen, known, on),
    )  # fmt: skip


def _renew(row: Circumstance, seen: Seen, on: date) -> None:
    """Seen again before it faded: it lasts from here on."""
    if row.end and seen.lasts_days:
        Circumstance.objects.filter(pk=row.pk).update(end=max(row.end, on + timedelta(days=seen.lasts_days)))


def _until(seen: Seen, known: list[Circumstance], on: date) -> date | None:
    """The end of what was seen: when it fades, or when a later fact of a single kind already follows."""
    ends = [on + timedelta(days=seen.lasts_days)] if seen.lasts_days else []
    if circumstances.KINDS[seen.kind].single:
        ends += [row.start for row in known if row.kind == seen.kind and row.start and row.start > on]
    return min(ends, default=None)


def _end(rows: list[Circumstance], on: date) -> None:
    if rows:
        Circumstance.objects.filter(pk__in=[row.pk for row in rows]).update(end=Greatest(on, F("start")))
