"""Shapes of measures.yaml and trace.yaml, and the checks that they hold together."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Literal

from pydantic import Field, model_validator

from hutong.policy.loader import Strict, read

Strength = Literal["hard", "duty", "encouraged"]


class Meta(Strict):
    """Where the plan comes from."""

    title_zh: str
    doc_no: str
    issued: date
    period: str
    parents: tuple[str, ...]
    annex3_zh: str
    seed_file: str
    location_format: str
    strength_values: dict[Strength, str]
    target_basis_values: dict[str, str]


class Department(Strict):
    """A department as printed, and the measures that name it."""

    name: str
    canonical: str
    measure_count: int
    aliases: tuple[str, ...]
    measures: tuple[str, ...]
    note: str = ""


class Section(Strict):
    """One of the five actions."""

    id: str
    name_zh: str
    name_en: str


class Obligation(Strict):
    """What a sentence of the plan asks of somebody. `strength`: see Meta.strength_values."""

    id: str
    who: str
    what_zh: str
    what_en: str
    frequency: str
    deadline: str | None
    strength: Strength
    source_quote_location: str
    anchor_zh: str

    @property
    def frequency_zh(self) -> str:
        """How often, in Chinese."""
        return _in_chinese(self.frequency)

    @property
    def lines(self) -> str:
        """Where the plan's text says so: L256-L260."""
        return self.source_quote_location.removeprefix("seed ")


class Indicator(Strict):
    """A figure by which a measure is judged."""

    id: str
    name_zh: str
    name_en: str
    kind: Literal["ratio", "count", "latency"]
    numerator: str
    denominator: str | None
    target: str
    target_basis: Literal["seed", "seed-derived", "proposed"]

    @property
    def target_zh(self) -> str:
        """The target, in Chinese; a figure as it is."""
        return _in_chinese(self.target)


class Measure(Strict):
    """A measure (M01…M23) or a safeguard (S1…S3) with its departments as printed."""

    id: str
    number: int = Field(alias="no")
    section: str
    section_zh: str = ""
    title_zh: str
    title_en: str
    departments: tuple[str, ...]
    lead_note: str = ""
    seed_location: str
    obligations: tuple[Obligation, ...]
    indicators: tuple[Indicator, ...]
    records: tuple[str, ...]
    data_sources: tuple[str, ...] = ()


class TextRow(Strict):
    """One row of the plan's text, with the obligations it carries or the reason why it carries none."""

    id: str
    part: str
    measure: str | None
    kind: Literal["sentence", "title", "departments", "heading", "annex"]
    lines: str
    text: str
    obligations: tuple[str, ...] = ()
    reason: str = ""
    reason_zh: str = ""

    @model_validator(mode="after")
    def _says_why_it_asks_nothing(self) -> TextRow:
        if not self.obligations and not (self.reason and self.reason_zh):
            raise ValueError(f"{self.id} carries no obligation and gives no reason")
        return self


class _Measures(Strict):
    meta: Meta
    departments: tuple[Department, ...]
    sections: tuple[Section, ...]
    measures: tuple[Measure, ...]
    safeguards: tuple[Measure, ...]


class Plan(Strict):
    """The whole plan. `trace` is its text in order."""

    meta: Meta
    departments: tuple[Department, ...]
    sections: tuple[Section, ...]
    measures: tuple[Measure, ...]
    safeguards: tuple[Measure, ...]
    trace: tuple[TextRow, ...]

    @model_validator(mode="after")
    def _holds_together(self) -> Plan:
        known = {o.id for o in self.obligations}
        used = {name for row in self.trace for name in row.obligations}
        if known != used:
            raise ValueError(f"obligations without text or text without obligations: {sorted(known ^ used)}")
        if len(known) != len(self.obligations):
            raise ValueError("an obligation id is used twice")
        return self

    @property
    def parts(self) -> tuple[Measure, ...]:
        """Measures, then safeguards."""
        return self.measures + self.safeguards

    @property
    def obligations(self) -> tuple[Obligation, ...]:
        """All obligations in the plan's order."""
        return tuple(o for part in self.parts for o in part.obligations)

    @property
    def indicators(self) -> tuple[Indicator, ...]:
        """All indicators in the plan's order."""
        return tuple(i for part in self.parts for i in part.indicators)

    def part(self, identifier: str) -> Measure | None:
        """The measure or safeguard with this id, if there is one."""
        return next((part for part in self.parts if part.id == identifier), None)

    def obligation(self, identifier: str) -> Obligation | None:
        """The obligation with this id, if there is one."""
        return next((o for o in self.obligations if o.id == identifier), None)


@cache
def words() -> dict[str, str]:
    """What measures.yaml says in English of how often and how much → Chinese."""
    return read("plan/words.yaml", dict[str, str])


def _in_chinese(text: str) -> str:
    return words().get(text, text)


@cache
def load() -> Plan:
    """The plan as packaged. Raises PolicyError with file and line when the data does not hold together."""
    data: _Measures = read("plan/measures.yaml", _Measures)
    trace: tuple[TextRow, ...] = read("plan/trace.yaml", tuple[TextRow, ...])
    return Plan(trace=trace, **{name: getattr(data, name) for name in _Measures.model_fields})
