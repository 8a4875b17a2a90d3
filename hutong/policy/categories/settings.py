"""The names, sources and numbers of the category rules, from rules.yaml."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from pydantic import Field

from hutong.policy.access import DOMAINS
from hutong.policy.codes import label
from hutong.policy.loader import Basis, Dated, Strict, read, version


class Rule(Basis):
    """One category rule: its words, the data domains it reads, and the words of its bases."""

    zh: str
    en: str
    version: str
    domains: frozenset[str]
    bases: dict[str, str]
    bases_en: dict[str, str]


class Group(Strict):
    """A group of children the plan wants visited more often."""

    zh: str
    en: str


class Numbers(Strict):
    """Every number of the rules, dated."""

    age_reached_on: Dated[Literal["birthday", "day_after"]]
    left_behind_under: Dated[int]
    min_away_days: Dated[int]
    warn_away_days: Dated[int]
    child_under: Dated[int]
    continue_after_18_if_studying: Dated[bool]
    own_payment_yuan: Dated[int]
    custody_months: Dated[int]
    lost_contact_months: Dated[int]
    migrant_under: Dated[int]
    migrant_months: Dated[int]
    central_districts: Dated[tuple[int, ...]]
    priority_enabled: Dated[bool]
    carer_old_at: Dated[int]
    carer_many_children: Dated[int]
    alone_under: Dated[int]
    no_contact_days: Dated[int]
    first_months: Dated[int]


class Settings(Strict):
    """The whole of rules.yaml."""

    rules: dict[str, Rule] = Field(min_length=1)
    raised_groups: dict[str, Group]
    subtypes: dict[str, str]
    numbers: Numbers


SETTINGS: Settings = read("categories/rules.yaml", Settings)
RULES = SETTINGS.rules
DIGEST = version("categories/rules.yaml")

_STRANGE = {name for rule in RULES.values() for name in rule.domains} - set(DOMAINS)
if _STRANGE:
    raise ValueError(f"categories/rules.yaml: unknown data domains {sorted(_STRANGE)}")


def number(name: str, on: date) -> Any:
    """The number called `name` in force on `on`."""
    dated: Dated[Any] = getattr(SETTINGS.numbers, name)
    return dated.on(on)


def first_day() -> date:
    """The first day on which ages can be told by the rules; of what was before, nothing is asked or recorded."""
    return min(SETTINGS.numbers.age_reached_on.values)


def rule_version(category: str) -> str:
    """What a decision is filed under: the rule's own version and the content it had."""
    return f"{RULES[category].version}+{DIGEST}"


def basis_words(kind: str, basis: str, language: str = "zh") -> str:
    """A stored basis (codes joined by "+", or the word for a source) in words; what is no code stays as it was written."""
    rule = RULES.get(kind)
    known = {} if rule is None else rule.bases_en if language.startswith("en") else rule.bases
    return "＋".join(known.get(code) or label("source", code, language) for code in basis.split("+") if code)
