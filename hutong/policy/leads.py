"""Numbers of the rules over registers, and the weights by which leads are ordered. Data in leads.yaml."""

from __future__ import annotations

from hutong.policy.loader import Basis, Strict, read


class Numbers(Basis):
    """What rule texts call `limits.…`; leads.yaml says what each is."""

    adult_age: int
    left_behind_age: int
    months_of_custody: int
    school_from: int
    school_until: int
    working_age: int
    carer_age: int
    carer_children: int
    attendance_percent: int
    protected_age: int
    stay_days: int
    stay_within: int
    recent_months: int
    injuries: int
    moves: int
    moves_months: int
    behind_years: int
    silent_days: int
    visit_days: int
    first_visit_days: int

    def values(self) -> dict[str, int]:
        """The numbers alone."""
        return self.model_dump(exclude={"source", "standing"})


class Order(Basis):
    """Weights of a lead's place in the list. Not a score of a person: of how soon somebody should look."""

    severity: dict[str, int]
    certainty: dict[str, int]
    age: dict[int, int]


class Capacity(Basis):
    """Leads an officer judges in a week, and the most decided at once."""

    a_week: int
    at_once: int


class Clock(Basis):
    """Days from taking a lead in until somebody should have decided, by severity."""

    days: dict[str, int]


class _Leads(Strict):
    numbers: Numbers
    order: Order
    capacity: Capacity
    clock: Clock


LEADS: _Leads = read("leads.yaml", _Leads)
