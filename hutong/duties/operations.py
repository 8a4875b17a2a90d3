"""Laying out what is owed, after each event for one file and every night for all; waiving; telling the ladder."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from hutong.duties.models import Duty
from hutong.duties.numbers import parameters
from hutong.kernel import events, plans
from hutong.kernel.clock import day
from hutong.kernel.refusals import Refusal
from hutong.kernel.scope import Scope, acting, current
from hutong.kernel.states import check
from hutong.policy import access
from hutong.policy.obligations import VERSION
from hutong.staff.models import User

EVERYWHERE = (100_000_000_000, 1_000_000_000_000)
# Who lays out duties must see every fact they rest on, also those the person who caused it may not read.
CLERK = Scope(
    ranges=(EVERYWHERE,),
    reads=frozenset(access.DOMAINS),
    writes=frozenset({"care"}),
    role="hutong_worker",
    purpose="duties",
    unshut=True,
)
_FEW = 20
TRANSITIONS = {"due": {"waived"}}


@dataclass(frozen=True)
class Done:
    """How many rows a run wrote."""

    inserted: int
    settled: int
    belated: int
    lapsed: int


@cache
def _statement(*, few: bool) -> str:
    folder = Path(__file__).parent
    text = (folder / "candidates.sql").read_text() + (folder / "merge.sql").read_text()
    # A plan kept for any parameters must reach the files by their keys, whatever they are.
    return text.replace("%(only)s::uuid[] is null or ", "") if few else text


def derive(*files: UUID, at: datetime) -> Done:
    """Bring the duties of these files to what their facts say. Idempotent."""
    with acting(replace(CLERK, user=current().user), savepoint=False):
        return _run(day(at), at, only=list(files))


@transaction.atomic
def run(*, on: date, at: datetime, by: User | None = None) -> Done:
    """The nightly run: all open files on a day. Twice the same day changes nothing the second time."""
    with acting(replace(CLERK, user=by.pk if by else None)):
        return _run(on, at, only=None)


def _run(on: date, at: datetime, *, only: list[UUID] | None) -> Done:
    told = {**parameters(on), "only": only, "at": at, "version": VERSION}
    if only is not None and len(only) <= _FEW:
        return _kept_plan(told)
    with connection.cursor() as cursor:
        # Intermediate results carry no statistics: for one file the planner's guess of a row is right, for many it
        # is ruinous. Joins by hash are right for many.
        cursor.execute("set local enable_nestloop = off")
        cursor.execute(_statement(few=False), told)
        return Done(*cursor.fetchone())


def _kept_plan(told: dict[str, Any]) -> Done:
    """For one file the planning took ten times as long as the work: each connection plans once and keeps it."""
    with plans.kept(), connection.cursor() as cursor:
        cursor.execute(_statement(few=True), told)
        return Done(*cursor.fetchone())


def react(identifier: UUID, *, by: Any, at: datetime) -> None:
    """After an operation on a file: its duties settle and are laid out in the same transaction."""
    derive(identifier, at=at)


def react_all(identifiers: list[UUID], *, by: Any, at: datetime) -> None:
    """The same for many files at once, as after an import."""
    derive(*identifiers, at=at)


@transaction.atomic
def waive(*, duty: Duty, reason: str, by: User, at: datetime, op: UUID | None = None) -> Duty:
    """Let somebody off, with a reason and a name. Only what is still due can be waived."""
    if events.repeated(op):
        return Duty.objects.get(pk=duty.pk)
    row = Duty.objects.select_for_update().get(pk=duty.pk)
    check(TRANSITIONS, row.state, "waived")
    if not reason.strip():
        raise Refusal("免除任务要写明理由。没有保存。", field="reason")
    row.state, row.reason, row.decided_by = Duty.State.WAIVED, reason.strip()[:200], by
    row.save(update_fields=["state", "reason", "decided_by"])
    events.record(
        kind="duties.duty.waived", subject=("duties.duty", row.pk), about=row.file_id, division=row.division, domain="care",
        by=by.pk, at=at, op=op, data={"obligation": row.obligation, "because": row.reason},
    )  # fmt: skip
    return row
