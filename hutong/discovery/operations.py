"""Taking in the leads of a run, and deciding on one. No consequence without a person."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

import duckdb
from django.db import transaction

from hutong.discovery import homechecks, restricted, switches
from hutong.discovery.models import Lead, LeadDecision
from hutong.discovery.pipelines import rules
from hutong.discovery.pipelines.leads import identity
from hutong.kernel import ciphers, events, number_tokens, parquet
from hutong.kernel.clock import day
from hutong.kernel.ids import uuid7
from hutong.kernel.refusals import Refusal
from hutong.people import categories, files, persons, restrictions
from hutong.people.models import Category, File, Person
from hutong.places.codes import county
from hutong.places.queries import town_and_village
from hutong.policy.leads import LEADS
from hutong.staff.models import User

RESTRICTED = "由限制线索建档，按强制报告程序办理"
SEXES = {"男": "1", "女": "2"}
Used = dict[str, dict[str, Any]]  # register → the delivery in use: id and day
UPDATED = ["name", "birth_date", "disabled", "certainty", "weight", "evidence", "last_found_on"]


@dataclass(frozen=True)
class Taken:
    """Leads that are new, that were known, that no village could be given, and whose rule the county put aside."""

    new: int
    known: int
    without_place: int
    put_aside: int = 0


@transaction.atomic
def take_in(
    *,
    leads: Path,
    police: Path,
    at: datetime,
    by: User | None = None,
    division: int | None = None,
    used: Used | None = None,
) -> Taken:
    """Take the leads of a run in. A waiting lead is brought up to date; a decided one stays as it was judged; one not found again stays too.

    The identity number is read from the police register, sealed; its token names the person from run to run. `division`:
    take those of one county alone. `used`: the delivery of each register, noted beside what it says.
    """
    read = [
        row for row in _read(leads, police, used or {}) if division is None or county(row["division"] or 0) == division
    ]
    off = {key for key, row in switches.latest().items() if row.off}
    rows = [row for row in read if not row["division"] or (row["rule"], county(row["division"])) not in off]
    placed = {lead.key: lead for row in rows if row["division"] and _name(row) for lead in [_lead(row, at)]}
    known = dict(Lead.objects.filter(key__in=placed).values_list("key", "state"))
    _keep(placed, {key for key, state in known.items() if state in (Lead.State.TRUE, Lead.State.FALSE)})
    restricted.lay_out((lead for key, lead in placed.items() if lead.restricted and key not in known), at)
    done = Taken(
        new=len(placed) - len(known), known=len(known), without_place=len(rows) - len(placed), put_aside=len(read) - len(rows)
    )  # fmt: skip
    events.record(
        kind="discovery.leads.taken", subject=("discovery.run", uuid7()), division=division or 0, by=by.pk if by else None, at=at,
        data={"new": done.new, "known": done.known},
    )  # fmt: skip
    return done


def _keep(placed: dict[str, Lead], decided: set[str]) -> None:
    """New and waiting leads as they stand now; of those decided only that they were found again: what was judged stays."""
    open_ones = [lead for key, lead in placed.items() if key not in decided]
    Lead.objects.bulk_create(
        open_ones, update_conflicts=True, unique_fields=["key"], update_fields=UPDATED, batch_size=1000
    )
    for on in {placed[key].last_found_on for key in decided}:
        again = [key for key in decided if placed[key].last_found_on == on]
        Lead.objects.filter(key__in=again).update(last_found_on=on)


def _read(leads: Path, police: Path, used: Used) -> list[dict[str, Any]]:
    try:
        with duckdb.connect() as db:
            source = parquet.relation(db, police)
            there = {row[0] for row in db.execute(f"describe from {source}").fetchall()}
            sealed = "any_value(id_sealed)" if "id_sealed" in there else "null"
            cursor = db.execute(
                f"""select l.*, p.id_no, p.id_sealed from read_parquet(?) l left join (select record_id, any_value(id_no) as id_no,
                {sealed} as id_sealed from {source} group by record_id) p on p.record_id = l.subject""",
                [str(leads)],
            )
            names = [column[0] for column in cursor.description or ()]
            rows = [dict(zip(names, values, strict=True)) for values in cursor.fetchall()]
    except duckdb.Error as error:
        raise Refusal(
            "%(name)s 读不出来，没有接收线索，原有线索不变。请重新运行 hutong discover。", values={"name": leads.name}
        ) from error
    return [row | {"evidence": _sourced(json.loads(row["evidence"]), used)} for row in rows]


def _sourced(evidence: list[dict[str, Any]], used: Used) -> list[dict[str, Any]]:
    """Each piece of evidence with the delivery it was read in."""
    return [item | {"delivery": used[item["register"]]} if item["register"] in used else item for item in evidence]


def _of_village(row: dict[str, Any]) -> bool:
    rule = rules.by_id(row["rule"])
    return rule is not None and rule.head.about == "village"


def _name(row: dict[str, Any]) -> str:
    """What names the subject from run to run: the token of the number, or the village."""
    if _of_village(row):
        return str(row["division"])
    if row["id_sealed"]:
        return str(row["id_no"])  # a token already
    return number_tokens.whole_of(row["id_no"]) if row["id_no"] else ""


def _lead(row: dict[str, Any], at: datetime) -> Lead:
    number = "" if _of_village(row) else row["id_no"]
    return Lead(
        key=identity(row["rule"], _name(row), row["evidence_key"]), rule=row["rule"],
        division=row["division"], domain=row["domain"], restricted=row["restricted"],
        name=row["name"] or (town_and_village(row["division"])[:60] if _of_village(row) else ""),
        sex=SEXES.get(row["sex"], "0"), birth_date=row["birth_date"], disabled=row.get("disabled"),
        id_sealed=(row["id_sealed"] or ciphers.seal(number, "id_number")) if number else None,
        certainty=row["certainty"], weight=row["weight"], evidence=row["evidence"],
        first_found_on=row["found_on"], last_found_on=row["found_on"], taken_at=at,
    )  # fmt: skip


@transaction.atomic
def decide(*, lead: Lead, verdict: str, reason: str = "", by: User, at: datetime, op: UUID | None = None) -> Lead:
    """Say what a lead is: `true` opens or finds the child's file and proposes the category, `false` needs a reason,
    `unsure` keeps it open for a look at home. A second decision needs a lead that is still open or unsure.
    """
    if events.repeated(op):
        return Lead.objects.get(pk=lead.pk)
    row = Lead.objects.select_for_update().get(pk=lead.pk)
    if row.state not in (Lead.State.OPEN, Lead.State.UNSURE):
        raise Refusal(
            "这条线索刚刚已由别人办理（%(what)s），没有再改。请刷新后查看。", values={"what": row.get_state_display()}
        )
    if verdict not in (Lead.State.TRUE, Lead.State.FALSE, Lead.State.UNSURE):
        raise Refusal("请选择属实、不属实或要入户核实。没有保存。", field="verdict")
    if verdict != Lead.State.TRUE and not reason.strip():
        raise Refusal("不属实或要入户核实，都要写明理由。没有保存，填写的内容还在。", field="reason")
    row.state, row.decided_at = Lead.State(verdict), at
    if verdict == Lead.State.TRUE:
        row.file = _follow(row, by=by, at=at)
    if verdict == Lead.State.UNSURE:
        homechecks.ask(lead=row, question=reason.strip()[:200], by=by, at=at)
    else:
        homechecks.lapse(lead=row, by=by, at=at)
    row.save(update_fields=["state", "decided_at", "file"])
    LeadDecision.objects.create(
        lead=row, division=row.division, domain=row.domain, restricted=row.restricted, verdict=verdict,
        reason=reason.strip()[:200], by=by, at=at,
    )  # fmt: skip
    _note(row, by, at, op)
    return row


def _note(lead: Lead, by: User, at: datetime, op: UUID | None) -> None:
    """The event. Of a restricted lead it says neither the child's file nor the rule: more people read events."""
    about, data = (None, {}) if lead.restricted else (lead.file_id, {"rule": lead.rule, "verdict": lead.state})
    events.record(
        kind="discovery.lead.decided", subject=("discovery.lead", lead.pk), about=about, division=lead.division,
        domain=lead.domain, by=by.pk, at=at, op=op, data=data,
    )  # fmt: skip


@transaction.atomic
def decide_many(*, leads: Iterable[Lead], verdict: str, reason: str, by: User, at: datetime, op: UUID) -> int:
    """The same verdict for several leads, each with its own row and event. Those decided meanwhile are left as they are.

    Confirming is not done in bulk: it opens a file, and each child is looked at by itself. Returns how many were decided.
    """
    if verdict == Lead.State.TRUE:
        raise Refusal("属实会建立档案，请逐条打开办理。没有保存。", field="verdict")
    chosen = list(leads)
    if not chosen or len(chosen) > LEADS.capacity.at_once:
        raise Refusal("一次请选1到%(n)s条线索。没有保存。", values={"n": LEADS.capacity.at_once}, field="lead")
    done = 0
    for lead in chosen:
        once = uuid5(op, lead.key)
        if events.repeated(once) or Lead.objects.get(pk=lead.pk).state in (Lead.State.OPEN, Lead.State.UNSURE):
            decide(lead=lead, verdict=verdict, reason=reason, by=by, at=at, op=once)
            done += 1
    return done


def _follow(lead: Lead, *, by: User, at: datetime) -> File | None:
    """The child's file, found or opened, with the category the rule puts forward: another officer confirms it."""
    rule = rules.by_id(lead.rule)
    if rule is None or not rule.head.opens:
        return None
    file = _file(lead, on=day(at), by=by, at=at)
    kind = rule.head.proposes
    if (
        kind
        and not Category.objects.filter(file=file, kind=kind, state__in=("proposed", "confirmed"), end=None).exists()
    ):
        categories.propose_category(file=file, kind=kind, evidence=rule.head.zh, by=by, at=at)
    return file


def _file(lead: Lead, *, on: date, by: User, at: datetime) -> File:
    """The child's running file, or a new one; one opened for a restricted lead is restricted from its first moment."""
    number = ciphers.unseal(lead.id_sealed, "id_number") if lead.id_sealed else ""
    place, known = (persons.match_number(number) if number else None) or ("", None)
    if place and known is None:
        raise Refusal("这个孩子已在别的县（区）登记，没有办理。请联系市民政局移交档案。")
    if known:
        child = Person.objects.get(pk=known)
        if running := File.objects.filter(child=child, closed_on=None).first():
            return running
    else:
        child = persons.register_person(
            division=lead.division, name=lead.name, sex=lead.sex, birth_date=lead.birth_date, id_number=number, by=by, at=at
        )  # fmt: skip
    file = files.open_file(child=child, on=on, by=by, at=at)
    if not lead.restricted:
        return file
    return restrictions.restrict(file=file, because=RESTRICTED, readers=_readers(lead, at), by=by, at=at)


def _readers(lead: Lead, at: datetime) -> list[User]:
    return [grant.user for grant in restricted.holders(lead, at).select_related("user")]
