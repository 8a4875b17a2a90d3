"""The numbers of visits, attempts, contacts, entrusted care and photos, dated and sourced. Data in visits.yaml."""

from __future__ import annotations

from datetime import date

from hutong.policy.loader import Dated, Strict, read


class Numbers(Strict):
    """Every number of the file."""

    attempts_before_flag: Dated[int]
    attempt_window_days: Dated[int]
    visit_before_file_days: Dated[int]
    missed_weeks_before_urging: Dated[int]
    carer_age_at_least: Dated[int]
    carer_old_at: Dated[int]
    carer_children_at_most: Dated[int]
    photos_a_visit: Dated[int]
    photo_bytes_at_most: Dated[int]
    photo_pixels_at_most: Dated[int]
    photo_long_side: Dated[int]


NUMBERS: Numbers = read("visits.yaml", Numbers)


def number(name: str, on: date) -> int:
    """The number called `name` in force on `on`."""
    dated: Dated[int] = getattr(NUMBERS, name)
    return dated.on(on)
