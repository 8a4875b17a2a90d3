"""Bulk loading past row security: COPY into temporary tables, then INSERT … SELECT as the loader's role.

Rows are plain tuples in the order of the columns named once per table. Knows nothing of what it loads.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection

from hutong.kernel.scope import Scope

LOADER = Scope(role="hutong_loader", purpose="synthetic")
_FLUSH = 20_000
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})

_ENCODERS: dict[type, Callable[[Any], str]] = {
    type(None): lambda _: "\\N",
    bool: lambda value: "t" if value else "f",
    int: str,
    str: lambda value: value if value.isalnum() else value.translate(_ESCAPES),
    date: str,
    UUID: str,
    bytes: lambda value: "\\\\x" + value.hex(),
    dict: lambda value: json.dumps(value, ensure_ascii=False).translate(_ESCAPES),
    list: lambda value: json.dumps(value, ensure_ascii=False).translate(_ESCAPES),
}


def line(row: Iterable[Any]) -> str:
    """A row in COPY's text format."""
    return "\t".join([_ENCODERS[type(value)](value) for value in row]) + "\n"


class Table:
    """One target with its staged rows. Use inside `acting(LOADER)`.

    `schema`: stage into unlogged tables that stay there, for others to insert from, instead of temporary ones.
    """

    def __init__(self, name: str, columns: Sequence[str], schema: str = "") -> None:
        quoted = ", ".join(f'"{column}"' for column in columns)
        self.name, self.columns, self.staged = name, quoted, 0
        self.stage = f"{schema}.{name}" if schema else f"staged_{name}"
        self._kind, self._after = ("unlogged", "") if schema else ("temp", "on commit drop")
        self._lines: list[str] = []

    def add(self, *row: Any) -> None:
        """Stage a row."""
        self._lines.append(line(row))
        if len(self._lines) >= _FLUSH:
            self.flush()

    @property
    def waiting(self) -> int:
        """Rows not yet sent."""
        return len(self._lines)

    def flush(self) -> None:
        """Send what waits to the temporary table."""
        if not self._lines:
            return
        with connection.cursor() as cursor:
            if not self.staged:
                cursor.execute(
                    f"create {self._kind} table {self.stage} {self._after} as select {self.columns} from {self.name} limit 0"
                )
            with cursor.copy(f"copy {self.stage} ({self.columns}) from stdin") as copy:
                copy.write("".join(self._lines))
        self.staged += len(self._lines)
        self._lines.clear()

    def insert(self) -> int:
        """Move the staged rows into the table, checks and triggers and all. Returns how many."""
        self.flush()
        if self.staged:
            with connection.cursor() as cursor:
                cursor.execute(f"insert into {self.name} ({self.columns}) select {self.columns} from {self.stage}")
                cursor.execute(f"drop table {self.stage}")
        return self.staged


class Load:
    """The tables of one load, filled together and inserted in the order they were named."""

    def __init__(self, tables: Mapping[str, Sequence[str]], schema: str = "") -> None:
        self._tables = {name: Table(name, columns, schema) for name, columns in tables.items()}

    def __getitem__(self, name: str) -> Table:
        return self._tables[name]

    def flush(self) -> dict[str, int]:
        """Stage all and insert nothing. Returns how many rows each table has."""
        for table in self._tables.values():
            table.flush()
        return {name: table.staged for name, table in self._tables.items()}

    def insert(self, told: Callable[[str, int, int], None] = lambda name, done, of: None) -> dict[str, int]:
        """Insert all; `told` hears each table's name with 0 of its rows before and all of them after."""
        counts = {}
        for name, table in self._tables.items():
            waiting = table.staged + table.waiting
            told(name, 0, waiting)
            counts[name] = table.insert()
            told(name, waiting, waiting)
        return counts
