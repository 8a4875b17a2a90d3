"""Arithmetic of working days over a calendar that somebody else provides (policy.calendar)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from hutong.kernel.refusals import Refusal


class UnknownYear(Refusal):
    """The State Council has not announced the holidays of this year, or they were not loaded."""

    code = "unknown_year"


@dataclass(frozen=True)
class Calendar:
    """Which of the days known are working days."""

    days: Mapping[date, bool] = field(repr=False)

    def works(self, on: date) -> bool:
        """Is it a working day? Raises UnknownYear for a day the calendar does not know."""
        try:
            return self.days[on]
        except KeyError:
            raise UnknownYear(
                "%(year)s 年的放假安排还没有录入，算不出工作日期限。没有保存；请管理员按国务院通知补录后再办。",
                values={"year": on.year},
            ) from None

    def add(self, start: date, days: int) -> date:
        """The day on which the n-th working day after `start` falls; `start` itself does not count."""
        on, left = start, days
        while left:
            on += timedelta(days=1)
            left -= self.works(on)
        return on
