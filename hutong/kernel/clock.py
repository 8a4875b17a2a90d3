"""The only place that knows what time it is and where: doors call `now()`, rooms take `at` and `on`."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Shanghai")


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)


def day(at: datetime) -> date:
    """The calendar day of an aware moment in China."""
    return at.astimezone(ZONE).date()


def today() -> date:
    """Today in China. For doors only."""
    return day(now())


def week(on: date) -> str:
    """The ISO week of a day, as `2026-W48`: the key of weekly duties and contacts."""
    year, number, _ = on.isocalendar()
    return f"{year}-W{number:02d}"
