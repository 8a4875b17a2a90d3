"""One box: name or part of it, pinyin, initials, last four or the whole identity number, phone, file number, village.

By equality on tokens, under row security, within the asker's area. Each search is an Access row (never its words) and is
rate-limited.
"""

from __future__ import annotations

import re
import unicodedata
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import date, datetime
from functools import reduce
from operator import and_
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet

from hutong.kernel import ciphers, looks, plans
from hutong.kernel.composed import composed
from hutong.kernel.refusals import Refusal
from hutong.kernel.scope import Scope
from hutong.people import identity, tokens
from hutong.people.models import File, Kinship, Person, Token
from hutong.places.models import Alias, Division
from hutong.staff import rates
from hutong.staff.models import User

LIMIT = 100
_WORD = re.compile(r"[\s,，、;；]+")
_ENDING = re.compile(r"(村民委员会|居民委员会|村委会|居委会|社区|村委|村)$")


class Met(NamedTuple):
    """A person as a line of the search's answer: plain, since making a hundred model objects is a fifth of a search."""

    pk: UUID
    division: int
    name: str
    sex: str
    birth_date: date | None
    id_tail: str


class FileOf(NamedTuple):
    """The file a line leads to; `child_id` is somebody else for a member of the child's family."""

    pk: UUID
    number: str
    child_id: UUID
    child_name: str


@dataclass(frozen=True)
class Found:
    """Children and adults found, at most LIMIT; `more` when there were others."""

    people: list[Met]
    more: bool


def search(*, text: str, scope: Scope, by: User, at: datetime) -> Found:
    """Find people of the asker's area. All words must fit. Raises TooOften, Refusal for an empty or overlong text."""
    words = _words(text)
    rates.take("search", user=by.pk, at=at)
    wanted = tuple(_wanted(word, scope) for word in words)
    with _plans(words):
        people = [Met(*row) for row in _fitting(scope, wanted)]
    division = scope.ranges[0][0] if scope.ranges else 0
    looks.look(what="search", subject=None, division=division, by=by.pk, at=at, data={"found": len(people[:LIMIT])})
    return Found(people[:LIMIT], len(people) > LIMIT)


def _plans(words: list[str]) -> AbstractContextManager[None]:
    """One word of a name is found by equality on tokens whatever it is: ten times as long was spent on planning that."""
    return plans.kept() if len(words) == 1 and not any(map(str.isdigit, words[0])) else nullcontext()


def _words(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKC", text).replace("\x00", "").strip()
    if not plain:
        raise Refusal("请先写要找的人：姓名、拼音、身份证后四位、电话、档案号或村名都可以。", field="q")
    if len(plain) > 80:
        raise Refusal("写得太长了，最多80个字。请只写姓名、证件号、电话、档案号或村名。", field="q")
    return [word for word in _WORD.split(plain) if word]


# What a word asks for: groups of tokens, of each of which one must be there; or villages instead; or these persons.
Wanted = tuple[tuple[tuple[str, ...], ...], list[int] | None, list[UUID] | None]


def _wanted(word: str, scope: Scope) -> Wanted:
    upper = identity.normal(word)
    if re.fullmatch(r"\d{17}[\dX]", upper):
        return (), None, [*_keyed(scope, id_key=ciphers.blind(upper, "id_number")), *_numbered(scope, word)]
    if re.fullmatch(r"\+?[\d-]{10,16}", word):
        digits = identity.phone(word)
        reached = _keyed(scope, phone_key=ciphers.blind(digits, "phone"))
        return (), None, [*reached, *_children_of(scope, reached), *_numbered(scope, digits)]
    if re.fullmatch(r"\d{3}[\dX]", upper):
        return ((f"t:{upper}",),), None, None
    if word.isascii():
        letters = re.sub(r"[^a-z]", "", word.lower().replace("ü", "v"))
        return ((f"p:{letters}", f"i:{letters}", f"n:{word.casefold()}"),), None, None
    return _pairs(tokens.plain_name(word)), _villages(word, scope) or None, None


def _pairs(name: str) -> tuple[tuple[str], ...]:
    """A name or a part of one: more than two characters are found by all their pairs, which whole names have too."""
    return tuple((f"n:{name[at : at + 2]}",) for at in range(max(1, len(name) - 1)))


@composed
def _fitting(scope: Scope, words: tuple[Wanted, ...]) -> QuerySet[Person, tuple[Any, ...]]:
    wanted = Q(canonical=None)
    for groups, villages, ids in words:
        named = reduce(and_, (_having(group, scope) for group in groups), Q())
        wanted &= (
            Q(pk__any=ids) if ids is not None else named if villages is None else named | Q(division__any=villages)
        )
    rows = Person.objects.visible_to(scope).filter(wanted).order_by("division", "name", "pk")
    return rows.values_list(*Met._fields)[: LIMIT + 1]


def _having(words: tuple[str, ...], scope: Scope) -> Q:
    found: QuerySet[Token] = Token.objects.visible_to(scope).filter(token__in=words)
    return Q(pk__in=found.values("person_id"))


# Exact keys are looked up one after the other, each by its index. Joined by OR in one statement, row security has the
# database read every relative of every child first: 13 seconds in a county of 6,000 files.
def _keyed(scope: Scope, **key: str) -> list[UUID]:
    return list(Person.objects.visible_to(scope).filter(**key).values_list("pk", flat=True)[:LIMIT])


def _children_of(scope: Scope, people: list[UUID]) -> list[UUID]:
    kin = Kinship.objects.visible_to(scope).filter(relative__in=people)
    return list(kin.values_list("child_id", flat=True)[:LIMIT])


def _numbered(scope: Scope, number: str) -> list[UUID]:
    return list(File.objects.visible_to(scope).filter(number=number).values_list("child_id", flat=True))


def _villages(word: str, scope: Scope) -> list[int]:
    short = _ENDING.sub("", word)
    if len(short) < 2:
        return []
    with plans.kept():
        places = _places(scope, word, short)
    return [below for code, level in places for below in _below(code, level)]


@composed
def _places(scope: Scope, word: str, short: str) -> QuerySet[Division, tuple[int, int]]:
    within = Division.objects.visible_to(scope).filter(level__gte=Division.Level.TOWN)
    alias = Alias.objects.filter(name__in=(word, short)).values("division")
    return within.filter(Q(name=word) | Q(short_name=short) | Q(code__in=alias)).values_list("code", "level")


def _below(code: int, level: int) -> list[int]:
    if level == Division.Level.VILLAGE:
        return [code]
    return list(Division.objects.filter(parent=code).values_list("code", flat=True))


@plans.kept()
def files_of(people: list[Met]) -> dict[UUID, FileOf]:
    """The open or last file of each child among the people, and for an adult that of a child they belong to."""
    ids = [person.pk for person in people]
    child_of = dict(_children(ids))
    files = [FileOf(*row) for row in _files([*ids, *child_of.values()])]
    by_child = {file.child_id: file for file in files}
    found = {person: by_child[child] for person, child in child_of.items() if child in by_child}
    return {**found, **{child: by_child[child] for child in ids if child in by_child}}


@composed
def _children(relatives: list[UUID]) -> QuerySet[Kinship, tuple[UUID, UUID]]:
    rows = Kinship.objects.filter(relative__any=relatives).order_by("start", "pk")
    return rows.values_list("relative_id", "child_id")


@composed
def _files(children: list[UUID]) -> QuerySet[File, tuple[UUID, str, UUID, str]]:
    rows = File.objects.filter(child__any=children).order_by("opened_on", "pk")
    return rows.values_list("pk", "number", "child_id", "child__name")


def point_out(*, id_number: str, name: str, by: User, at: datetime) -> Division | None:
    """The county that keeps an out-of-area file of a child, for who knows both the whole number and the name.

    Never for restricted files; rate-limited; the database itself writes the Access row.
    """
    rates.take("pointer", user=by.pk, at=at)
    read = identity.read_id(id_number)
    if read.problems:
        raise Refusal(
            "身份证号有问题：%(what)s。没有查询，请核对后再填。", values={"what": read.problems[0]}, field="id_number"
        )
    with connection.cursor() as cursor:
        cursor.execute(
            "select county from hutong_point_out(%s, %s)", [ciphers.blind(read.number, "id_number"), name.strip()]
        )
        row = cursor.fetchone()
    return Division.objects.get(code=row[0]) if row else None
