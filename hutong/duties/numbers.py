"""The numbers of policy/obligations.yaml in force on a day, as the statement and the engine take them."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from psycopg.types.json import Jsonb

from hutong.kernel.clock import week
from hutong.kernel.workdays import UnknownYear
from hutong.policy.calendar import calendar
from hutong.policy.categories.parents import MIND_CLASSES, SEVERE_ANY_CLASS, SEVERE_MIND_ONLY
from hutong.policy.obligations import OBLIGATIONS, RULES, cadence


def mondays(on: date) -> list[date]:
    """The Mondays of the weeks of the parents' ledger that are duties on a day, oldest first, this week included."""
    this = on - timedelta(days=on.weekday())
    return [this - timedelta(weeks=n) for n in range(RULES.contact_weeks.on(on), -1, -1)]


@lru_cache(maxsize=64)
def _workdays(on: date, days: int, seen: int) -> tuple[list[date], list[date | None]]:
    """Each day of the last `seen` and the working day `days` after it; None where the holidays are not announced yet.

    What has no due day is not laid out and nothing else stops: a director must be able to record a visit in the last
    days of a year. The first run after the notice was entered lays it out.
    """
    starts = [on - timedelta(days=n) for n in range(seen, -1, -1)]
    return starts, [due_day(start, days) for start in starts]


def due_day(start: date, days: int) -> date | None:
    """The n-th working day after `start`, or None in a year not announced."""
    try:
        return calendar().add(start, days)
    except UnknownYear:
        return None


def parameters(on: date) -> dict[str, Any]:
    """Everything the statement needs but `only`."""
    pace, rules, events = cadence(on), OBLIGATIONS, RULES.events
    starts, ends = _workdays(on, rules["visit.event"].days, events.seen_days)
    triggers = [t.model_dump(mode="json") for t in events.circumstances]
    return {
        "on": on,
        "kinds": sorted({"disability", "mind_anomaly", "guardianship_grade", *(t.kind for t in events.circumstances)}),
        "severe_any": sorted(SEVERE_ANY_CLASS),
        "severe_mind": sorted(SEVERE_MIND_ONLY),
        "mind_classes": sorted(MIND_CLASSES),
        **pace.attention,
        "priority": pace.priority,
        "raised": pace.raised,
        "fair": pace.fair,
        "first_days": rules["visit.first"].days,
        "visit_grace": rules["visit.periodic"].grace,
        "horizon": RULES.horizon_days.on(on),
        "triggers": Jsonb(triggers),
        "carer_change": events.carer_change,
        "event_seen": events.seen_days,
        "workday_from": starts,
        "workday_to": ends,
        "agreement_days": rules["agreement.entrusted"].days,
        "mondays": mondays(on),
        "weeks": [week(monday) for monday in mondays(on)],
        "contact_grace": rules["contact.weekly"].grace,
        "urge_days": rules["contact.urge"].days,
        "update_days": rules["file.update"].days,
        "recheck_days": rules["file.recheck"].days,
        "recheck_before": RULES.recheck_opens_before.on(on),
        "obligations": list(rules),
        "graces": [rule.grace for rule in rules.values()],
        "bearers": [rule.bearer for rule in rules.values()],
    }
