"""Working days as the State Council announced them, held against an independent package."""

from __future__ import annotations

from datetime import date, timedelta

import holidays
import pytest

from hutong.policy.calendar import calendar


@pytest.mark.parametrize("year", [2024, 2025, 2026])
def test_every_day_of_a_year_is_a_working_day_here_exactly_when_another_package_says_so(year: int) -> None:
    theirs, ours = holidays.country_holidays("CN", years=year), calendar()
    days = [date(year, 1, 1) + timedelta(days=n) for n in range((date(year + 1, 1, 1) - date(year, 1, 1)).days)]
    assert [day for day in days if ours.works(day) != theirs.is_working_day(day)] == []
