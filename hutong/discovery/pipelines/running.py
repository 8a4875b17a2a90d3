"""Running rules: registers of a folder → facts → leads, written aside and put in place whole.

A lead is named by rule, person and evidence key, so that the same finding of tomorrow is the same lead. A rule one of whose
registers is empty or missing is not run, and the file says so: nobody may take its silence for "no more such children".
"""

from __future__ import annotations

import fcntl
import hashlib
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb

from hutong.discovery.pipelines import registers
from hutong.discovery.pipelines.rules import FACTS, Rule, on_duckdb
from hutong.kernel.refusals import Refusal
from hutong.policy.leads import LEADS
from hutong.policy.linkage import LINKAGE

COLUMNS = {
    "lead": "text", "rule": "text", "subject": "bigint", "evidence_key": "text", "certainty": "text", "name": "text", "sex": "text",
    "birth_date": "date", "age": "int", "division": "bigint", "severity": "text", "need": "text", "domain": "text",
    "restricted": "boolean", "evidence": "text", "weight": "int", "found_on": "date",
}  # fmt: skip


@dataclass(slots=True)
class Outcome:
    """Leads by rule; rules that were not run, each with a sentence; rows by register; rows of each no person was found for."""

    rules: dict[str, int] = field(default_factory=dict)
    skipped: dict[str, str] = field(default_factory=dict)
    registers: dict[str, int] = field(default_factory=dict)
    unlinked: dict[str, int] = field(default_factory=dict)


def discover(folder: Path, out: Path, rules: Sequence[Rule], *, on: date) -> Outcome:
    """Run the rules over a folder of registers and write the leads to `out`. Raises Refusal; then `out` is as it was."""
    if not out.parent.is_dir():
        raise Refusal(f"没有文件夹 {out.parent}，没有运行规则。请先建好，或换一个位置。")
    with _alone(out), TemporaryDirectory(prefix=".discover-", dir=out.parent) as scratch:
        try:
            return _discover(folder, out, rules, on, Path(scratch))
        except (duckdb.IOException, duckdb.OutOfMemoryException, OSError) as error:
            raise Refusal(f"读写文件没有成功，原有线索不变：{str(error).splitlines()[0]}。请检查磁盘空间。") from error


def _discover(folder: Path, out: Path, rules: Sequence[Rule], on: date, scratch: Path) -> Outcome:
    with duckdb.connect(config={"temp_directory": str(scratch), **LINKAGE.engine.config()}) as db:
        outcome = Outcome(registers=registers.load(db, folder, scratch))
        for name in registers.NAMES - {"police"}:
            outcome.unlinked[name] = _count(db, f"select count(*) from {name} where pid is null")
        lay_facts(db, on)
        found: list[tuple[Any, ...]] = []
        for rule in rules:
            if sentence := _not_to_run(rule, outcome.registers):
                outcome.skipped[rule.head.id] = sentence
                continue
            leads = [tuple(lead.values()) for lead in run(db, rule, on)]
            outcome.rules[rule.head.id] = len(leads)
            found += leads
        _write(db, found, out, scratch)
    return outcome


def _not_to_run(rule: Rule, rows: dict[str, int]) -> str | None:
    if not rule.head.active:
        return "规则已停用"
    lacking = [registers.ZH[name] for name in rule.head.reads if not rows[name]]
    return f"没有收到{'、'.join(lacking)}，没有运行；原有线索保留" if lacking else None


def lay_facts(db: duckdb.DuckDBPyConnection, on: date) -> None:
    """Make the tables rules share (hutong/discovery/facts) from the registers there are."""
    numbers = ", ".join(f"{value} as {name}" for name, value in LEADS.numbers.values().items())
    db.execute(f"create table limits as select {numbers}")
    school_day = date(on.year if (on.month, on.day) >= (8, 31) else on.year - 1, 8, 31)
    db.execute("create table today as select ?::date as on_day, ?::date as school_day", [on, school_day])
    for file in sorted(FACTS.glob("*.sql")):
        name = file.stem.split("_", 1)[1]
        db.execute(f"create table {name} as {on_duckdb(file.read_text(encoding='utf-8'))}")


def run(db: duckdb.DuckDBPyConnection, rule: Rule, on: date) -> Iterator[dict[str, Any]]:
    """The leads of one rule, once each, with the person they are about."""
    query = f"""select a.*, p.name as "person.name", p.sex as "person.sex", p.birth_date as "person.birth_date", p.age as "person.age",
        p.division as "person.division" from ({on_duckdb(rule.sql)}) a join person p on p.pid = a.subject order by a.subject, a.evidence_key, a.certainty desc"""
    try:
        cursor = db.execute(query)
        columns = [column[0] for column in cursor.description or ()]
        rows = cursor.fetchall()
    except duckdb.Error as error:
        raise Refusal(f"规则“{rule.head.zh}”运行出错，原有线索不变：{str(error).splitlines()[0]}") from error
    seen: set[str] = set()
    for values in rows:
        lead = _lead(rule, dict(zip(columns, values, strict=True)), on)
        if lead["lead"] not in seen:
            seen.add(lead["lead"])
            yield lead


def _lead(rule: Rule, row: dict[str, Any], on: date) -> dict[str, Any]:
    head, age = rule.head, row["person.age"]
    evidence = [
        {
            "column": item.column, "value": _plain(row[item.column]), "on": _plain(row[item.since]) if item.since else None,
            "register": item.register_ if item.register_ in registers.NAMES else row[item.register_],
        }
        for item in head.evidence
    ]  # fmt: skip
    values = (
        identity(head.id, str(row["subject"]), row["evidence_key"]), head.id, row["subject"], row["evidence_key"], row["certainty"],
        row["person.name"], row["person.sex"], row["person.birth_date"], age, row["person.division"], head.severity, head.need, head.domain,
        head.restricted, json.dumps(evidence, ensure_ascii=False),
        LEADS.order.weight(severity=head.severity, certainty=row["certainty"], age=age), on,
    )  # fmt: skip
    return dict(zip(COLUMNS, values, strict=True))


def identity(rule: str, subject: str, evidence_key: str) -> str:
    """The name of a lead: the same whenever the same rule finds the same thing about the same person."""
    return hashlib.sha256("\x1f".join((rule, subject, evidence_key)).encode()).hexdigest()[:32]


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _write(db: duckdb.DuckDBPyConnection, found: list[tuple[Any, ...]], out: Path, scratch: Path) -> None:
    """Written aside, then renamed: a reader sees the old file or the new one, never a half."""
    db.execute(f"create table leads ({', '.join(f'{name} {kind}' for name, kind in COLUMNS.items())})")
    for start in range(0, len(found), 2000):
        part = found[start : start + 2000]
        marks = ", ".join(["(" + ", ".join("?" * len(COLUMNS)) + ")"] * len(part))
        db.execute(f"insert into leads values {marks}", [value for row in part for value in row])
    aside = scratch / "leads.parquet"
    db.execute(
        f"copy (select * from leads order by weight desc, lead) to '{str(aside).replace(chr(39), chr(39) * 2)}' (format parquet)"
    )
    aside.replace(out)


@contextmanager
def _alone(out: Path) -> Iterator[None]:
    """One run at a time for one output; a killed run's lock goes with it."""
    with (out.parent / f".{out.name}.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Refusal("另一次发现任务正在写同一份线索，这一次没有运行。请等它结束后再试。") from error
        yield


def _count(db: duckdb.DuckDBPyConnection, query: str) -> int:
    row = db.execute(query).fetchone()
    return int(row[0]) if row else 0
