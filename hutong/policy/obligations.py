"""Obligations as data: what is owed, by whom, by when, on whose word. Data in obligations.yaml; duties lays them out."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from hutong.policy.loader import Basis, Dated, Strict, read, version

Bearer = Literal["director", "supervisor", "county_officer", "parents"]


class Obligation(Basis):
    """One obligation. `days` until due; `grace` days after; `ladder`: (days overdue, role told)."""

    zh: str
    en: str
    plan: tuple[str, ...]
    bearer: Bearer
    settled_by: Literal[
        "visit", "agreement", "contact", "urge", "update", "recheck", "acknowledge", "check", "take_over"
    ]
    days: int
    working_days: bool = False
    grace: int
    legal: str
    ladder: tuple[tuple[int, Bearer], ...]


class Cadence(Strict):
    """Longest days between visits."""

    attention: dict[str, int]
    priority: int
    raised: int
    fair: int

    def interval(self, *, attention: str, priority: bool, raised: bool, fair: bool) -> int:
        """The shortest that applies."""
        return min(
            self.attention[attention],
            self.priority if priority else 9999,
            self.raised if raised else 9999,
            self.fair if fair else 9999,
        )


class Trigger(Strict):
    """A fact that calls for a visit; `key` and `values` narrow its value."""

    kind: str
    of: Literal["child", "parent"]
    key: str = ""
    values: tuple[str, ...] = ()


class Events(Basis):
    """What calls for a visit soon."""

    circumstances: tuple[Trigger, ...]
    carer_change: bool
    seen_days: int


class Rules(Strict):
    """The whole of obligations.yaml."""

    cadence: Dated[Cadence]
    horizon_days: Dated[int]
    contact_weeks: Dated[int]
    missed_weeks: Dated[int]
    missed_shown_days: Dated[int]
    recheck_opens_before: Dated[int]
    obligations: dict[str, Obligation] = Field(min_length=1)
    events: Events


RULES: Rules = read("obligations.yaml", Rules)
OBLIGATIONS: dict[str, Obligation] = RULES.obligations
VERSION: str = version("obligations.yaml")


def live_plan_ids() -> set[str]:
    """Obligations of the plan that are laid out as duties."""
    return {plan for rule in OBLIGATIONS.values() for plan in rule.plan}


def settled_by(kind: str) -> list[str]:
    """Keys of the obligations that this kind of record settles."""
    return [key for key, rule in OBLIGATIONS.items() if rule.settled_by == kind]


def cadence(on: date) -> Cadence:
    """The cadence in force."""
    return RULES.cadence.on(on)
