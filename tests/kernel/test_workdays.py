"""Working days by the State Council's notices: make-up Saturdays count, holidays do not, an unannounced year is refused."""

from __future__ import annotations

from datetime import date

import pytest

from hutong.kernel.workdays import UnknownYear
from hutong.policy.calendar import calendar


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        (date(2026, 9, 30), 3, date(2026, 10, 10)),  # National Day 1–7 October; 10 October is a make-up Saturday
        (date(2025, 9, 28), 15, date(2025, 10, 24)),  # 1–8 October off, the 11th is a make-up Saturday
        (date(2026, 3, 6), 1, date(2026, 3, 9)),  # a Friday
        (date(2026, 3, 6), 0, date(2026, 3, 6)),
    ],
)
def test_it_counts_working_days_with_make_up_saturdays(start: date, days: int, end: date) -> None:
    assert calendar().add(start, days) == end


def test_it_refuses_a_year_that_was_not_announced() -> None:
    with pytest.raises(UnknownYear, match="2027 年的放假安排还没有录入"):
        calendar().add(date(2026, 12, 31), 1)


def test_it_knows_every_day_of_its_years() -> None:
    known = calendar().days
    assert (min(known), max(known), len(known)) == (date(2024, 1, 1), date(2026, 12, 31), 1096)
