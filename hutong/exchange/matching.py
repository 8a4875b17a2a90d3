"""Who a row is: the same person, a changed one, somebody new, or unsure and for a person to decide."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q
from django.db.models.expressions import RawSQL

from hutong.kernel import bulk, ciphers
from hutong.kernel.sentences import Sentence
from hutong.people.models import Category, File, Kinship, Person
from hutong.policy import codes

SEXES = {"男": "1", "女": "2"}


@dataclass
class Match:
    """`kind`: new, same, changed, unsure, elsewhere. `changes`: field → what the row says now."""

    kind: str
    person: UUID | None = None
    changes: dict[str, Any] = field(default_factory=dict)
    sentence: Sentence | None = None


def match(rows: list[dict[str, Any]]) -> list[Match]:
    """Match parsed fields of good rows, in a handful of queries for all of them, under the officer's own rights."""
    keys = [ciphers.blind(row["id_number"], "id_number") if row["id_number"] else "" for row in rows]
    places = _known(key for key in keys if key)
    by_name = _by_name(row for row in rows)
    found: list[Match] = []
    for row, key in zip(rows, keys, strict=True):
        found.append(
            _one(row, places.get(key) if key else None, by_name.get((row["name"], _day(row["birth_date"])), []))
        )
    _compare(rows, found)
    return found


def _known(keys: Iterable[str]) -> dict[str, tuple[str, UUID | None]]:
    """Blind index → ("here", person) or ("elsewhere", None), through the narrow door."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select w.key, m.place, m.person from unnest(%s::text[]) as w(key) cross join lateral hutong_match_identifier(w.key) m",
            [bulk.array(list(keys))],
        )
        return {key: (place, person) for key, place, person in cursor.fetchall()}


def _day(text: str | None) -> date | None:
    """The stored birth date of a row: the first of the month when only the month is known."""
    return date.fromisoformat(text if len(text) == 10 else f"{text}-01") if text else None


def _by_name(rows: Iterable[dict[str, Any]]) -> dict[tuple[str, date | None], list[Person]]:
    # One value for the database, not one a name.
    names = RawSQL("select unnest(%s::text[])", [bulk.array(list({row["name"] for row in rows}))])
    people = (
        Person.objects.filter(name__in=names, canonical=None, files__in=File.objects.filter(closed_on=None))
        .order_by("pk")
        .distinct()
    )
    found: dict[tuple[str, date | None], list[Person]] = {}
    for person in people.iterator(chunk_size=5000):
        found.setdefault((person.name, person.birth_date), []).append(person)
    return found


def _one(row: dict[str, Any], known: tuple[str, UUID | None] | None, namesakes: list[Person]) -> Match:
    if known and known[0] == "elsewhere":
        return Match("elsewhere", sentence=Sentence("这个身份证号在其他县区已有登记，请先与对方县区核对"))
    if known:
        return Match("same", known[1])
    here = [person for person in namesakes if str(person.division) == row["division"]]
    if row["id_number"]:
        if any(person.id_key is None for person in here):
            return Match(
                "unsure",
                here[0].pk,
                sentence=Sentence("本村已有同名同生日、没有身份证号的孩子，可能是同一人，请核对后决定"),
            )
        return Match("new")
    if len(here) == 1:
        return Match("same", here[0].pk)
    if namesakes:
        return Match(
            "unsure", namesakes[0].pk, sentence=Sentence("本县已有同名同生日的孩子，可能是同一人，请核对后决定")
        )
    return Match("new")


def _compare(rows: list[dict[str, Any]], found: list[Match]) -> None:
    ids = [m.person for m in found if m.kind == "same" and m.person]
    people = {person.pk: person for person in Person.objects.filter(pk__in=ids)}
    kin: dict[UUID, Kinship] = {}
    for each in (
        Kinship.objects.filter(Q(carer=True) | Q(guardian=True), child__in=ids, end=None)
        .select_related("relative")
        .order_by("carer", "pk")
    ):
        kin[each.child_id] = each
    kinds: dict[UUID, set[str]] = {}
    for child, kind in Category.objects.filter(
        file__child__in=ids, state__in=("proposed", "confirmed"), end=None
    ).values_list("file__child_id", "kind"):
        kinds.setdefault(child, set()).add(kind)
    for row, m in zip(rows, found, strict=True):
        if m.kind == "same" and m.person and m.person in people:
            m.changes = changes(row, people[m.person], kin.get(m.person), kinds.get(m.person, set()))
            m.kind = "changed" if m.changes else "same"


def changes(row: dict[str, Any], person: Person, carer: Kinship | None, kinds: set[str]) -> dict[str, Any]:
    """What the row says that the register does not; an empty cell says nothing."""
    found: dict[str, Any] = {}
    if row["name"] != person.name:
        found["name"] = row["name"]
    if row["sex"] and SEXES[row["sex"]] != person.sex:
        found["sex"] = row["sex"]
    if row["birth_date"] and len(row["birth_date"]) == 10 and _day(row["birth_date"]) != person.birth_date:
        found["birth_date"] = row["birth_date"]
    if row["division"] != str(person.division):
        found["division"] = row["division"]
    if row["guardian"] and (carer is None or row["guardian"] != carer.relative.name):
        found["guardian"] = row["guardian"]
    elif row["phone"] and carer and ciphers.blind(row["phone"], "phone") != carer.relative.phone_key:
        found["phone"] = row["phone"]
    if new := [
        label for label in (row["category"] or "").split("、") if label and codes.find("category", label) not in kinds
    ]:
        found["category"] = "、".join(new)
    return found
