"""Working days in China by the State Council's yearly notices, 调休 included. A year without a notice is refused, never guessed.

Data: workdays.csv, every day of 2024–2026 from PyPI chinesecalendar 1.11.0 and npm chinese-days 1.5.7 (MIT), which agree on all
1,096 days. Standing: sourced. 2027 is not announced yet.
"""

from __future__ import annotations

import csv
from datetime import date
from functools import cache

from hutong.kernel.workdays import Calendar
from hutong.policy.loader import FOLDER


@cache
def calendar() -> Calendar:
    """The days known, as a calendar for kernel.workdays."""
    with (FOLDER / "calendar" / "workdays.csv").open(encoding="utf-8") as file:
        rows = [(date.fromisoformat(row["date"]), row["is_off"] == "0") for row in csv.DictReader(file)]
    return Calendar(dict(rows))
