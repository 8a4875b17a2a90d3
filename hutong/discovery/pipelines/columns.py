"""The columns of a register as it was delivered, read as what rules expect: renamed, missing, of another type, unreadable.

What cannot be read is not dropped in silence: it becomes unknown and a sentence says how many; a column of which nothing can
be read counts as not delivered, so that no rule takes its silence for "nothing there".
"""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from hutong.discovery.pipelines.linkage import reading
from hutong.policy.linkage import LINKAGE

ROW = "row_"  # the row's own id as linkage names it, of whatever type


@dataclass(frozen=True, slots=True)
class Laid:
    """What came of a delivery: rows, the columns that can be used, what could not be read."""

    rows: int
    usable: frozenset[str]
    doubts: tuple[str, ...]


def lay(db: duckdb.DuckDBPyConnection, source: str, wanted: dict[str, str], zh: str) -> Laid:
    """Make view `delivered` with the wanted columns and ROW. `zh`: the register's name, for sentences."""
    found = {row[0]: row[1] for row in db.execute(f"describe from {source}").fetchall()}
    headings = {column: _heading(found, column) for column in wanted}
    read = {
        column: _read(column, kind, heading, found[heading]) if heading else f"null::{kind}"
        for (column, kind), heading in zip(wanted.items(), headings.values(), strict=True)
    }
    record = reading.first_of(found, LINKAGE.columns.record) or "file_row_number"
    columns = ", ".join(f"{sql} as {column}" for column, sql in read.items())
    db.execute(f"create temp view delivered as select {columns}, {_quoted(record)} as {ROW} from {source}")
    drifted = {
        column: heading for column, heading in headings.items() if heading and _drifted(wanted[column], found[heading])
    }
    counts = [
        f"count(nullif(trim({_quoted(heading)}::varchar), '')), count({read[column]})"
        for column, heading in drifted.items()
    ]
    rows, *pairs = db.execute(f"select {', '.join(['count(*)', *counts])} from {source}").fetchall()[0]
    unread = {column: (pairs[2 * at], pairs[2 * at + 1]) for at, column in enumerate(drifted)}
    lost = {column for column, (given, kept) in unread.items() if given and not kept}
    usable = frozenset(column for column, heading in headings.items() if heading) - lost
    doubts = [
        _doubt(zh, column, *pair) for column, pair in unread.items() if pair[0] > pair[1] and column != "record_id"
    ]  # a row's own id may be of any kind
    return Laid(int(rows), usable, tuple(doubts))


def _doubt(zh: str, column: str, given: int, kept: int) -> str:
    if not kept:
        return f"{zh}的列 {column} 有 {given} 个值，一个也读不懂，当作没有这一列；请核对这一列的格式"
    return f"{zh}的列 {column} 有 {given - kept} 个值读不懂，按不详处理"


def _drifted(wanted: str, there: str) -> bool:
    return wanted != "text" and there != {"int": "INTEGER"}.get(wanted, wanted.upper())


def _heading(found: dict[str, str], column: str) -> str | None:
    """The file's heading of a column: our name in any letters, or another name offices use."""
    return reading.first_of(found, (column,)) or (
        reading.heading(found, column) if column in LINKAGE.columns.read else None
    )


def _read(column: str, kind: str, heading: str, there: str) -> str:
    """SQL: the values as the wanted type, null where they cannot be."""
    own = _quoted(heading)
    if column == "sex":
        return f"(['男', '女'])[nullif({reading.SQL['sex'].format(own)}, 0)]"
    if kind == "date" and not there.startswith(("DATE", "TIMESTAMP")):
        return reading.SQL["birth_date"].format(own)
    return f"try_cast({own} as {kind})"


def _quoted(heading: str) -> str:
    return '"' + heading.replace('"', '""') + '"'
