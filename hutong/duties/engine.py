"""What one file owes on a day, in plain Python over its facts: readable beside the set-based statement, and held equal to it.

Owns the meaning of each obligation of policy/obligations.yaml. Knows no database: `candidates.sql` does the same for all
files at once, and tests/duties/test_engine.py compares the two on random lives.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import zip_longest

from hutong.kernel.clock import week
from hutong.kernel.workdays import Calendar
from hutong.policy.obligations import OBLIGATIONS, RULES, cadence

RUNNING = ("signed", "notified", "active")


@dataclass(frozen=True)
class Facts:
    """The life of one open file as far as duties ask. Days are days in China; `raised_since`: since when a fact that
    raises the cadence is known; `events`: (key, day) of what calls for a visit; `behind`: (category id, since)."""

    opened_on: date
    attention: str = "green"
    attention_on: date | None = None
    priority: bool = False
    raised_since: date | None = None
    fair: bool = False
    visits: frozenset[date] = frozenset()
    events: tuple[tuple[str, date], ...] = ()
    behind: tuple[tuple[str, date], ...] = ()
    agreements: tuple[tuple[str, date], ...] = ()
    contacts: dict[tuple[str, str], tuple[str, date | None]] = field(default_factory=dict)
    urged: frozenset[date] = frozenset()
    changed_on: date | None = None
    updated_on: date | None = None
    rechecked_on: date | None = None


@dataclass(frozen=True)
class Owed:
    """One duty as the facts make it. `done_on`: the day that settled it, in time or not."""

    obligation: str
    period_key: str
    opens_on: date
    due_on: date
    done_on: date | None
    state: str


def owed(facts: Facts, on: date, calendar: Calendar) -> list[Owed]:
    """All that is owed on a day, settled and missed ones of the horizon included."""
    if facts.opened_on > on:
        return []
    seen = sorted(day for day in facts.visits if facts.opened_on <= day <= on)
    rows = [
        *_first(facts, seen, on), *_periodic(facts, seen, on), *_events(facts, seen, on, calendar), *_agreements(facts, on),
        *_weekly(facts, on), *_urged(facts, on), *_updates(facts, seen, on), *_rechecks(facts, on),
    ]  # fmt: skip
    return sorted(rows, key=lambda row: (row.due_on, row.obligation, row.period_key))


def _row(obligation: str, key: str, opens: date, due: date, done: date | None, on: date) -> Owed:
    final = due + timedelta(days=OBLIGATIONS[obligation].grace)
    if done and done <= final:
        state = "done" if done <= due else "late_done"
    else:
        state = "missed" if final < on else "due"
    return Owed(obligation, key, opens, due, done, state)


def _days(obligation: str) -> timedelta:
    return timedelta(days=OBLIGATIONS[obligation].days)


def _first(facts: Facts, seen: list[date], on: date) -> Iterator[Owed]:
    if facts.opened_on >= on - timedelta(days=RULES.horizon_days.on(on)):
        due = facts.opened_on + _days("visit.first")
        yield _row("visit.first", "first", facts.opened_on, due, seen[0] if seen else None, on)


def _periodic(facts: Facts, seen: list[date], on: date) -> Iterator[Owed]:
    """From each visit to the next, one duty an interval; without a visit, from the day the first one was due.

    The next interval's duty is there once the one before is missed for good: a visit in the days of grace settles the one
    that was late, and is not counted a second time for the next.
    """
    base = facts.opened_on + _days("visit.first")
    gaps: list[tuple[date, date | None]] = list(zip_longest(seen, seen[1:]))
    if base <= on and (not seen or seen[0] > base):
        gaps.append((base, seen[0] if seen else None))
    every = timedelta(
        days=cadence(on).interval(
            attention=facts.attention, priority=facts.priority, raised=facts.raised_since is not None, fair=facts.fair
        )
    )
    for start, end in gaps:
        if (end or on) >= on - timedelta(days=RULES.horizon_days.on(on)):
            yield from _gap(facts, start, end, every, on)


def _gap(facts: Facts, start: date, end: date | None, every: timedelta, on: date) -> Iterator[Owed]:
    since = facts.raised_since if facts.raised_since and facts.raised_since > facts.opened_on else None
    paced = max((day for day in (facts.attention_on, since) if day), default=date.min)
    due = start + every if end else max(start + every, paced)
    opens, number = start, 1
    grace = timedelta(days=OBLIGATIONS["visit.periodic"].grace)
    while number == 1 or due - every + grace < (end or on):
        yield _row("visit.periodic", f"after:{start}:{number}", opens, due, end, on)
        opens, due, number = due, due + every, number + 1


def _events(facts: Facts, seen: list[date], on: date, calendar: Calendar) -> Iterator[Owed]:
    oldest = on - timedelta(days=RULES.events.seen_days)
    for key, day in facts.events:
        if facts.opened_on < day <= on and day >= oldest:
            due = calendar.add(day, OBLIGATIONS["visit.event"].days)
            yield _row("visit.event", key, day, due, next((visit for visit in seen if visit >= day), None), on)


def _agreements(facts: Facts, on: date) -> Iterator[Owed]:
    signed = [day for state, day in facts.agreements if state in RUNNING and day <= on]
    for identifier, since in facts.behind:
        if since <= on:
            done = max(min(signed), since) if signed else None
            yield _row(
                "agreement.entrusted", f"left:{identifier}", since, since + _days("agreement.entrusted"), done, on
            )


def _mondays(since: date, on: date) -> list[date]:
    this = on - timedelta(days=on.weekday())
    weeks = RULES.contact_weeks.on(on)
    return [day for n in range(weeks, -1, -1) if (day := this - timedelta(weeks=n)) >= since]


def _kept(facts: Facts, monday: date) -> date | None:
    """The day on which a week was whole: both child and carer were called; None when it was not."""
    told = [facts.contacts.get((week(monday), direction), ("", None)) for direction in ("parent_child", "parent_carer")]
    if any(state != "done" for state, _ in told):
        return None
    sunday = monday + timedelta(days=6)
    last = max((day for _, day in told if day), default=sunday)
    return min(max(last, monday), sunday)


def _weekly(facts: Facts, on: date) -> Iterator[Owed]:
    for _, since in facts.behind:
        for monday in _mondays(since, on) if since <= on else ():
            yield _row("contact.weekly", week(monday), monday, monday + timedelta(days=6), _kept(facts, monday), on)


def _urged(facts: Facts, on: date) -> Iterator[Owed]:
    """After the second missed week of a run, once; a run that began before what is looked at is not begun again."""
    grace = OBLIGATIONS["contact.weekly"].grace
    for _, since in facts.behind:
        over = [m for m in _mondays(since, on) if m + timedelta(days=6 + grace) < on] if since <= on else []
        lost = [_kept(facts, monday) is None for monday in over]
        for n in range(1, len(over)):
            begins = not lost[n - 2] if n >= 2 else over[n] - timedelta(weeks=2) < since
            if lost[n] and lost[n - 1] and begins:
                opens = over[n] + timedelta(days=7 + grace)
                done = min((day for day in facts.urged if opens <= day <= on), default=None)
                yield _row("contact.urge", f"weeks:{week(over[n])}", opens, opens + _days("contact.urge"), done, on)


def _updates(facts: Facts, seen: list[date], on: date) -> Iterator[Owed]:
    changed = facts.changed_on
    if changed and facts.opened_on < changed <= on:
        days = [day for day in (*seen, facts.updated_on) if day and changed <= day <= on]
        yield _row(
            "file.update", f"change:{changed}", changed, changed + _days("file.update"), min(days, default=None), on
        )


def _rechecks(facts: Facts, on: date) -> Iterator[Owed]:
    year, before = _days("file.recheck"), timedelta(days=RULES.recheck_opens_before.on(on))
    number = 1
    while (opens := facts.opened_on + number * year - before) <= on:
        due = facts.opened_on + number * year
        if due >= on - year:
            done = facts.rechecked_on if facts.rechecked_on and opens <= facts.rechecked_on <= on else None
            yield _row("file.recheck", f"year:{number}", opens, due, done, on)
        number += 1
