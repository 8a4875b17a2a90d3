"""Persons that may be registered twice: found by name, sound and phone, compared by points, kept as pairs for a person to judge.

Owns comparing and the pairs. Points and threshold are policy data; joining two persons is in merges.py.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q
from rapidfuzz.distance import OSA

from hutong.kernel import events
from hutong.kernel.refusals import Refusal
from hutong.kernel.scope import Scope
from hutong.people.models import Kinship, Pair, Person, Token
from hutong.people.tokens import plain_name, readings
from hutong.places.codes import town
from hutong.policy.duplicates import DUPLICATES, score
from hutong.staff.models import User

# More namesakes than this are no evidence of anything.
_MOST = 50
_FAR_DAYS = 730


class JudgedAlready(Refusal):
    """Somebody else judged the pair first."""

    code = "judged_already"


@dataclass(frozen=True, slots=True)
class Known:
    """What is compared of a person. Numbers and phones by their blind index, never in clear."""

    name: str
    birth_date: date | None = None
    birth_precision: str = "day"
    sex: str = "0"
    division: int = 0
    id_key: str | None = None
    kin_names: frozenset[str] = field(default_factory=frozenset)
    phones: frozenset[str] = field(default_factory=frozenset)


def compare(one: Known, other: Known) -> list[str]:
    """Reasons for and against the two being one (keys of policy/duplicates.yaml)."""
    found = [_name(one.name, other.name), _birth(one, other)]
    if "0" not in (one.sex, other.sex) and one.sex != other.sex:
        found.append("sex_differs")
    if one.division == other.division:
        found.append("village_same")
    elif town(one.division) == town(other.division):
        found.append("town_same")
    if one.phones & other.phones:
        found.append("kin_phone")
    if one.kin_names & other.kin_names:
        found.append("kin_name")
    if one.id_key and other.id_key and one.id_key != other.id_key:
        found.append("number_differs")
    return [reason for reason in found if reason]


def _name(one: str, other: str) -> str:
    first, second = plain_name(one), plain_name(other)
    if first == second:
        return "name_same"
    if set(readings(first)) & set(readings(second)):
        return "name_sounds"
    return "name_near" if min(len(first), len(second)) > 1 and OSA.distance(first, second) == 1 else ""


def _birth(one: Known, other: Known) -> str:
    if one.birth_date is None or other.birth_date is None:
        return ""
    first, second = one.birth_date, other.birth_date
    rough = "day" not in (one.birth_precision, other.birth_precision) or one.birth_precision != other.birth_precision
    if rough and (first.year, first.month) == (second.year, second.month):
        return "birth_month"
    if first == second:
        return "birth_same"
    if OSA.distance(f"{first:%Y%m%d}", f"{second:%Y%m%d}") == 1 or _swapped(first, second):
        return "birth_swapped"
    return "birth_far" if abs((first - second).days) > _FAR_DAYS else ""


def _swapped(one: date, other: date) -> bool:
    return (one.year, one.month, one.day) == (other.year, other.day, other.month)


def known(people: Iterable[Person]) -> dict[UUID, Known]:
    """What is compared of several persons, in one query for their kin."""
    rows = {person.pk: person for person in people}
    names: dict[UUID, set[str]] = {pk: set() for pk in rows}
    phones = {pk: {person.phone_key} - {""} for pk, person in rows.items()}
    for kin in Kinship.objects.filter(child__in=rows, end=None).select_related("relative"):
        names[kin.child_id].add(plain_name(kin.relative.name))
        phones[kin.child_id] |= {kin.relative.phone_key} - {""}
    return {
        pk: Known(
            p.name, p.birth_date, p.birth_precision, p.sex, p.division, p.id_key, frozenset(names[pk]),
            frozenset(phones[pk]),
        )
        for pk, p in rows.items()
    }  # fmt: skip


def like(person: Person, scope: Scope) -> list[tuple[Person, int, list[str]]]:
    """Persons of the asker's area that may be the same one, most likely first."""
    plain = plain_name(person.name)
    words = {f"n:{plain}", *(f"p:{''.join(syllables)}" for syllables in readings(plain))}
    tokens = Token.objects.visible_to(scope).filter(token__in=words).values("person_id")
    near = Q(pk__in=tokens)
    if person.birth_date:
        near |= Q(division=person.division, birth_date=person.birth_date)
    rows = Person.objects.visible_to(scope).filter(near, canonical=None).exclude(pk=person.pk).order_by("pk")[:_MOST]
    all_known = known([person, *rows])
    found = []
    for row in rows:
        reasons = compare(all_known[person.pk], all_known[row.pk])
        if score(reasons) >= DUPLICATES.ask_from:
            found.append((row, score(reasons), reasons))
    return sorted(found, key=lambda each: (-each[1], each[0].pk))


@transaction.atomic
def note(*, person: Person, scope: Scope) -> list[Pair]:
    """Keep the likely pairs of a person for somebody to judge. A pair judged before is left as it was judged."""
    open_pairs = []
    for other, points, reasons in like(person, scope):
        first, second = sorted((person, other), key=lambda each: each.pk)
        try:
            pair, _ = Pair.objects.get_or_create(
                first=first, second=second, defaults={"division": person.division, "score": points, "reasons": reasons}
            )
        except IntegrityError:
            continue  # noted in another village before one of them moved: it is judged there
        if pair.state == Pair.State.OPEN:
            open_pairs.append(pair)
    return open_pairs


@transaction.atomic
def distinct(*, pair: Pair, by: User, at: datetime, op: UUID | None = None) -> Pair:
    """They are two people: remembered, and never asked again. Raises JudgedAlready."""
    if events.repeated(op):
        return Pair.objects.get(pk=pair.pk)
    row = locked(pair)
    judge(row, Pair.State.DISTINCT, by=by, at=at)
    tell("people.pair.distinct", row, by=by, at=at, op=op)
    return row


def locked(pair: Pair) -> Pair:
    """The pair, held until the end of the transaction, still to be judged."""
    row = Pair.objects.select_for_update().get(pk=pair.pk)
    if row.state != Pair.State.OPEN:
        raise JudgedAlready(
            "这一对刚刚已由别人判断（%(what)s），没有再改。请刷新后查看。", values={"what": row.get_state_display()}
        )
    return row


def judge(pair: Pair, state: str, *, by: User | None, at: datetime | None) -> None:
    """Write down what was decided, and by whom."""
    pair.state, pair.decided_by, pair.decided_at = state, by, at
    pair.save(update_fields=["state", "decided_by", "decided_at"])


def tell(kind: str, pair: Pair, *, by: User, at: datetime, op: UUID | None, data: dict[str, Any] | None = None) -> None:
    """The event of a judgement."""
    events.record(
        kind=kind, subject=("people.pair", pair.pk), division=pair.division, by=by.pk, at=at, op=op, data=data
    )
