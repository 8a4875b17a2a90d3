"""Drawing what was recorded of one child: visits with answers, attempts, weekly contacts, an agreement, flags.

How often is drawn around the cadence of the attention level; whether that was enough is for duties to say, not for us.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any
from uuid import UUID

from hutong.kernel.clock import week
from hutong.workbench.demo.people import Family, Someone, uid

# Days between two visits of a director who keeps the rhythm.
_RHYTHM = {"green": 78, "blue": 52, "yellow": 26, "red": 7}
_RANKS = ("green", "blue", "yellow", "red")
_HISTORY = 730
_NOBODY_HOME = ("家中无人，邻居说去走亲戚", "大门上锁，电话无人接", "孩子在校，照护人下地干活")


@dataclass(slots=True)
class Depth:
    """How much of a child's past to draw."""

    visits: int = 1000
    weeks: int = 26
    answers: int = 1000


@dataclass(slots=True)
class Went:
    """A visit or, with a reason, an attempt."""

    id: UUID
    on: date
    entered_on: date
    child_seen: bool = True
    answers: dict[str, dict[str, Any]] = field(default_factory=dict)
    reason: str = ""


@dataclass(slots=True)
class Week:
    """One week's contact in one direction."""

    id: UUID
    week: str
    direction: str
    state: str
    on: date | None
    channel: str


@dataclass(slots=True)
class Record:
    """A child's file with what was recorded in it."""

    id: UUID
    child: Someone
    attention: str
    attention_because: str
    visits: list[Went]
    attempts: list[Went]
    weeks: list[Week]
    changed_on: date | None

    @property
    def rank(self) -> int:
        """0 green … 3 red."""
        return _RANKS.index(self.attention)


def draw(rng: Random, family: Family, child: Someone, *, today: date, diligence: float, depth: Depth) -> Record:
    """The record of one child up to yesterday. `diligence` (0 to 1): how well the director keeps the rhythm."""
    attention, because = _attention(rng, family, child)
    record = Record(uid(rng, family.opened_on), child, attention, because, [], [], [], None)
    first = family.opened_on + timedelta(days=rng.randrange(2, 9 if rng.random() < diligence else 30))
    day = max(first, today - timedelta(days=_HISTORY))
    while day < today:
        record.visits.append(_visit(rng, day))
        if rng.random() < 0.05:
            tried = day - timedelta(days=rng.randrange(1, 4))
            if tried > family.opened_on:
                record.attempts.append(Went(uid(rng, tried), tried, tried, reason=rng.choice(_NOBODY_HOME)))
        # A red level is young: the rhythm of seven days began four weeks ago.
        level = "blue" if attention == "red" and (today - day).days > 28 else attention
        day += timedelta(days=_gap(rng, level, diligence))
    record.visits = record.visits[-depth.visits :]
    if family.away and depth.weeks:
        record.weeks = _weeks(rng, family, today, depth.weeks)
    if rng.random() < 0.15:
        record.changed_on = today - timedelta(days=rng.randrange(1, 200))
    return record


def _visit(rng: Random, day: date) -> Went:
    # Most visits are entered the same day; some days later, which is a figure of its own.
    late = 0 if rng.random() < 0.8 else rng.randrange(1, 9)
    return Went(uid(rng, day), day, day + timedelta(days=late), child_seen=rng.random() < 0.92)


def _gap(rng: Random, attention: str, diligence: float) -> int:
    usual = _RHYTHM[attention]
    if rng.random() < diligence:
        return max(1, int(usual * rng.uniform(0.7, 1.12)))
    return int(usual * rng.uniform(1.2, 2.4))


def _attention(rng: Random, family: Family, child: Someone) -> tuple[str, str]:
    """A level that fits the family: heavier circumstances, higher level."""
    kinds = {belonging.kind for belonging in family.belongs if not belonging.open}
    if kinds & {"ORPHAN", "DE_FACTO_UNSUPPORTED"}:
        return ("yellow", "父母均不能履行监护职责") if rng.random() < 0.6 else ("blue", "由祖辈照护，情况稳定")
    draw = rng.random()
    if draw < 0.006:
        return "red", "走访发现紧急情况，正在处理"
    if draw < 0.05:
        return "yellow", "照护人体弱或孩子情绪异常"
    if draw < 0.2 or family.carer_relation in {"81", "83", "88", "90"}:
        return "blue", "照护情况一般，需要多看"
    return "green", ""


def _weeks(rng: Random, family: Family, today: date, count: int) -> list[Week]:
    """The ledger of the parents' weekly contact with child and carer, for as many past weeks as asked for."""
    keeps = rng.choice((0.95, 0.9, 0.8, 0.5))
    rows = []
    monday = today - timedelta(days=today.weekday())
    for back in range(count, 0, -1):
        start = monday - timedelta(weeks=back)
        if start < family.opened_on:
            continue
        for direction in ("parent_child", "parent_carer"):
            rows.append(_week(rng, start, direction, keeps if direction == "parent_child" else keeps * 0.93))
    return rows


def _week(rng: Random, monday: date, direction: str, keeps: float) -> Week:
    key = week(monday)
    if rng.random() < keeps:
        on = monday + timedelta(days=rng.choice((2, 4, 5, 5, 6, 6)))
        return Week(uid(rng, monday), key, direction, "done", on, rng.choice(("video", "video", "phone", "message")))
    state = "missed" if rng.random() < 0.7 else "unknown"
    return Week(uid(rng, monday), key, direction, state, None, "")
