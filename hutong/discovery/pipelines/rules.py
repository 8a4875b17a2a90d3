"""Rule texts: one SQL file a rule (Spark's dialect) with its head in a comment. Reads, checks and translates them.

A rule answers rows of `subject` (the person id of the child), `evidence_key` (what makes this lead another one than the
last), `certainty` (sure or review) and the evidence columns its head names. It may read the registers and the tables of
`hutong/discovery/facts`. A wrong rule is refused with a sentence; nothing is run half.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Literal

import sqlglot
import yaml
from pydantic import ValidationError, field_validator
from sqlglot import exp

from hutong.discovery.pipelines.registers import NAMES, OWN
from hutong.kernel.refusals import Refusal
from hutong.policy.access import DOMAINS, ROLES
from hutong.policy.loader import Standing, Strict

FOLDER = Path(__file__).parents[1] / "rules"
FACTS = Path(__file__).parents[1] / "facts"
FACT_TEXTS = {file.stem.split("_", 1)[1]: file.read_text(encoding="utf-8") for file in sorted(FACTS.glob("*.sql"))}
VIEWS = frozenset({"person", "parent_state"})  # made of a fact row by row, so that keeping them would only repeat it
FACT_NAMES = frozenset({"limits", "today", "found_lead", *FACT_TEXTS})
ANSWER = ("subject", "evidence_key", "certainty")


class BadRule(Refusal):
    """A rule text that cannot be used."""

    code = "bad_rule"


class Evidence(Strict):
    """A column of evidence: what it says, from which register (or the column that names it), of which day (a column)."""

    column: str
    zh: str
    en: str
    register_: str
    since: str | None = None


class Head(Strict):
    """What stands above the text of a rule. `about`: what a subject is (a village: its division).

    `opens`: whether a lead that is true opens a file; `proposes`: a category for it.
    """

    id: str
    zh: str
    en: str
    legal: str
    standing: Standing
    concerns: str
    reads: tuple[str, ...]
    evidence: tuple[Evidence, ...]
    need: str
    severity: Literal["high", "middle", "low"]
    owner: str
    domain: str
    about: Literal["child", "village"] = "child"
    proposes: str | None = None
    opens: bool = True
    restricted: bool = False
    active: bool = True

    @field_validator("need")
    @classmethod
    def _need(cls, value: str) -> str:
        if not re.fullmatch(r"N([1-9]|1[0-9]|20)", value):
            raise ValueError("need must be N1 to N20")
        return value

    @field_validator("owner")
    @classmethod
    def _owner(cls, value: str) -> str:
        if value not in ROLES:
            raise ValueError(f"no role {value}")
        return value

    @field_validator("domain")
    @classmethod
    def _domain(cls, value: str) -> str:
        if value not in DOMAINS:
            raise ValueError(f"no domain {value}")
        return value


class Rule(Strict):
    """A rule that was checked. `sql` is its text in the dialect of Spark."""

    head: Head
    sql: str

    @property
    def second(self) -> bool:
        """Whether it reads the leads of other rules, and so runs after them."""
        return "found_lead" in self.sql

    def columns(self) -> dict[str, set[str]]:
        """The registers' own columns it uses, by register; those it writes without a table count for every one that has them."""
        return {register: set(own) for register, own in _columns(self.sql, self.head.reads)}


@cache
def _columns(sql: str, reads: tuple[str, ...]) -> tuple[tuple[str, frozenset[str]], ...]:
    tree = sqlglot.parse_one(sql, read="spark")
    names: dict[str, set[str]] = {}
    for table in tree.find_all(exp.Table):  # one alias may stand for several, each in a part of its own
        names.setdefault(table.alias_or_name, set()).add(table.name)
    found: dict[str, set[str]] = {name: set() for name in reads}
    for column in tree.find_all(exp.Column):
        for register in names.get(column.table, ()) if column.table else reads:
            if column.name in OWN.get(register, ()):
                found[register].add(column.name)
    return tuple((register, frozenset(own)) for register, own in found.items())


def parse(text: str, name: str) -> Rule:
    """The rule of a file. Raises BadRule with the file's name and what is wrong."""
    match = re.fullmatch(r"\s*/\*(?P<head>.*?)\*/(?P<sql>.+)", text, re.DOTALL)
    if not match:
        raise BadRule(f"规则 {name} 没有用 /* … */ 写明题头，没有采用。请写明名称、依据和证据列。")
    try:
        head = Head.model_validate(yaml.safe_load(match["head"]))
    except (ValidationError, yaml.YAMLError) as error:
        raise BadRule(f"规则 {name} 的题头有误，没有采用：{_plain(error)}") from error
    rule = Rule(head=head, sql=match["sql"].strip().rstrip(";"))
    _check(rule, name)
    return rule


def _plain(error: Exception) -> str:
    if isinstance(error, ValidationError):
        return "；".join(f"{'.'.join(map(str, e['loc']))} {e['msg']}" for e in error.errors())
    return str(error).splitlines()[0]


def _check(rule: Rule, name: str) -> None:
    try:
        trees = sqlglot.parse(rule.sql, read="spark")
    except sqlglot.errors.SqlglotError as error:
        raise BadRule(f"规则 {name} 的 SQL 读不懂，没有采用：{str(error).splitlines()[0]}") from error
    if len(trees) != 1 or not isinstance(trees[0], exp.Query):
        raise BadRule(f"规则 {name} 只能是一条查询语句，没有采用。")
    _check_tables(trees[0], rule, name)
    _check_columns(trees[0], rule, name)


def _check_tables(tree: exp.Query, rule: Rule, name: str) -> None:
    used = _used(tree)
    if unknown := sorted(used - NAMES - FACT_NAMES):
        raise BadRule(f"规则 {name} 用到不认识的表 {'、'.join(unknown)}，没有采用。")
    if undeclared := sorted((used & NAMES) - set(rule.head.reads)):
        raise BadRule(f"规则 {name} 用到 {'、'.join(undeclared)}，题头 reads 里没有写，没有采用。")
    if unknown := sorted(set(rule.head.reads) - NAMES):
        raise BadRule(f"规则 {name} 的 reads 写了不认识的登记表 {'、'.join(unknown)}，没有采用。")
    numbers = {c.name for c in tree.find_all(exp.Column)}
    if raw := sorted(numbers & {"id_no", "father_id_no", "mother_id_no"}):
        raise BadRule(f"规则 {name} 用到身份证号（{'、'.join(raw)}），没有采用。规则只按比对后的人员编号 pid 关联。")


def _check_columns(tree: exp.Query, rule: Rule, name: str) -> None:
    there = set(tree.named_selects)
    wanted = set(ANSWER)
    for item in rule.head.evidence:
        wanted |= {item.column, *([item.since] if item.since else [])}
        if item.register_ not in NAMES:
            wanted.add(item.register_)
    if missing := sorted(wanted - there):
        raise BadRule(f"规则 {name} 的查询缺少列 {'、'.join(missing)}，没有采用。")


@cache
def rules() -> tuple[Rule, ...]:
    """All rules of the package, by id; those switched off too."""
    return read(FOLDER)


def read(folder: Path) -> tuple[Rule, ...]:
    """The rules of a folder. Raises BadRule for a wrong one and for an id that occurs twice."""
    found: dict[str, Rule] = {}
    for file in sorted(folder.glob("*.sql")):
        rule = parse(file.read_text(encoding="utf-8"), file.name)
        if rule.head.id in found or rule.head.id != file.stem:
            raise BadRule(f"规则 {file.name} 的编号 {rule.head.id} 与文件名不符或重复，没有采用。")
        found[rule.head.id] = rule
    return tuple(found.values())


def by_id(identifier: str) -> Rule | None:
    """One rule, or None when it is no longer there."""
    return next((rule for rule in rules() if rule.head.id == identifier), None)


def _used(tree: exp.Query) -> set[str]:
    own = {part.alias for part in tree.find_all(exp.CTE)}
    return {table.name for table in tree.find_all(exp.Table)} - own


@cache
def tables(sql: str) -> frozenset[str]:
    """The registers and facts a text reads, by name."""
    tree = sqlglot.parse_one(sql, read="spark")
    return frozenset(_used(tree)) if isinstance(tree, exp.Query) else frozenset()


@cache
def on_duckdb(sql: str) -> str:
    """A text of Spark's dialect in DuckDB's."""
    return sqlglot.transpile(sql, read="spark", write="duckdb")[0]
