"""From drawn families and records to table rows: the columns of each table, and what the rooms' operations would have written.

`check` holds these rows against the operations themselves.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from uuid import UUID

from hutong.kernel import ciphers
from hutong.policy import circumstances
from hutong.workbench.bulk import Load
from hutong.workbench.demo.life import Record, Went
from hutong.workbench.demo.people import Belonging, Family, Someone, uid
from hutong.workbench.demo.staffing import Worker

SOURCE = "demo"
TABLES: dict[str, tuple[str, ...]] = {
    "staff_user": (
        "id", "password", "username", "name", "phone", "email", "language", "large_type", "shortcuts", "is_active", "synthetic",
        "slip_hash", "created_at",
    ),
    "staff_post": ("id", "user_id", "role", "organisation_id", "division", "start"),
    "people_person": (
        "id", "division", "name", "sex", "birth_date", "birth_precision", "ethnicity", "id_sealed", "id_key", "id_tail",
        "phone_sealed", "phone_key", "hukou_division", "hukou_kind", "restricted", "synthetic", "version", "created_at",
    ),
    "people_kinship": ("id", "child_id", "relative_id", "division", "relation", "guardian", "carer", "source"),
    "people_household": ("id", "division", "address", "source"),
    "people_householdmember": ("id", "household_id", "person_id", "division", "start"),
    "people_address": ("id", "person_id", "division", "at_division", "detail", "start", "source"),
    "people_circumstance": (
        "id", "person_id", "division", "domain", "kind", "value", "start", "source", "recorded_at", "recorded_by",
    ),
    "people_file": (
        "id", "number", "child_id", "division", "opened_on", "close_reason", "director_id", "school_id", "attention",
        "attention_rank", "attention_because", "priority", "completeness", "last_visit_on", "last_changed_on", "restricted",
        "synthetic", "version",
    ),
    "people_category": (
        "id", "file_id", "division", "kind", "basis", "state", "start", "rule_version", "facts", "missing", "evidence",
        "proposed_by_id", "proposed_at", "decided_by_id", "decided_at", "reason",
    ),
    "people_token": ("token", "division", "person_id"),
    "wellbeing_visit": (
        "id", "file_id", "division", "occurred_on", "entered_at", "by_id", "questionnaire", "questionnaire_version",
        "child_seen", "attention", "next_on", "synthetic",
    ),
    "wellbeing_answer": ("id", "visit_id", "file_id", "division", "domain", "answers"),
    "wellbeing_attempt": ("id", "file_id", "division", "occurred_on", "entered_at", "by_id", "reason", "synthetic"),
    "wellbeing_contact": (
        "id", "file_id", "division", "direction", "week", "state", "occurred_on", "channel", "told_by", "note", "entered_at",
        "by_id", "synthetic",
    ),
    "wellbeing_agreement": (
        "id", "file_id", "division", "carer_id", "relation", "state", "start", "reason", "child_opinion", "bars", "signed_on",
        "school_told_on", "village_told_on", "end_reason", "created_by_id", "created_at", "synthetic",
    ),
    "wellbeing_flag": (
        "id", "file_id", "division", "domain", "kind", "severity", "text", "source_kind", "source_id", "raised_at",
        "raised_by_id", "closed_at", "closed_by_id", "outcome",
    ),
}  # fmt: skip


@dataclass(slots=True)
class Hands:
    """Who wrote a family's rows: its director, the officer who proposed and the one who confirmed."""

    director: Worker
    proposer: Worker
    confirmer: Worker


def moment(on: date, hour: int = 10, minute: int = 0) -> str:
    """A moment of a day in China, as PostgreSQL reads it."""
    return f"{on} {hour:02d}:{minute:02d}:00+08"


def worker(load: Load, one: Worker, password: str) -> None:
    """A user and the post."""
    created = moment(one.since)
    load["staff_user"].add(
        one.id, password, one.username, one.name, one.phone, "", "zh-hans", False, True, True, True, "", created
    )
    load["staff_post"].add(one.post, one.id, one.role, one.organisation, one.division, one.since)


def person(load: Load, one: Someone, on: date) -> None:
    """A person with sealed numbers and their blind indexes."""
    phone = one.phone
    load["people_person"].add(
        one.id, one.division, one.name, one.sex, one.born, "day", "01",
        ciphers.seal(one.id_number, "id_number"), ciphers.blind(one.id_number, "id_number"), one.id_number[-4:],
        ciphers.seal(phone, "phone") if phone else None, ciphers.blind(phone, "phone") if phone else "",
        one.division, "rural", False, True, 1, moment(on),
    )  # fmt: skip


def family(load: Load, drawn: Family, village: str, rng: Random, by: Worker) -> None:
    """A household: its people, kinship, address and circumstances."""
    on, place = drawn.opened_on, drawn.division
    for one in drawn.children + drawn.adults:
        person(load, one, on)
    address = f"{village}村{rng.randrange(1, 320)}号"
    load["people_household"].add(drawn.household, place, address, SOURCE)
    dead = {fact.of.id for fact in drawn.facts if fact.kind in {"dead", "prison"}}
    for one in drawn.children + [adult for adult in drawn.adults if adult.id not in dead]:
        load["people_householdmember"].add(uid(rng, on), drawn.household, one.id, place, None)
    for kin in drawn.kin:
        load["people_kinship"].add(
            uid(rng, on), kin.child.id, kin.relative.id, place, kin.relation, kin.guardian, kin.carer, SOURCE
        )
    for child in drawn.children:
        load["people_address"].add(uid(rng, on), child.id, place, place, address, None, SOURCE)
    for fact in drawn.facts:
        domain = circumstances.KINDS[fact.kind].domain
        load["people_circumstance"].add(
            uid(rng, on), fact.of.id, place, domain, fact.kind, fact.value, fact.start, SOURCE, moment(on), by.id
        )


def record(
    load: Load, drawn: Record, of: Family, *, number: str, school: UUID | None, hands: Hands, rng: Random
) -> None:
    """A child's file with everything recorded in it."""
    place, director = of.division, hands.director
    last = drawn.visits[-1].on if drawn.visits else None
    load["people_file"].add(
        drawn.id, number, drawn.child.id, place, of.opened_on, "", director.id, school, drawn.attention, drawn.rank,
        drawn.attention_because, drawn.rank >= 2, None, last, drawn.changed_on, False, True, 1,
    )  # fmt: skip
    for belonging in of.belongs:
        _category(load, drawn, of, belonging, hands, rng)
    for visit in drawn.visits:
        _visit(load, drawn, place, visit, director, rng)
    for went in drawn.attempts:
        load["wellbeing_attempt"].add(
            went.id, drawn.id, place, went.on, moment(went.entered_on, 18), director.id, went.reason, True
        )
    for week in drawn.weeks:
        entered = moment(week.on or of.opened_on, 20)
        load["wellbeing_contact"].add(
            week.id, drawn.id, place, week.direction, week.week, week.state, week.on, week.channel, "carer", "", entered,
            director.id, True,
        )  # fmt: skip


def _category(load: Load, drawn: Record, of: Family, belonging: Belonging, hands: Hands, rng: Random) -> None:
    on = of.opened_on
    decided = on + timedelta(days=rng.randrange(3, 15))
    by = None if belonging.open else hands.confirmer.id
    load["people_category"].add(
        uid(rng, on), drawn.id, of.division, belonging.kind, belonging.basis, "proposed" if belonging.open else "confirmed",
        None if belonging.open else on, "", [], [], "", hands.proposer.id, moment(on, 15), by,
        None if belonging.open else moment(decided, 9), "",
    )  # fmt: skip


def _visit(load: Load, drawn: Record, place: int, visit: Went, director: Worker, rng: Random) -> None:
    load["wellbeing_visit"].add(
        visit.id, drawn.id, place, visit.on, moment(visit.entered_on, rng.randrange(9, 20), rng.randrange(60)), director.id,
        "visit", 1, visit.child_seen, drawn.attention, None, True,
    )  # fmt: skip
    for domain, answers in visit.answers.items():
        load["wellbeing_answer"].add(uid(rng, visit.on), visit.id, drawn.id, place, domain, answers)
