"""Drawing what was recorded of one child: visits with answers, attempts, weekly contacts, an agreement, flags.

How often is drawn around the cadence of the attention level; whether that was enough is for duties to say, not for us.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from uuid import UUID

from hutong.kernel.clock import week
from hutong.policy.categories import Proposal
from hutong.workbench.demo import deciding
from hutong.workbench.demo.answers import Answered, Interview
from hutong.workbench.demo.people import Family, Someone, uid

# Days between two visits of a director who keeps the rhythm.
_RHYTHM = {"green": 78, "blue": 52, "yellow": 26, "red": 7}
_RANKS = ("green", "blue", "yellow", "red")
_NOBODY_HOME = ("家中无人，邻居说去走亲戚", "大门上锁，电话无人接", "孩子在校，照护人下地干活")


@dataclass(slots=True)
class Depth:
    """How much of a child's past to draw: days of visits, weeks of contacts, and how many visits keep their answers."""

    days: int = 730
    weeks: int = 26
    answers: int = 1000


@dataclass(slots=True)
class Went:
    """A visit or, with a reason, an attempt."""

    id: UUID
    on: date
    entered_on: date
    child_seen: bool = True
    answered: Answered | None = None
    reason: str = ""


@dataclass(slots=True)
class Week:
    """One week's contact in one direction."""

    id: UUID
    week: str
    direction: str
    state: str
    on: date | None
    sunday: date
    channel: str


@dataclass(slots=True)
class Record:
    """A child's file with what was recorded in it."""

    id: UUID
    child: Someone
    attention: str
    attention_because: str
    categories: list[tuple[Proposal, bool]]
    visits: list[Went]
    attempts: list[Went]
    weeks: list[Week]
    changed_on: date | None
    agreement: str = ""
    attention_on: date | None = None
    signed_on: date | None = None
    decided_on: date = date.max
    age: int = 0
    boards: bool = False

    @property
    def rank(self) -> int:
        """0 green … 3 red."""
        return _RANKS.index(self.attention)


@dataclass(slots=True)
class Recorder:
    """Draws records seen from one day, to one depth."""

    today: date
    depth: Depth
    interview: Interview

    def draw(self, rng: Random, family: Family, child: Someone, diligence: float) -> Record:
        """The record of one child up to yesterday. `diligence` (0 to 1): how well the director keeps the rhythm."""
        categories = deciding.categories(rng, family, child, family.opened_on)
        level, because = _attention(rng, family, categories)
        record = Record(uid(rng, family.opened_on), child, level, because, categories, [], [], [], None)
        record.boards = rng.random() < 0.4
        self._visits(rng, family, record, diligence)
        record.age = (self.today - child.born).days * 4 // 1461
        record.decided_on = family.opened_on + timedelta(days=rng.randrange(0, 15))
        if family.away:
            record.weeks = _weeks(rng, family, self.today, self.depth.weeks)
            record.agreement = rng.choices(("active", "signed", "draft", "alert", ""), (78, 6, 4, 1, 11))[0]
            record.signed_on = family.opened_on + timedelta(days=rng.randrange(1, 14))
        return record

    def _visits(self, rng: Random, family: Family, record: Record, diligence: float) -> None:
        first = family.opened_on + timedelta(days=rng.randrange(2, 9 if rng.random() < diligence else 30))
        day, days = max(first, self.today - timedelta(days=self.depth.days)), []
        while day < self.today:
            days.append(day)
            # A red level is young: the rhythm of seven days began four weeks ago.
            young = record.attention == "red" and (self.today - day).days > 28
            day += timedelta(days=_gap(rng, "blue" if young else record.attention, diligence))
        for back, day in enumerate(reversed(days)):
            record.visits.append(self._visit(rng, family, record, day, back))
            if rng.random() < 0.05 and day - timedelta(days=4) > family.opened_on:
                tried = day - timedelta(days=rng.randrange(1, 4))
                record.attempts.append(Went(uid(rng, tried), tried, tried, reason=rng.choice(_NOBODY_HOME)))
        record.visits.reverse()
        if record.visits and record.visits[-1].answered:
            _level(record)

    def _visit(self, rng: Random, family: Family, record: Record, day: date, back: int) -> Went:
        # Most visits are entered the same day; some days later, which is a figure of its own.
        late = 0 if rng.random() < 0.8 else min(rng.randrange(1, 9), (self.today - day).days)
        went = Went(uid(rng, day), day, day + timedelta(days=late), child_seen=rng.random() < 0.92)
        if back < self.depth.answers:
            level = record.attention if back == 0 else _earlier(rng, record.attention)
            age = (day - record.child.born).days * 4 // 1461
            went.answered = self.interview.draw(
                rng, level=level, age=age, away=family.away, boards=record.boards, child_seen=went.child_seen
            )
        return went


def _level(record: Record) -> None:
    """The level as visits raised it, then as the supervisor set it after the last one."""
    rank, because, on = 0, "", None
    for visit in record.visits:
        if (answered := visit.answered) and _RANKS.index(answered.attention) > rank:
            rank, because, on = _RANKS.index(answered.attention), answered.because, visit.entered_on
    latest = record.visits[-1].answered
    if latest:
        record.attention, record.attention_because = (
            latest.attention,
            latest.because if latest.attention != "green" else "",
        )
        settled = (rank, because) == (record.rank, record.attention_because)
        record.attention_on = on if settled else record.visits[-1].entered_on


def _earlier(rng: Random, level: str) -> str:
    """The level of a visit before the last: mostly quieter."""
    return "green" if rng.random() < 0.75 else "yellow" if level == "red" else level


def _gap(rng: Random, attention: str, diligence: float) -> int:
    usual = _RHYTHM[attention]
    if rng.random() < diligence:
        return max(1, int(usual * rng.uniform(0.7, 1.12)))
    return int(usual * rng.uniform(1.2, 2.4))


def _attention(rng: Random, family: Family, categories: list[tuple[Proposal, bool]]) -> tuple[str, str]:
    """A level that fits the family: heavier circumstances, higher level."""
    kinds = {proposal.category for proposal, confirmed in categories if confirmed}
    draw = rng.random()
    if kinds & {"ORPHAN", "DE_FACTO_UNSUPPORTED"}:
        return ("yellow", "父母均不能履行监护职责") if draw < 0.4 else ("blue", "由祖辈照护，需要多看")
    if draw < 0.006:
        return "red", "走访发现紧急情况"
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
    key, sunday = week(monday), monday + timedelta(days=6)
    if rng.random() < keeps:
        on = monday + timedelta(days=rng.choice((2, 4, 5, 5, 6, 6)))
        return Week(
            uid(rng, monday), key, direction, "done", on, sunday, rng.choice(("video", "video", "phone", "message"))
        )
    state = "missed" if rng.random() < 0.7 else "unknown"
    return Week(uid(rng, monday), key, direction, state, None, sunday, "")
