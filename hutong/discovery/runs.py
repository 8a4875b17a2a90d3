"""A search asked for by an officer: through the deliveries in use of the county, with its progress in the database.

Owns the Run row and the county's folder of links to registers. Called again after a stop, a run begins anew; links of
registers that did not change are kept (pipelines.kept_links), so that it costs little.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import duckdb
from django.db import transaction

from hutong.discovery import operations
from hutong.discovery.models import Run
from hutong.discovery.pipelines import registers
from hutong.discovery.pipelines.rules import rules
from hutong.discovery.pipelines.running import Outcome, discover
from hutong.exchange import receiving
from hutong.exchange.models import FeedDelivery
from hutong.kernel import events
from hutong.kernel.ciphers import blind
from hutong.kernel.clock import day
from hutong.kernel.refusals import Refusal
from hutong.kernel.scope import acting
from hutong.places.codes import county, subtree
from hutong.policy.feeds import feeds
from hutong.staff.access import check_can, scope_of
from hutong.staff.models import User

MACHINE = replace(receiving.MACHINE, unshut=True, purpose="名册比对")
Clock = Callable[[], datetime]
_UNFINISHED = (Run.State.ASKED, Run.State.RUNNING)


@transaction.atomic
def ask(*, division: int, by: User, at: datetime, on: date | None = None, op: UUID | None = None) -> Run:
    """Ask for a search in the county. Refused while one is under way, or without the police register."""
    place = county(division)
    check_can(scope_of(by), "confirm", domain="category", division=place)
    if done := events.repeated(op):
        return Run.objects.get(pk=done.subject_id)
    if Run.objects.filter(division=place, state__in=_UNFINISHED).exists():
        raise Refusal("这个县（区）的查找正在进行，没有再开始一次。请等它完成后再试。")
    if "police" not in by_register(place):
        raise Refusal("还没有可用的公安户籍数据，没有开始查找。请先接收公安户籍登记。")
    run = Run.objects.create(division=place, on=on or day(at), by=by, asked_at=at)
    events.record(
        kind="discovery.run.asked", subject=("discovery.run", run.pk), division=place, domain="category", by=by.pk, at=at, op=op, data={}
    )  # fmt: skip
    return run


def by_register(division: int) -> dict[str, FeedDelivery]:
    """The delivery in use of each register of discovery."""
    named = {feed.id: feed.register for feed in feeds().values()}
    used = receiving.current(division)
    return {
        register: row for feed, row in used.items() if (register := named.get(feed)) in registers.NAMES and register
    }


def carry_out(run: UUID, *, clock: Clock) -> None:
    """Search, and take the leads in. To be called outside of a transaction: its progress is seen while it works."""
    with acting(MACHINE):
        row = Run.objects.select_related("by").get(pk=run)
        if row.state not in _UNFINISHED:
            return
        used = by_register(row.division)
        row.state, row.step, row.steps = Run.State.RUNNING, 0, len(registers.NAMES) + len(rules()) + 1
        row.used = {
            name: {"id": str(d.pk), "number": d.number, "rows": d.good, "day": day(d.received_at).isoformat()}
            for name, d in used.items()
        }  # fmt: skip
        row.save()
    try:
        _search(row, used, clock)
    except Refusal as refusal:
        _end(row, Run.State.FAILED, clock(), trouble=refusal.sentence[:300])


def _search(row: Run, used: dict[str, FeedDelivery], clock: Clock) -> None:
    from hutong.discovery import own  # Arrow, which a web process does without

    folder = receiving.folder("counties") / str(row.division)
    folder.mkdir(exist_ok=True, mode=0o700)
    leads = folder / "leads.parquet"
    _gather(row, folder, used)
    try:
        outcome = discover(
            folder,
            leads,
            rules(),
            on=row.on,
            key=blind("person index", "discovery"),
            whole=own.REGISTERS,
            told=lambda name: _told(row, name),
        )
        with acting(replace(MACHINE, user=row.by_id)):
            taken = operations.take_in(
                leads=leads,
                police=folder / "police.parquet",
                at=clock(),
                by=row.by,
                division=row.division,
                used=row.used,
            )
        figures = _figures(outcome) | {"rules": _here(leads, row.division, outcome), "taken": asdict(taken)}
        _end(row, Run.State.DONE, clock(), outcome=figures)
    finally:
        leads.unlink(missing_ok=True)


def _gather(row: Run, folder: Path, used: dict[str, FeedDelivery]) -> None:
    """Links under the registers' names to what is in use now; what is used no longer is not linked."""
    from hutong.discovery import own  # Arrow, which a web process does without

    _told(row, "")
    for register in registers.NAMES - used.keys():
        (folder / f"{register}.parquet").unlink(missing_ok=True)
    for register, delivery in used.items():
        stored = receiving.stored(delivery)
        if not stored.is_file():
            raise Refusal(
                "保存的“%(name)s”数据文件找不到了，没有运行，原有线索不变。请重新接收这份数据。",
                values={"name": registers.ZH[register]},
            )
        own.link(folder, register, stored)
    with acting(MACHINE):
        own.write(folder, row.division, row.on)


def _here(leads: Path, division: int, outcome: Outcome) -> dict[str, int]:
    """Leads of the county by rule: registers may hold other counties too, whose leads are not taken in."""
    inside = "select rule, count(*) from read_parquet(?) where division >= ? and division < ? group by rule"
    with duckdb.connect() as db:
        found = dict(db.execute(inside, [str(leads), *subtree(division)]).fetchall())
    return {rule: found.get(rule, 0) for rule in outcome.rules}


def _figures(outcome: Outcome) -> dict[str, Any]:
    figures = asdict(outcome)
    return {key: figures[key] for key in ("skipped", "registers", "unlinked", "seconds")}


def _told(row: Run, name: str) -> None:
    row.step, row.doing = row.step + 1, name
    with acting(MACHINE):
        row.save(update_fields=["step", "doing"])


def _end(row: Run, state: str, at: datetime, *, outcome: dict[str, Any] | None = None, trouble: str = "") -> None:
    row.state, row.outcome, row.trouble, row.doing, row.ended_at = Run.State(state), outcome or {}, trouble, "", at
    with acting(MACHINE):
        row.save()
