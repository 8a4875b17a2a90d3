"""Many new children at once, as one statement a table: what `persons` and `files` do one by one, for imports.

The same rows result as from the operations (a test holds them equal); the caller opens the transaction and the scope.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection

from hutong.kernel import bulk, reactions
from hutong.kernel.clock import day, now
from hutong.kernel.ids import uuid7
from hutong.kernel.models import Event
from hutong.people import persons, tokens
from hutong.people.files import directors_of
from hutong.people.models import Category, File, Kinship, Person
from hutong.places.codes import county
from hutong.staff.models import User


@dataclass
class NewChild:
    """A child of a list: the person, the guardian if named, and the categories the list claims (codes)."""

    person: Person
    guardian: Person | None = None
    relation: str = "80"
    categories: tuple[str, ...] = ()
    file: File | None = None


def new_person(
    *, division: int, name: str, by: User, at: datetime, sex: str = "0", birth: date | None = None, precision: str = "day",
    id_number: str = "", phone: str = "",
) -> Person:  # fmt: skip
    """A person not yet written, sealed and ready."""
    person = Person(
        id=uuid7(),
        division=division,
        name=name,
        sex=sex,
        birth_date=birth,
        birth_precision=precision,
        synthetic=by.synthetic,
        created_at=at,
    )
    if id_number:
        persons.seal_number(person, id_number)
    persons.set_phone(person, phone)
    return person


def register(children: list[NewChild], *, source: str, by: User, at: datetime) -> None:
    """Write persons, kin, files, proposed categories, tokens and events; then let the rooms above react once."""
    people = list({p.pk: p for child in children for p in (child.person, child.guardian) if p}.values())
    bulk.insert(Person, people)
    bulk.insert(
        Kinship,
        [
            Kinship(
                child=child.person, relative=child.guardian, division=child.person.division, relation=child.relation,
                guardian=True, carer=True, start=day(at), source=source,
            )
            for child in children
            if child.guardian
        ],
    )  # fmt: skip
    _open_files(children, at)
    _propose(children, source, by, at)
    _make_findable(people)
    _record(children, by, at)
    reactions.react("people.files", [child.file.pk for child in children if child.file], by=by, at=at)


def _make_findable(people: list[Person]) -> None:
    # Some twenty words a person: told as one text each, or taking them apart again costs more than writing them.
    words = ["\n".join(sorted(tokens.tokens_of(person.name, id_tail=person.id_tail))) for person in people]
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into people_token (token, division, person_id) select unnest(string_to_array(words, %s)), division, person"
            " from unnest(%s::text[], %s::bigint[], %s::uuid[]) as t(words, division, person)",
            ["\n", words, [person.division for person in people], [person.pk for person in people]],
        )


def _open_files(children: list[NewChild], at: datetime) -> None:
    on = day(at)
    directors = directors_of({child.person.division for child in children}, on)
    last: dict[str, int] = {}
    for child in children:
        prefix = f"{county(child.person.division) // 1_000_000}{on.year}"
        last[prefix] = (last[prefix] if prefix in last else _last(prefix)) + 1
        child.file = File(
            child=child.person, number=f"{prefix}{last[prefix]:06d}", division=child.person.division, opened_on=on,
            director_id=directors.get(child.person.division), synthetic=child.person.synthetic,
        )  # fmt: skip
    bulk.insert(File, [child.file for child in children if child.file])


def _last(prefix: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtext(%s))", [f"file number {prefix}"])
        cursor.execute("select hutong_last_file_number(%s)", [prefix])
        return int(cursor.fetchone()[0])


def _propose(children: list[NewChild], source: str, by: User, at: datetime) -> None:
    bulk.insert(
        Category,
        [
            Category(
                file=child.file, division=child.person.division, kind=kind, basis=source, proposed_by=by, proposed_at=at
            )
            for child in children
            for kind in child.categories
        ],
    )


def _record(children: list[NewChild], by: User, at: datetime) -> None:
    written = now()
    bulk.insert(
        Event,
        [
            Event(
                kind="people.file.opened", subject_kind="people.file", subject_id=child.file.pk, about=child.file.pk,
                division=child.person.division, user_id=by.pk, happened_at=at, entered_at=at, written_at=written,
            )
            for child in children
            if child.file
        ],
    )  # fmt: skip
