"""What follows from checked answers: flags, facts, a suggested attention level, days to the next visit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from hutong.policy import expressions
from hutong.policy.questionnaires.model import FactRule, Questionnaire


@dataclass(frozen=True, slots=True)
class FlagFound:
    """A sign that somebody must look."""

    kind: str
    severity: str
    domain: str
    text_zh: str


@dataclass(frozen=True, slots=True)
class FactFound:
    """A circumstance of somebody; empty parts of the value are left out."""

    of: str
    kind: str
    value: dict[str, Any]
    lasts_days: int | None = None
    ends: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Scored:
    """All that follows from one set of answers."""

    flags: tuple[FlagFound, ...]
    facts: tuple[FactFound, ...]
    attention: str
    because_zh: str
    next_days: int | None

    @property
    def red(self) -> tuple[FlagFound, ...]:
        """The flags that page people at once."""
        return tuple(flag for flag in self.flags if flag.severity == "red")


def score(questionnaire: Questionnaire, answers: Mapping[str, Any], given: Mapping[str, Any]) -> Scored:
    """Evaluate the questionnaire's rules over checked answers. `given`: child_age, today."""
    known = {**given, **answers}
    flags = tuple(
        FlagFound(rule.kind, rule.severity, rule.domain, rule.text_zh)
        for rule in questionnaire.flags
        if expressions.holds(rule.when, known)
    )
    facts = tuple(fact for rule in questionnaire.facts for fact in _facts(rule, known))
    level = next((rule for rule in questionnaire.attention if expressions.holds(rule.when, known)), None)
    return Scored(
        flags=flags,
        facts=facts,
        attention=level.level if level else "",
        because_zh=level.because_zh if level else "",
        next_days=expressions.evaluate(questionnaire.next_days, known),
    )


def _facts(rule: FactRule, known: Mapping[str, Any]) -> Iterator[FactFound]:
    rounds = [{**known, "each": one} for one in known.get(rule.each) or ()] if rule.each else [known]
    for names in rounds:
        if expressions.holds(rule.when, names):
            value = {name: expressions.evaluate(tree, names) for name, tree in rule.value.items()}
            given = {name: v for name, v in value.items() if v is not None}
            yield FactFound(rule.of, rule.kind, given, rule.lasts_days, rule.ends)
