"""Running rules: registers of a folder → facts → leads, written aside and put in place whole.

A rule one of whose registers is empty or missing is not run, and the file says so: nobody may take its silence for "no more
such children".
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import duckdb

from hutong.discovery.pipelines import alone, engines, kept_answers, leads, registers
from hutong.discovery.pipelines.engines import Duck, Engine
from hutong.discovery.pipelines.found import Found
from hutong.discovery.pipelines.linkage.reading import quoted
from hutong.discovery.pipelines.rules import FACT_TEXTS, VIEWS, Rule
from hutong.kernel.refusals import Refusal
from hutong.policy.leads import LEADS
from hutong.policy.linkage import LINKAGE


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
    kept = folder / ".links"
    lasting = bool(how.key) and how.engine == "duckdb"
    with duckdb.connect(config={"temp_directory": str(scratch), **LINKAGE.engine.config()}) as db:
        db.execute("set preserve_insertion_order = false")
        begun = time.perf_counter()
        known = kept_answers.known(kept) if lasting else {}
        with registers.shelf(db, folder, scratch, kept=kept, key=how.key, told=how.told, known=known) as shelf:
            outcome = _known_of(shelf.there)
            outcome.seconds["link"] = round(time.perf_counter() - begun, 2)
            begun = time.perf_counter()
            with _engine(how.engine, db, scratch) as where:
                lay_numbers(where, on)
                answers = kept_answers.Answers(db, kept, shelf, on) if lasting else None
                if not answers:
                    lay_facts(where, on)
                found = all_rules(where, rules, shelf.there, on, outcome, how, answers)
                outcome.seconds["rules"] = round(time.perf_counter() - begun, 2)
                _write(db, found, out, scratch)
    return outcome


def _known_of(there: dict[str, registers.Delivered]) -> Outcome:
    outcome = Outcome(registers={name: one.rows for name, one in there.items()})
    outcome.doubts = [doubt for one in there.values() for doubt in one.doubts]
    linked = registers.NAMES - {"police"} - registers.OF_VILLAGES
    outcome.unlinked = {name: one.unlinked for name, one in there.items() if name in linked}
    return outcome


@contextmanager
def _engine(name: str, db: duckdb.DuckDBPyConnection, scratch: Path) -> Iterator[Engine]:
    if name == "duckdb":
        yield Duck(db)
        return
    with engines.spark(scratch) as session:
        for register in sorted(registers.NAMES):
            file = scratch / f"{register}.parquet"
            db.execute(f"copy {register} to {quoted(file)} (format parquet)")
            session.read(register, file)
        yield session


def all_rules(
    where: Engine,
    rules: Sequence[Rule],
    there: dict[str, registers.Delivered],
    on: date,
    outcome: Outcome,
    how: How | None = None,
    answers: kept_answers.Answers | None = None,
) -> Found:
    """The leads of all rules. Rules over registers first; then those that look at the leads these have found.

    `answers`: what earlier runs left; only what they cannot answer is asked.
    """
    how = how or How()
    runs = [rule for rule in sorted(rules, key=lambda one: one.second) if _runs(rule, there, outcome, how)]
    found = Found(where)
    found.add(answers.of(runs) if answers else {})
    for name in found.tables:
        how.told(name)
    fresh = [rule for rule in runs if rule.head.id not in found.tables]
    if answers:
        answers.lay(fresh)
    first = [rule for rule in fresh if not rule.second]
    _ask(where, first, found, on, how)
    if second := [rule for rule in fresh if rule.second]:
        found.lay_for_others([rule for rule in runs if not rule.second])
        _ask(where, second, found, on, how)
    if answers:
        answers.keep(runs, found.tables)
    outcome.rules |= {rule.head.id: found.counts[rule.head.id] for rule in runs}
    return found


def _ask(where: Engine, rules: Sequence[Rule], found: Found, on: date, how: How) -> None:
    for rule in rules:
        how.told(rule.head.id)
        leads.ask(where, rule)
    found.add(leads.made(where, rules, on))


def _runs(rule: Rule, there: dict[str, registers.Delivered], outcome: Outcome, how: How) -> bool:
    if sentence := _not_to_run(rule, there, how.whole):
        how.told(rule.head.id)
        outcome.skipped[rule.head.id] = sentence
    return not sentence


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


def lay_numbers(where: Engine, on: date) -> None:
    """Make the tables of one row: the numbers of policy, and the day."""
    numbers = ", ".join(f"{value} as {name}" for name, value in LEADS.numbers.values().items())
    where.table("limits", f"select {numbers}")
    school_day = date(on.year if (on.month, on.day) >= (8, 31) else on.year - 1, 8, 31)
    where.table("today", f"select cast('{on}' as date) as on_day, cast('{school_day}' as date) as school_day")


def lay_facts(where: Engine, on: date) -> None:
    """Make the tables rules share (hutong/discovery/facts) from the registers there are."""
    lay_numbers(where, on)
    for name in FACT_TEXTS:
        (where.view if name in VIEWS else where.table)(name, FACT_TEXTS[name])


def _write(db: duckdb.DuckDBPyConnection, found: Found, out: Path, scratch: Path) -> None:
    """Written aside, then renamed: a reader sees the old file or the new one, never a half."""
    aside = scratch / "leads.parquet"
    db.execute(f"copy ({found.query(Duck(db))}) to {quoted(aside)} (format parquet)")
    alone.publish(aside, out)
