"""Running rules: registers of a folder → facts → leads, written aside and put in place whole.

A lead is named by rule, person and evidence key, so that the same finding of tomorrow is the same lead. A rule one of whose
registers is empty or missing is not run, and the file says so: nobody may take its silence for "no more such children".
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from hutong.discovery.pipelines import alone, engines, registers
from hutong.discovery.pipelines.engines import Duck, Engine
from hutong.discovery.pipelines.rules import FACTS, Rule
from hutong.kernel.refusals import Refusal
from hutong.policy.leads import LEADS
from hutong.policy.linkage import LINKAGE

COLUMNS = {
    "lead": "text", "rule": "text", "subject": "bigint", "evidence_key": "text", "certainty": "text", "name": "text", "sex": "text",
    "birth_date": "date", "age": "int", "division": "bigint", "severity": "text", "need": "text", "domain": "text",
    "restricted": "boolean", "evidence": "text", "weight": "int", "found_on": "date",
    "disabled": "boolean",
}  # fmt: skip


@dataclass(slots=True)
class Outcome:
    """Leads by rule; rules that were not run, each with a sentence; rows by register; rows of each no person was found for.

    `doubts`: a sentence for each column of which something could not be read.
    """

    rules: dict[str, int] = field(default_factory=dict)
    skipped: dict[str, str] = field(default_factory=dict)
    registers: dict[str, int] = field(default_factory=dict)
    unlinked: dict[str, int] = field(default_factory=dict)
    doubts: list[str] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)


Told = Callable[[str], None]  # hears what begins: the name of a register, or of a rule


def _unheard(name: str) -> None:
    """Nobody listens."""


@dataclass(frozen=True, slots=True)
class How:
    """How a run goes about it.

    `key`: a secret that stays the same from day to day; with it only what changed is linked (registers.load). `whole`:
    registers that are known to be whole, so that an empty one says "none" and not "nothing came".
    """

    engine: str = "duckdb"
    key: str = ""
    whole: frozenset[str] = frozenset()
    told: Told = _unheard


def discover(
    folder: Path,
    out: Path,
    rules: Sequence[Rule],
    *,
    on: date,
    engine: str = "duckdb",
    key: str = "",
    whole: frozenset[str] = frozenset(),
    told: Told = _unheard,
) -> Outcome:
    """Run the rules over a folder of registers and write the leads to `out`. Raises Refusal; then `out` is as it was.

    The others are as in `How`.
    """
    if not out.parent.is_dir():
        raise Refusal(f"没有文件夹 {out.parent}，没有运行规则。请先建好，或换一个位置。")
    engines.check(engine)
    with alone.work(out, "另一次发现任务正在写同一份线索，这一次没有运行。请等它结束后再试。") as scratch:
        try:
            return _discover(folder, out, rules, on, scratch, How(engine, key, whole, told))
        except (duckdb.IOException, duckdb.OutOfMemoryException, OSError) as error:
            raise Refusal(f"读写文件没有成功，原有线索不变：{str(error).splitlines()[0]}。请检查磁盘空间。") from error


def _discover(folder: Path, out: Path, rules: Sequence[Rule], on: date, scratch: Path, how: How) -> Outcome:
    with duckdb.connect(config={"temp_directory": str(scratch), **LINKAGE.engine.config()}) as db:
        begun = time.perf_counter()
        there = registers.load(db, folder, scratch, kept=folder / ".links", key=how.key, told=how.told)
        outcome = Outcome(registers={name: one.rows for name, one in there.items()})
        outcome.doubts = [doubt for one in there.values() for doubt in one.doubts]
        for name in registers.NAMES - {"police"} - registers.OF_VILLAGES:
            outcome.unlinked[name] = _count(db, f"select count(*) from {name} where pid is null")
        outcome.seconds["link"] = round(time.perf_counter() - begun, 2)
        begun = time.perf_counter()
        with _engine(how.engine, db, scratch) as where:
            lay_facts(where, on)
            found = all_rules(where, rules, there, on, outcome, how)
        outcome.seconds["rules"] = round(time.perf_counter() - begun, 2)
        _write(db, found, out, scratch)
    return outcome


@contextmanager
def _engine(name: str, db: duckdb.DuckDBPyConnection, scratch: Path) -> Iterator[Engine]:
    if name == "duckdb":
        yield Duck(db)
        return
    with engines.spark(scratch) as session:
        for register in sorted(registers.NAMES):
            file = scratch / f"{register}.parquet"
            db.execute(f"copy {register} to '{str(file).replace(chr(39), chr(39) * 2)}' (format parquet)")
            session.read(register, file)
        yield session


def all_rules(
    where: Engine,
    rules: Sequence[Rule],
    there: dict[str, registers.Delivered],
    on: date,
    outcome: Outcome,
    how: How | None = None,
) -> list[tuple[Any, ...]]:
    """The leads of all rules. Rules over registers first; then those that look at the leads found."""
    found: list[tuple[Any, ...]] = []
    how = how or How()
    for rule in sorted(rules, key=lambda one: one.second):
        how.told(rule.head.id)
        if sentence := _not_to_run(rule, there, how.whole):
            outcome.skipped[rule.head.id] = sentence
            continue
        if rule.second:
            _lay_found(where, found, rules)
        leads = [tuple(lead.values()) for lead in run(where, rule, on)]
        outcome.rules[rule.head.id] = len(leads)
        found += leads
    return found


def _not_to_run(rule: Rule, there: dict[str, registers.Delivered], whole: frozenset[str]) -> str | None:
    if not rule.head.active:
        return "规则已停用"
    lacking = [registers.ZH[name] for name in rule.head.reads if not there[name].rows and name not in whole]
    if lacking:
        return f"没有收到{'、'.join(lacking)}，没有运行；原有线索保留"
    for name, columns in rule.columns().items():
        if missing := sorted(columns - there[name].columns):
            return f"{registers.ZH[name]}里没有列 {'、'.join(missing)}，没有运行；原有线索保留"
    return None


def lay_facts(where: Engine, on: date) -> None:
    """Make the tables rules share (hutong/discovery/facts) from the registers there are."""
    numbers = ", ".join(f"{value} as {name}" for name, value in LEADS.numbers.values().items())
    where.table("limits", f"select {numbers}")
    school_day = date(on.year if (on.month, on.day) >= (8, 31) else on.year - 1, 8, 31)
    where.table("today", f"select cast('{on}' as date) as on_day, cast('{school_day}' as date) as school_day")
    for file in sorted(FACTS.glob("*.sql")):
        where.table(file.stem.split("_", 1)[1], file.read_text(encoding="utf-8"))


def _lay_found(where: Engine, found: Sequence[tuple[Any, ...]], rules: Sequence[Rule]) -> None:
    """The leads of the first pass as a table. Restricted ones feed no other rule: they would be told by it."""
    about = {rule.head.id: rule.head for rule in rules}
    rows = [dict(zip(COLUMNS, values, strict=True)) for values in found]
    lay_found(
        where,
        [(row["rule"], row["subject"], row["certainty"], row["severity"], about[row["rule"]].zh) for row in rows
         if not row["restricted"] and about[row["rule"]].about == "child"],
    )  # fmt: skip


_FOUND = {"rule": "text", "subject": "bigint", "certainty": "text", "severity": "text", "title": "text"}


def lay_found(where: Engine, rows: list[tuple[Any, ...]]) -> None:
    """`found_lead` with these rows: rule, subject, certainty, severity, title."""
    where.lay("found_lead", _FOUND, rows)


_SUBJECT = {
    "child": "select a.*, p.name as subject_name, p.sex as subject_sex, p.birth_date as subject_birth_date, p.age as subject_age,"
    " p.division as subject_division, d.pid is not null as subject_disabled from ({sql}) a join person p on p.pid = a.subject"
    " left join (select distinct pid from disability) d on d.pid = a.subject",
    "village": "select a.*, cast(null as string) as subject_name, cast(null as string) as subject_sex, cast(null as date) as subject_birth_date,"
    " cast(null as int) as subject_age, a.subject as subject_division,"
    " cast(null as boolean) as subject_disabled from ({sql}) a",
}


def run(where: Engine, rule: Rule, on: date) -> Iterator[dict[str, Any]]:
    """The leads of one rule, once each, with the person or the village they are about."""
    try:
        columns, rows = where.fetch(_SUBJECT[rule.head.about].format(sql=rule.sql))
    except Refusal:
        raise
    except Exception as error:  # two engines, each with errors of its own
        raise Refusal(f"规则“{rule.head.zh}”运行出错，原有线索不变：{str(error).splitlines()[0]}") from error
    answers = [dict(zip(columns, values, strict=True)) for values in rows]
    answers.sort(key=lambda one: (one["subject"], str(one["evidence_key"]), one["certainty"] != "sure"))
    seen: set[str] = set()
    for answer in answers:
        lead = _lead(rule, answer, on)
        if lead["lead"] not in seen:
            seen.add(lead["lead"])
            yield lead


_OF_NO_AGE = 200


def _lead(rule: Rule, row: dict[str, Any], on: date) -> dict[str, Any]:
    head, age = rule.head, row["subject_age"]
    young = (
        _OF_NO_AGE if head.about == "village" else age
    )  # an unknown age counts as the youngest, but a village has none
    evidence = [
        {
            "column": item.column, "value": _plain(row[item.column]), "on": _plain(row[item.since]) if item.since else None,
            "register": item.register_ if item.register_ in registers.NAMES else row[item.register_],
        }
        for item in head.evidence
    ]  # fmt: skip
    values = (
        identity(head.id, str(row["subject"]), row["evidence_key"]), head.id, row["subject"], row["evidence_key"], row["certainty"],
        row["subject_name"], row["subject_sex"], row["subject_birth_date"], age, row["subject_division"], head.severity, head.need, head.domain,
        head.restricted, json.dumps(evidence, ensure_ascii=False),
        LEADS.order.weight(severity=head.severity, certainty=row["certainty"], age=young), on,
        row["subject_disabled"],
    )  # fmt: skip
    return dict(zip(COLUMNS, values, strict=True))


def identity(rule: str, subject: str, evidence_key: str) -> str:
    """The name of a lead: the same whenever the same rule finds the same thing about the same person."""
    return hashlib.sha256("\x1f".join((rule, subject, evidence_key)).encode()).hexdigest()[:32]


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _write(db: duckdb.DuckDBPyConnection, found: list[tuple[Any, ...]], out: Path, scratch: Path) -> None:
    """Written aside, then renamed: a reader sees the old file or the new one, never a half."""
    Duck(db).lay("leads", COLUMNS, found)
    aside = scratch / "leads.parquet"
    db.execute(
        f"copy (select * from leads order by weight desc, lead) to '{str(aside).replace(chr(39), chr(39) * 2)}' (format parquet)"
    )
    alone.publish(aside, out)


def _count(db: duckdb.DuckDBPyConnection, query: str) -> int:
    row = db.execute(query).fetchone()
    return int(row[0]) if row else 0
