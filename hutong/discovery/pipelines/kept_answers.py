"""What a run found out and the next may use: the leads of each rule, the facts, and what is known of each register.

Each is kept under a digest of all it was made of: the day, the numbers of policy, its own text, and, through facts, the state
of every register it read; a rule that looks at the leads of others is made of those rules too. So what a delivery or a
changed rule cannot have changed is not made again, and whatever it may have changed is. They lie beside the links, a file
each, encrypted; numbers of persons are in none of them.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from importlib.metadata import version
from pathlib import Path

import duckdb

from hutong.discovery.pipelines import alone, registers
from hutong.discovery.pipelines.engines import Duck
from hutong.discovery.pipelines.rules import FACT_TEXTS, VIEWS, Rule, tables
from hutong.kernel import parquet
from hutong.policy.leads import LEADS

_REGISTERS = "registers.json"
_OFTEN = 2  # texts that read a kept fact, from which laying it out once is cheaper than decrypting it for each
_WHO = {"child": ("child", "person", "disabled"), "village": ()}  # the facts that say who subjects are


class Answers:
    """The kept answers of one folder. `shelf`: the registers, as they are now."""

    def __init__(self, db: duckdb.DuckDBPyConnection, folder: Path, shelf: registers.Shelf, on: date) -> None:
        self._where, self._folder, self._shelf = Duck(db), folder, shelf
        settled = f"{LEADS.model_dump_json()} {version('hutong')}"
        self._digests = {"limits": settled, "today": f"{on} {settled}"}
        self._digests |= {name: one.state for name, one in shelf.there.items()}
        self._laid, self._uses = set[str](), Counter[str]()

    def of(self, rules: Sequence[Rule]) -> dict[str, str]:
        """What an earlier run answered that this one would answer too: tables of leads, by rule."""
        self._first(rules)
        kept = {rule.head.id: self._file(rule) for rule in rules}
        return {name: parquet.relation(self._where.db, file) for name, file in kept.items() if file.is_file()}

    def lay(self, rules: Sequence[Rule]) -> None:
        """Make the tables these rules read, from what is kept or from the registers."""
        self._uses = self._used([rule.sql for rule in rules])
        for name in sorted(self._uses.keys() | {table for rule in rules for table in _WHO[rule.head.about]}):
            self._table(name)

    def _used(self, texts: list[str]) -> Counter[str]:
        """How many texts will read each table: these, and those of the facts that are not kept."""
        uses, made = Counter[str](), set[str]()
        while texts:
            for name in tables(texts.pop()):
                uses[name] += 1
                if name in VIEWS or (name in FACT_TEXTS and name not in made and not self._fact_file(name).is_file()):
                    made.add(name)
                    texts.append(FACT_TEXTS[name])
        return uses

    def keep(self, rules: Sequence[Rule], found: dict[str, str]) -> None:
        """Leave the answers of these rules and the facts for the next run; what is older goes."""
        for rule in rules:
            if not (file := self._file(rule)).is_file():
                parquet.write(self._where.db, f"from {found[rule.head.id]}", file, "lz4")
        answers = {self._file(rule).name for rule in rules}
        self._sweep(answers | {self._fact_file(name).name for name in FACT_TEXTS})
        part = self._folder / f".{_REGISTERS}.part"
        part.write_text(json.dumps({name: asdict(one) for name, one in self._shelf.there.items()}, default=sorted))
        alone.publish(part, self._folder / _REGISTERS)

    def _sweep(self, current: set[str]) -> None:
        for file in [*self._folder.glob("fact-*.parquet"), *self._folder.glob("answer*.parquet")]:
            if file.name not in current:
                file.unlink()

    def _first(self, rules: Sequence[Rule]) -> None:
        """What the leads of others are made of: all that the rules of this run which do not look at them are."""
        first = sorted(self._rule(rule) for rule in rules if not rule.second)
        self._digests["found_lead"] = hashlib.sha256("".join(first).encode()).hexdigest()

    def _file(self, rule: Rule) -> Path:
        return self._folder / parquet.name(f"answer-{rule.head.id}-{self._rule(rule)}")

    def _table(self, name: str) -> None:
        if name in self._laid:
            return
        self._laid.add(name)
        if name in registers.NAMES:
            self._shelf.table(name)
        elif name in FACT_TEXTS:
            self._fact(name)

    def _fact_file(self, name: str) -> Path:
        return self._folder / parquet.name(f"fact-{name}-{self._digest(name)}")

    def _fact(self, name: str) -> None:
        file = self._fact_file(name)
        if file.is_file():
            kind = "table" if self._uses[name] >= _OFTEN else "temp view"
            self._where.db.execute(f"create or replace {kind} {name} as from {parquet.relation(self._where.db, file)}")
            return None
        for used in sorted(tables(FACT_TEXTS[name])):
            self._table(used)
        if name in VIEWS:
            return self._where.view(name, FACT_TEXTS[name])
        self._where.table(name, FACT_TEXTS[name])
        if name != "numbered":  # the only one with numbers of persons
            parquet.write(self._where.db, f"from {name}", file, "lz4")
        return None

    def _digest(self, name: str) -> str:
        """Of a register, a number, the day, or a fact with all it reads."""
        if name not in self._digests:
            self._digests[name] = self._of_text(FACT_TEXTS[name])
        return self._digests[name]

    def _rule(self, rule: Rule) -> str:
        more = (self._digest(name) for name in ("limits", "today", *_WHO[rule.head.about]))
        return self._of_text(rule.sql, rule.head.model_dump_json(), *more)

    def _of_text(self, text: str, *more: str) -> str:
        parts = [text, *more, *(self._digest(name) for name in sorted(tables(text)))]
        return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:32]


def known(folder: Path) -> dict[str, registers.Delivered]:
    """What the last run knew of each register; nothing where it left nothing."""
    try:
        said = json.loads((folder / _REGISTERS).read_text())
        return {
            name: registers.Delivered(**one | {"columns": frozenset(one["columns"]), "doubts": tuple(one["doubts"])})
            for name, one in said.items()
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError):  # none yet, or of another release
        return {}
