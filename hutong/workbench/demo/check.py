"""Holds bulk rows against the operations: the same families loaded both ways, in a transaction that is taken back.

Compared field by field: persons, kinship, households, addresses, facts in force, files, categories, visits, answers,
attempts, contacts, agreements, flags, search tokens. Left aside, and said so: ids and moments, identity and phone numbers
(each exists once), file numbers, what no operation writes (LEFT_ASIDE), and facts that later visits replaced.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from itertools import islice
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Model, Q, QuerySet

from hutong.people.models import (
    Address,
    Category,
    Circumstance,
    File,
    Household,
    HouseholdMember,
    Kinship,
    Person,
    Token,
)
from hutong.wellbeing.models import Agreement, Answer, Attempt, Contact, Flag, Visit
from hutong.workbench.bulk import Load
from hutong.workbench.demo import county, names, rows
from hutong.workbench.demo.replay import Replay

LEFT_ASIDE = {"File": {"school_id", "completeness", "priority"}}
_NEVER = {
    "id", "number", "id_sealed", "id_key", "id_tail", "phone_sealed", "phone_key", "created_at", "recorded_at", "proposed_at",
    "decided_at", "entered_at", "raised_at", "closed_at", "version", "person_id", "child_id", "relative_id", "household_id",
    "file_id", "visit_id", "carer_id", "source_id", "recorded_by",
}  # fmt: skip
_NO_TAIL = ~Q(token__startswith="t:")


class _Undo(Exception):
    """Takes the whole check back."""


def check(*, families: int, seed: int, today: date) -> list[str]:
    """Load `families` families of the loaded county's first villages both ways. Returns the differences; none is well."""
    found: list[str] = []
    try:
        with transaction.atomic():
            found += _differences(families, seed, today)
            raise _Undo
    except _Undo:
        return found


def _differences(families: int, seed: int, today: date) -> Iterator[str]:
    numbers = names.Numbers()
    loaded = county.loaded()
    staff = county.hire(int(loaded.data["seed"]) if loaded else seed, numbers)
    plan = county.Plan(files=6000, seed=seed + 1_000_003, today=today, depth=county.life.Depth())
    # Drawn twice from the same seed: the same people with numbers of their own.
    bulk = list(islice(county.families(plan, names.Numbers(first=100), staff), families))
    again = list(islice(county.families(plan, names.Numbers(first=200), staff), families))
    load = Load(rows.TABLES)
    for _ in county.stage(plan, load, bulk, first_number=500_000):
        pass
    load.insert()
    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")
        cursor.execute("set constraints all deferred")
    for one, other in zip(bulk, again, strict=True):
        replayed = Replay(other)
        ids = {person.id: replayed.people[twin.id].pk for person, twin in _twins(one, other)}
        yield from _compare(one, ids, today)


def _twins(one: county.Drawn, other: county.Drawn) -> Iterator[tuple[Any, Any]]:
    yield from zip(one.family.children + one.family.adults, other.family.children + other.family.adults, strict=True)


def _compare(drawn: county.Drawn, ids: dict[UUID, UUID], today: date) -> Iterator[str]:
    left, right = list(ids), list(ids.values())
    for name, rows_of in _SETS.items():
        bulk = Counter(_plain(row, name) for row in rows_of(left, today))
        operations = Counter(_plain(row, name) for row in rows_of(right, today))
        for row in (bulk - operations).elements():
            yield f"{drawn.family.household} {name} only in bulk: {row}"
        for row in (operations - bulk).elements():
            yield f"{drawn.family.household} {name} only by operations: {row}"


def _plain(row: Model, name: str) -> str:
    aside = _NEVER | LEFT_ASIDE.get(name, set())
    fields = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    if "facts" in fields:  # what a rule used, without the ids of the facts
        fields["facts"] = [{key: value for key, value in fact.items() if key != "id"} for fact in fields["facts"]]
    if "phone_key" in fields:
        fields["has_phone"], fields["has_number"] = bool(fields["phone_key"]), bool(fields["id_key"])
    return repr(sorted((key, value) for key, value in fields.items() if key not in aside))


def _files(children: list[UUID]) -> QuerySet[File]:
    return File.objects.filter(child__in=children)


def _in_force(people: list[UUID], today: date) -> QuerySet[Circumstance]:
    return Circumstance.objects.filter(Q(end=None) | Q(end__gt=today), person__in=people, withdrawn_at=None)


_SETS: dict[str, Any] = {
    "Person": lambda ids, _: Person.objects.filter(pk__in=ids),
    "Token": lambda ids, _: Token.objects.filter(_NO_TAIL, person__in=ids),
    "Kinship": lambda ids, _: Kinship.objects.filter(child__in=ids),
    "Household": lambda ids, _: Household.objects.filter(members__person__in=ids).distinct(),
    "HouseholdMember": lambda ids, _: HouseholdMember.objects.filter(person__in=ids),
    "Address": lambda ids, _: Address.objects.filter(person__in=ids),
    "Circumstance": _in_force,
    "File": lambda ids, _: _files(ids),
    "Category": lambda ids, _: Category.objects.filter(file__in=_files(ids)),
    "Visit": lambda ids, _: Visit.objects.filter(file__in=_files(ids)),
    "Answer": lambda ids, _: Answer.objects.filter(file__in=_files(ids)),
    "Attempt": lambda ids, _: Attempt.objects.filter(file__in=_files(ids)),
    "Contact": lambda ids, _: Contact.objects.filter(file__in=_files(ids)),
    "Agreement": lambda ids, _: Agreement.objects.filter(file__in=_files(ids)),
    "Flag": lambda ids, _: Flag.objects.filter(file__in=_files(ids)),
}
