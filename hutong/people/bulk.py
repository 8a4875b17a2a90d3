"""Many new children at once, as one statement a table: what `persons` and `files` do one by one, for imports.

The same rows result as from the operations (a test holds them equal); the caller opens the transaction and the scope.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from operator import attrgetter
from typing import Any
from uuid import UUID

from django.db import connection

from hutong.kernel import bulk, reactions
from hutong.kernel.bulk import Same
from hutong.kernel.clock import day, now
from hutong.kernel.ids import uuid7
from hutong.kernel.models import Event
from hutong.people import persons, tokens
from hutong.people.files import directors_of
from hutong.people.models import Category, File, Kinship, Person
from hutong.places.codes import county
from hutong.staff.models import User


@dataclass(slots=True)
class NewPerson:
    """A person not yet written, sealed and ready. Named as the columns are, because it becomes a row of them."""

    division: int
    name: str
    sex: str = "0"
    birth_date: date | None = None
    birth_precision: str = "day"
    id_sealed: bytes | None = None
    id_key: str | None = None
    id_tail: str = ""
    phone_sealed: bytes | None = None
    phone_key: str = ""
    id: UUID = field(default_factory=uuid7)


@dataclass(slots=True)
class NewChild:
    """A child of a list: the person, the guardian if named, and the categories the list claims (codes)."""

    person: NewPerson
    guardian: NewPerson | None = None
    relation: str = "80"
    categories: tuple[str, ...] = ()
    file: UUID = field(default_factory=uuid7)


_PERSON = tuple(NewPerson.__dataclass_fields__)


def new_person(
    *, division: int, name: str, sex: str = "0", birth: date | None = None, precision: str = "day", id_number: str = "",
    phone: str = "",
) -> NewPerson:  # fmt: skip
    """A person not yet written, sealed and ready."""
    person = NewPerson(division, name, sex, birth, precision)
    if id_number:
        person.id_sealed, person.id_key, person.id_tail = persons.sealed_number(id_number)
    person.phone_sealed, person.phone_key = persons.sealed_phone(phone)
    return person


def register(children: list[NewChild], *, source: str, by: User, at: datetime) -> None:
    """Write persons, kin, files, proposed categories, tokens and events; then let the rooms above react once."""
    people = list({p.id: p for child in children for p in (child.person, child.guardian) if p}.values())
    own = {name: list(map(attrgetter(name), people)) for name in _PERSON}
    bulk.insert_columns(Person, {**own, "synthetic": Same(by.synthetic), "created_at": Same(at)}, len(people))
    _relate([child for child in children if child.guardian], source, at)
    _open_files(children, by, at)
    _propose([(child, kind) for child in children for kind in child.categories], source, by, at)
    _make_findable(people)
    _record(children, by, at)
    reactions.react("people.files", [child.file for child in children], by=by, at=at)


def _relate(children: list[NewChild], source: str, at: datetime) -> None:
    bulk.insert_columns(
        Kinship,
        {
            **_told(children, child_id="person.id", relative_id="guardian.id", division="person.division", relation="relation"),
            "guardian": Same(True), "carer": Same(True), "start": Same(day(at)), "source": Same(source),
        },
        len(children),
    )  # fmt: skip


def _told(children: list[NewChild], **columns: str) -> dict[str, list[Any] | Same]:
    return {name: list(map(attrgetter(path), children)) for name, path in columns.items()}


def _make_findable(people: list[NewPerson]) -> None:
    # Some twenty words a person: told as one text each, or taking them apart again costs more than writing them.
    words = ["\n".join(sorted(tokens.tokens_of(person.name, id_tail=person.id_tail))) for person in people]
    bulk.execute(
        "insert into people_token (token, division, person_id) select unnest(string_to_array(words, E'\\n')), division, person"
        " from unnest(%s::text[], %s::bigint[], %s::uuid[]) as t(words, division, person)",
        [bulk.array(words), bulk.array([person.division for person in people]), bulk.array([person.id for person in people])],
    )  # fmt: skip


def _open_files(children: list[NewChild], by: User, at: datetime) -> None:
    on = day(at)
    directors = directors_of({child.person.division for child in children}, on)
    last: dict[str, int] = {}
    numbers = []
    for child in children:
        prefix = f"{county(child.person.division) // 1_000_000}{on.year}"
        last[prefix] = (last[prefix] if prefix in last else _last(prefix)) + 1
        numbers.append(f"{prefix}{last[prefix]:06d}")
    bulk.insert_columns(
        File,
        {
            **_told(children, id="file", child_id="person.id", division="person.division"), "number": numbers,
            "opened_on": Same(on), "director_id": [directors.get(child.person.division) for child in children],
            "synthetic": Same(by.synthetic),
        },
        len(children),
    )  # fmt: skip


def _last(prefix: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtext(%s))", [f"file number {prefix}"])
        cursor.execute("select hutong_last_file_number(%s)", [prefix])
        return int(cursor.fetchone()[0])


def _propose(claims: list[tuple[NewChild, str]], source: str, by: User, at: datetime) -> None:
    bulk.insert_columns(
        Category,
        {
            **_told([child for child, _ in claims], file_id="file", division="person.division"),
            "kind": [kind for _, kind in claims], "basis": Same(source), "proposed_by_id": Same(by.pk), "proposed_at": Same(at),
        },
        len(claims),
    )  # fmt: skip


def _record(children: list[NewChild], by: User, at: datetime) -> None:
    bulk.insert_columns(
        Event,
        {
            **_told(children, subject_id="file", about="file", division="person.division"),
            "kind": Same("people.file.opened"), "subject_kind": Same("people.file"), "user_id": Same(by.pk),
            "happened_at": Same(at), "entered_at": Same(at), "written_at": Same(now()),
        },
        len(children),
    )  # fmt: skip
