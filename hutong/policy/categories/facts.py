"""What a rule is given: a child, the parents, and dated facts. Plain values; people fills them.

Owns reading facts on a day, and ages. Knows no rule.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from hutong.policy.categories.settings import number


@dataclass(frozen=True, slots=True)
class Fact:
    """A dated, sourced fact: `kind` and `value` by circumstances.yaml, in force in `[start, end)`."""

    kind: str
    value: Mapping[str, Any] = field(default_factory=dict)
    start: date | None = None
    end: date | None = None
    source: str = ""
    id: str = ""

    def on(self, day: date) -> bool:
        """Is the fact in force on `day`? An open end lasts."""
        return (self.start is None or self.start <= day) and (self.end is None or day < self.end)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody in the child's life. `recorded`: False for a parent of whom nothing was ever entered."""

    facts: tuple[Fact, ...] = ()
    recorded: bool = True

    def all(self, kind: str, on: date) -> Iterator[Fact]:
        """Facts of one kind in force on a day, latest start first."""
        held = [fact for fact in self.facts if fact.kind == kind and fact.on(on)]
        yield from sorted(held, key=lambda fact: fact.start or date.min, reverse=True)

    def one(self, kind: str, on: date) -> Fact | None:
        """The latest fact of one kind in force on a day."""
        return next(self.all(kind, on), None)


UNKNOWN = Person(recorded=False)


@dataclass(frozen=True, slots=True)
class Episode:
    """A category confirmed before and not ended."""

    category: str
    start: date


@dataclass(frozen=True, slots=True)
class Child:
    """All a rule may look at. `unseen`: data domains the asker was not allowed to read.

    `birth_precision` is day, month or year. Divisions are 12-digit codes.
    """

    birth_date: date | None
    birth_precision: str = "day"
    me: Person = Person()
    father: Person = UNKNOWN
    mother: Person = UNKNOWN
    carer: Person | None = None
    hukou_kind: str = ""
    hukou_division: int | None = None
    division: int | None = None
    confirmed: tuple[Episode, ...] = ()
    unseen: frozenset[str] = frozenset()

    @property
    def parents(self) -> tuple[Person, Person]:
        """Father, mother."""
        return self.father, self.mother

    def episode(self, category: str) -> Episode | None:
        """The running episode of a category."""
        return next((e for e in self.confirmed if e.category == category), None)

    def under(self, years: int, on: date) -> bool | None:
        """Younger than `years` on a day; None when the birth date is too vague to tell."""
        if self.birth_date is None:
            return None
        first, last = _birth_range(self.birth_date, self.birth_precision)
        answers = {on < day_reached(born, years, on) for born in (first, last)}
        return answers.pop() if len(answers) == 1 else None

    def reaches(self, years: int, on: date) -> date | None:
        """The day on which the child turns `years`, by the setting in force on `on`."""
        if self.birth_date is None or self.birth_precision != "day":
            return None
        return day_reached(self.birth_date, years, on)


def day_reached(born: date, years: int, on: date) -> date:
    """The day an age is reached: the birthday, or the day after it, as the setting says."""
    day = _same_day(born.year + years, born.month, born.day)
    return day if number("age_reached_on", on) == "birthday" else day + timedelta(days=1)


def plus_months(day: date, months: int) -> date:
    """`day` some months later; the last day of the month when it has no such day."""
    month = day.month - 1 + months
    year, month = day.year + month // 12, month % 12 + 1
    for last in (day.day, 30, 29, 28):
        if last <= day.day:
            try:
                return date(year, month, last)
            except ValueError:
                continue
    raise AssertionError("every month has 28 days")


def _same_day(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:  # 29 February in a common year
        return date(year, 3, 1)


def _birth_range(born: date, precision: str) -> tuple[date, date]:
    if precision == "day":
        return born, born
    if precision == "month":
        first = born.replace(day=1)
        return first, plus_months(first, 1) - timedelta(days=1)
    return date(born.year, 1, 1), date(born.year, 12, 31)
