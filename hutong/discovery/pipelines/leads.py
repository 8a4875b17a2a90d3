"""What a rule answers, as leads: named, with evidence in JSON and a place in the order, each once.

A lead is named by rule, person and evidence key, so that the same finding of tomorrow is the same lead. Of several answers
with one name the surest is taken, then the one whose evidence comes first, so that no engine's order of rows decides.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from hutong.discovery.pipelines import registers
from hutong.discovery.pipelines.engines import Engine
from hutong.discovery.pipelines.rules import ANSWER, Evidence, Rule
from hutong.kernel.refusals import Refusal
from hutong.policy.leads import LEADS

COLUMNS = {
    "lead": "text", "rule": "text", "subject": "bigint", "evidence_key": "text", "certainty": "text", "name": "text", "sex": "text",
    "birth_date": "date", "age": "int", "division": "bigint", "severity": "text", "need": "text", "domain": "text",
    "restricted": "boolean", "evidence": "text", "weight": "int", "found_on": "date",
    "disabled": "boolean",
}  # fmt: skip
AT = {column: at for at, column in enumerate(COLUMNS)}
Lead = tuple[Any, ...]  # in the order of COLUMNS

_ABOUT = {
    "child": "select p.pid, p.name, p.sex, p.birth_date, p.age, p.division, d.pid is not null as disabled"
    " from asked a join person p on p.pid = a.subject left join disabled d on d.pid = a.subject",
    "village": "select a.subject, cast(null as string) as name, cast(null as string) as sex, cast(null as date) as birth_date,"
    " cast(null as int) as age, a.subject as division, cast(null as boolean) as disabled from asked a",
}
_OF_NO_AGE = 200
_KNOWN_VALUES = 50_000


@dataclass(frozen=True, slots=True)
class Answer:
    """What one rule answered: rows of these columns."""

    rule: Rule
    columns: list[str]
    rows: list[tuple[Any, ...]]


def ask(where: Engine, rule: Rule) -> Answer:
    """Run one rule. Raises Refusal when it cannot be run."""
    try:
        return Answer(rule, *where.fetch(rule.sql))
    except Refusal:
        raise
    except Exception as error:  # two engines, each with errors of its own
        raise Refusal(f"规则“{rule.head.zh}”运行出错，原有线索不变：{str(error).splitlines()[0]}") from error


def made(where: Engine, answers: Sequence[Answer], on: date) -> dict[str, list[Lead]]:
    """The leads of each rule, once each, with the person or the village they are about; whoever is nobody's is left out.

    Who they are is asked once for all rules: once for each would read the city again each time.
    """
    people = {
        about: _people(where, [one for one in answers if one.rule.head.about == about], about) for about in _ABOUT
    }
    return {one.rule.head.id: _leads(one, people[one.rule.head.about], on) for one in answers}


def _people(where: Engine, answers: Sequence[Answer], about: str) -> dict[int, Lead]:
    subjects = {row[one.columns.index("subject")] for one in answers for row in one.rows}
    if not subjects:
        return {}
    where.lay("asked", {"subject": "bigint"}, [(subject,) for subject in sorted(subjects - {None})])
    return {row[0]: row for row in where.fetch(_ABOUT[about])[1]}


def _leads(answer: Answer, people: dict[int, Lead], on: date) -> list[Lead]:
    make, subject = _maker(answer.rule, answer.columns, on), answer.columns.index("subject")
    best: dict[str, Lead] = {}
    for row in answer.rows:
        if row[subject] in people:
            lead = make(row, people[row[subject]])
            best[lead[0]] = min(best.get(lead[0], lead), lead, key=_rank)
    return list(best.values())


def _rank(lead: Lead) -> tuple[bool, str]:
    return lead[AT["certainty"]] != "sure", lead[AT["evidence"]]


def identity(rule: str, subject: str, evidence_key: str) -> str:
    """The name of a lead: the same whenever the same rule finds the same thing about the same person."""
    return hashlib.sha256("\x1f".join((rule, subject, evidence_key)).encode()).hexdigest()[:32]


def _maker(rule: Rule, columns: list[str], on: date) -> Callable[[Lead, Lead], Lead]:
    """What makes a lead of a row with these columns and what is known of its subject."""
    head, at = rule.head, {column: place for place, column in enumerate(columns)}
    subject, key, certainty = (at[column] for column in ANSWER)
    said = [_teller(item, at) for item in head.evidence]

    def make(row: Lead, person: Lead) -> Lead:
        _, name, sex, born, age, division, disabled = person
        years = (
            _OF_NO_AGE if head.about == "village" else age
        )  # an unknown age counts as the youngest, but a village has none
        return (
            identity(head.id, str(row[subject]), row[key]), head.id, row[subject], row[key], row[certainty],
            name, sex, born, age, division, head.severity, head.need, head.domain,
            head.restricted, f"[{', '.join([tell(row) for tell in said])}]", _weight(head.severity, row[certainty], years), on,
            disabled,
        )  # fmt: skip

    return make


def _teller(item: Evidence, at: dict[str, int]) -> Callable[[Lead], str]:
    """What writes one item of evidence of a row as JSON."""
    value, since = at[item.column], at[item.since] if item.since else None
    register = None if item.register_ in registers.NAMES else at[item.register_]
    begin, known = f'{{"column": {_json(item.column)}, "value": ', _json(item.register_)

    def tell(row: Lead) -> str:
        day = "null" if since is None else _json(row[since])
        return f'{begin}{_json(row[value])}, "on": {day}, "register": {known if register is None else _json(row[register])}}}'

    return tell


@lru_cache(_KNOWN_VALUES, typed=True)
def _json(value: Any) -> str:
    return json.dumps(value.isoformat() if isinstance(value, date) else value, ensure_ascii=False)


@lru_cache(_KNOWN_VALUES)
def _weight(severity: str, certainty: str, age: int | None) -> int:
    return LEADS.order.weight(severity=severity, certainty=certainty, age=age)
