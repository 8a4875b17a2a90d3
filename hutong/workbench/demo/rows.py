"""From drawn families and records to table rows: the columns of each table, and what the rooms' operations would have written.

`check` holds these rows against the operations themselves.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from uuid import UUID

from hutong.kernel import ciphers
from hutong.people import tokens
from hutong.policy import circumstances
from hutong.policy.categories import Fact, Proposal
from hutong.policy.completeness import SELF, measure
from hutong.workbench.bulk import Load
from hutong.workbench.demo.deciding import SOURCE
from hutong.workbench.demo.life import Record, Went
from hutong.workbench.demo.observing import Held
from hutong.workbench.demo.people import Family, Someone, uid
from hutong.workbench.demo.staffing import Worker

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
        "id", "person_id", "division", "domain", "kind", "value", "start", "end", "source", "source_id", "recorded_at",
        "recorded_by",
    ),
    "people_file": (
        "id", "number", "child_id", "division", "opened_on", "close_reason", "director_id", "school_id", "attention",
        "attention_rank", "attention_because", "attention_on", "priority", "completeness", "last_visit_on", "last_changed_on", "restricted",
        "synthetic", "version",
    ),
    "people_category": (
        "id", "file_id", "division", "kind", "basis", "state", "start", "rule_version", "facts", "missing", "evidence",
        "proposed_by_id", "proposed_at", "decided_by_id", "decided_at", "reason", "prompt_on",
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
    """Who wrote a family's rows: its director and supervisor, the officer who proposed and the one who confirmed."""

    director: Worker
    supervisor: Worker
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
    for token in sorted(tokens.tokens_of(one.name, id_tail=one.id_number[-4:])):
        load["people_token"].add(token, one.division, one.id)


def family(load: Load, drawn: Family, rng: Random, by: Worker) -> None:
    """A household: its people, kinship, address and circumstances."""
    on, place = drawn.opened_on, drawn.division
    for one in drawn.children + drawn.adults:
        person(load, one, on)
    load["people_household"].add(drawn.household, place, drawn.address, SOURCE)
    dead = {fact.of.id for fact in drawn.facts if fact.kind in {"dead", "prison"}}
    for one in drawn.children + [adult for adult in drawn.adults if adult.id not in dead]:
        load["people_householdmember"].add(uid(rng, on), drawn.household, one.id, place, None)
    # Ids in order: where two kin care for a child, the last one written is the carer asked for.
    for kin_id, kin in zip(sorted(uid(rng, on) for _ in drawn.kin), drawn.kin, strict=True):
        load["people_kinship"].add(
            kin_id, kin.child.id, kin.relative.id, place, kin.relation, kin.guardian, kin.carer, SOURCE
        )
    for child in drawn.children:
        load["people_address"].add(uid(rng, on), child.id, place, place, drawn.address, None, SOURCE)
    for fact in drawn.facts:
        domain = circumstances.KINDS[fact.kind].domain
        load["people_circumstance"].add(
            fact.id, fact.of.id, place, domain, fact.kind, fact.value, fact.start, None, SOURCE, None, moment(on),
            by.id,
        )  # fmt: skip


def observed(load: Load, facts: list[Held], place: int, by: Worker, rng: Random) -> None:
    """What visits and contacts left known."""
    for held in facts:
        domain = circumstances.KINDS[held.kind].domain
        load["people_circumstance"].add(
            uid(rng, held.told_on), held.of.id, place, domain, held.kind, held.value, held.start, held.end, held.source,
            held.source_id, moment(held.told_on, 20), by.id,
        )  # fmt: skip


def record(
    load: Load, drawn: Record, of: Family, *, number: str, school: UUID | None, hands: Hands, rng: Random
) -> None:
    """A child's file with everything recorded in it."""
    place, director = of.division, hands.director
    last = drawn.visits[-1].on if drawn.visits else None
    load["people_file"].add(
        drawn.id, number, drawn.child.id, place, of.opened_on, "", director.id, school, drawn.attention, drawn.rank,
        drawn.attention_because, drawn.attention_on, _priority(drawn), completeness(drawn, of, school), last, drawn.changed_on, False, True, 1,
    )  # fmt: skip
    for proposal, confirmed in drawn.categories:
        _category(load, drawn, of, proposal, confirmed, hands, rng)
    for back, visit in enumerate(reversed(drawn.visits)):
        _visit(load, drawn, place, visit, hands, rng, latest=back == 0)
    for went in drawn.attempts:
        load["wellbeing_attempt"].add(
            went.id, drawn.id, place, went.on, moment(went.entered_on, 18), director.id, went.reason, True
        )
    for week in drawn.weeks:
        entered = moment(week.on or week.sunday, 20)
        load["wellbeing_contact"].add(
            week.id, drawn.id, place, week.direction, week.week, week.state, week.on, week.channel, "carer", "", entered,
            director.id, True,
        )  # fmt: skip
    if drawn.agreement and of.carer:
        _agreement(load, drawn, of, of.carer, drawn.agreement, director, rng)


def _priority(drawn: Record) -> bool:
    return any(one.category == "PRIORITY_ATTENTION" for one, confirmed in drawn.categories if confirmed)


def _category(
    load: Load, drawn: Record, of: Family, proposal: Proposal, confirmed: bool, hands: Hands, rng: Random
) -> None:
    on = of.opened_on
    decided = drawn.decided_on
    state, start, by, at = (
        ("confirmed", decided, hands.confirmer.id, moment(decided, 9)) if confirmed else ("proposed", None, None, None)
    )
    load["people_category"].add(
        uid(rng, on), drawn.id, of.division, proposal.category, proposal.basis, state, start, proposal.rule_version,
        [_fact(fact) for fact in proposal.used], list(proposal.missing), "", hands.proposer.id, moment(on, 15), by, at, "",
        proposal.prompt_on,
    )  # fmt: skip


def _fact(fact: Fact) -> dict[str, object]:
    return {
        "kind": fact.kind, "value": dict(fact.value), "source": fact.source, "id": fact.id,
        "start": fact.start and str(fact.start), "end": fact.end and str(fact.end),
    }  # fmt: skip


def _visit(load: Load, drawn: Record, place: int, visit: Went, hands: Hands, rng: Random, *, latest: bool) -> None:
    answered, entered = visit.answered, moment(visit.entered_on, rng.randrange(9, 20), rng.randrange(60))
    load["wellbeing_visit"].add(
        visit.id, drawn.id, place, visit.on, entered, hands.director.id, "home_visit", 1, visit.child_seen,
        answered.attention if answered else "", None, True,
    )  # fmt: skip
    if not answered:
        return
    for domain, answers in answered.by_domain.items():
        load["wellbeing_answer"].add(uid(rng, visit.on), visit.id, drawn.id, place, domain, answers)
    for flag in answered.flags:
        # What an earlier visit found has been looked into; what the last one found is still open.
        looked = (
            (None, None, "")
            if latest
            else (moment(visit.entered_on + timedelta(days=2), 11), hands.supervisor.id, "已核实并处理")
        )
        load["wellbeing_flag"].add(
            uid(rng, visit.on), drawn.id, place, flag.domain, flag.kind, flag.severity, flag.text_zh, "wellbeing.visit",
            visit.id, entered, hands.director.id, *looked,
        )  # fmt: skip


def _agreement(
    load: Load, drawn: Record, of: Family, carer: Someone, state: str, director: Worker, rng: Random
) -> None:
    start = of.opened_on
    signed = None if state == "draft" else drawn.signed_on
    told = signed + timedelta(days=1) if signed and state == "active" else None
    load["wellbeing_agreement"].add(
        uid(rng, start), drawn.id, of.division, carer.id, of.carer_relation, state, start, "父母外出务工", "", dict.fromkeys("abcd", False),
        signed, told, told, "", director.id, moment(start, 16), True,
    )  # fmt: skip


def completeness(drawn: Record, of: Family, school: UUID | None) -> int:
    """Percent of the items a file of these categories must hold that it does hold."""
    kinds = {proposal.category for proposal, confirmed in drawn.categories if confirmed}
    held = {
        "category": bool(kinds),
        "agreement": drawn.agreement == "active",
        "first_visit": bool(drawn.visits),
        "contact": bool(drawn.weeks),
        "school": school is not None,
        "health": any(fact.of is drawn.child and fact.kind == "disability" for fact in of.facts),
        "evidence": False,
    }
    present = {
        "identity",
        "id_number",
        "address",
        "father",
        "mother",
        "carer",
        "director",
        *(k for k, yes in held.items() if yes),
    }
    wanted = kinds | (
        {SELF}
        if any(p.category == "IN_DIFFICULTY" and "D2" in p.basis for p, yes in drawn.categories if yes)
        else set()
    )
    return measure(present, wanted, drawn.age).percent
