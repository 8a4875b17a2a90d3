"""What a rule answers, as leads: named, with evidence in JSON and a place in the order, each once. All of it as tables.

A lead is named by rule, person and evidence key, so that the same finding of tomorrow is the same lead. Of several answers
with one name the surest is taken, then the one whose evidence comes first, so that no engine's order of rows decides.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date

from hutong.discovery.pipelines import registers
from hutong.discovery.pipelines.engines import Engine
from hutong.discovery.pipelines.rules import Evidence, Rule
from hutong.kernel.refusals import Refusal
from hutong.policy.leads import LEADS

COLUMNS = {
    "lead": "text", "rule": "text", "subject": "bigint", "evidence_key": "text", "certainty": "text", "name": "text", "sex": "text",
    "birth_date": "date", "age": "int", "division": "bigint", "severity": "text", "need": "text", "domain": "text",
    "restricted": "boolean", "evidence": "text", "weight": "int", "found_on": "date",
    "disabled": "boolean",
}  # fmt: skip
_BETWEEN = "\x1f"  # stands in no rule's name, number or key
_LETTERS = 32  # of a lead's name
_MET = {
    "child": "select p.pid as subject, p.name, p.sex, p.birth_date, p.age, p.division, d.pid is not null as disabled"
    " from {asked} a join {people} p on p.pid = a.subject left join disabled d on d.pid = p.pid",
    "village": "select a.subject, cast(null as string) as name, cast(null as string) as sex, cast(null as date) as birth_date,"
    " cast(null as int) as age, a.subject as division, cast(null as boolean) as disabled from {asked} a",
}


def identity(rule: str, subject: str, evidence_key: str) -> str:
    """The name of a lead: the same whenever the same rule finds the same thing about the same person."""
    return hashlib.sha256(_BETWEEN.join((rule, subject, evidence_key)).encode()).hexdigest()[:_LETTERS]


def ask(where: Engine, rule: Rule) -> None:
    """Run one rule; its answer is a table. Raises Refusal when it cannot be run."""
    try:
        where.table(_answer(rule), rule.sql)
    except Refusal:
        raise
    except Exception as error:  # two engines, each with errors of its own
        raise Refusal(f"规则“{rule.head.zh}”运行出错，原有线索不变：{str(error).splitlines()[0]}") from error


def made(where: Engine, asked: Sequence[Rule], on: date) -> dict[str, str]:
    """By rule, the table of its leads (COLUMNS), once each, with the person or village they are about; nobody's are left out.

    Who they are is asked once for all rules: once for each would read the city again each time.
    """
    found = {}
    for about in _MET:
        rules = [rule for rule in asked if rule.head.about == about]
        if rules:
            _meet(where, rules, about)
        for rule in rules:
            found[rule.head.id] = f"leads_of_{rule.head.id}"
            where.table(found[rule.head.id], _leads(rule, where.columns(_answer(rule)), on))
    return found


def _answer(rule: Rule) -> str:
    return f"answer_of_{rule.head.id}"


def _meet(where: Engine, rules: Sequence[Rule], about: str) -> None:
    """Make table met: whom these answers are about. Most are children: everybody else is looked for only if somebody is."""
    asked = " union ".join(f"select cast(subject as bigint) as subject from {_answer(rule)}" for rule in rules)
    where.table("asked", f"select subject from ({asked}) where subject is not null")
    if about == "village":
        return where.table("met", _MET[about].format(asked="asked"))
    where.table("met_child", _MET[about].format(asked="asked", people="child"))
    where.table("unmet", "select a.subject from asked a left anti join met_child m on m.subject = a.subject")
    others = _MET[about].format(asked="unmet", people="person") if where.count("unmet") else ""
    where.table("met", "select * from met_child" + (f" union all {others}" if others else ""))
    return None


def _leads(rule: Rule, kinds: dict[str, str], on: date) -> str:
    """SQL: the leads of a rule's answer, whose columns are of these kinds."""
    head = rule.head
    own = {
        "lead": f"left(sha2(concat('{head.id}{_BETWEEN}', cast(subject as string), '{_BETWEEN}', evidence_key), 256), {_LETTERS})",
        "rule": f"'{head.id}'", "severity": f"'{head.severity}'", "need": f"'{head.need}'", "domain": f"'{head.domain}'",
        "restricted": str(head.restricted).lower(), "weight": f"cast({_weight(rule)} as int)", "found_on": f"cast('{on}' as date)",
        "age": "cast(age as int)",
    }  # fmt: skip
    columns = ", ".join(f"{own[column]} as {column}" if column in own else column for column in COLUMNS)
    told = ", ', ', ".join(_told(item, kinds) for item in head.evidence)
    return f"""select {columns} from (
        select *, row_number() over (partition by subject, evidence_key
            order by case certainty when 'sure' then 0 else 1 end, evidence) as place
        from (select cast(a.subject as bigint) as subject, a.evidence_key, a.certainty, m.name, m.sex, m.birth_date, m.age, m.division,
            m.disabled, concat('[', {told}, ']') as evidence
          from {_answer(rule)} a join met m on m.subject = a.subject)) where place = 1"""


def _told(item: Evidence, kinds: dict[str, str]) -> str:
    """SQL: one item of evidence as JSON."""
    day = _json(f"a.{item.since}", kinds[item.since]) if item.since else "'null'"
    known = item.register_ in registers.NAMES
    register = f"'\"{item.register_}\"'" if known else _json(f"a.{item.register_}", kinds[item.register_])
    value = _json(f"a.{item.column}", kinds[item.column])
    return (
        f"""'{{"column": "{item.column}", "value": ', {value}, ', "on": ', {day}, ', "register": ', {register}, '}}'"""
    )


def _json(column: str, kind: str) -> str:
    """SQL: a value as JSON."""
    if kind == "varchar":
        return f"coalesce(cast(to_json({column}) as string), 'null')"
    if kind == "string":
        inside = f"to_json(named_struct('v', {column}))"  # {"v":…}: Spark makes JSON of structures only
        return f"case when {column} is null then 'null' else substring({inside}, 6, length({inside}) - 6) end"
    if kind == "date":
        return f"""coalesce(concat('"', cast({column} as string), '"'), 'null')"""
    return f"coalesce(cast({column} as string), 'null')"


def _weight(rule: Rule) -> str:
    """SQL: a lead's place in the order. An unknown age counts as the youngest; a village has none and counts as the eldest."""
    order = LEADS.order
    age = "coalesce(age, 0)" if rule.head.about == "child" else str(max(order.age))
    steps = " ".join(f"when {age} <= {until} then {worth}" for until, worth in sorted(order.age.items()))
    surely = " ".join(f"when '{certainty}' then {worth}" for certainty, worth in order.certainty.items())
    return f"{order.severity[rule.head.severity]} * case certainty {surely} end * case {steps} end"
