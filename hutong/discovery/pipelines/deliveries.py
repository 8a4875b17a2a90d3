"""What changed between two deliveries of a register: hashes of its rows are remembered, encrypted, never the rows.

A changed or new row is compared anew, a row no longer delivered loses its link, all others keep theirs. So does a row of
which only what exact agreement does not ask has changed: it would find the same person again.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb

from hutong.discovery.pipelines.linkage import reading, run
from hutong.discovery.pipelines.linkage.reading import quoted
from hutong.kernel import parquet
from hutong.kernel.refusals import Refusal


@dataclass(frozen=True, slots=True)
class Last:
    """The last delivery: its links, and what is remembered of its rows."""

    links: Path
    marks: Path


@dataclass(frozen=True, slots=True)
class Left:
    """What is left to do: a file of the rows to link, and one of rows whose standing is known (linkage.run.Kept)."""

    rows: Path
    standing: Path


def remember(register: Path, marks: Path) -> None:
    """Write the marks of a delivery; whole or not at all. A register that cannot be read is left to linkage to refuse."""
    with run.connect(marks.parent) as db:
        if _read(db, register):
            _write(db, marks)


def changed(register: Path, last: Last, marks: Path, scratch: Path) -> Left | None:
    """What to link of this delivery after the last one, and remember its marks. None: cannot be told, link all of it."""
    left = Left(scratch / f"{register.stem}.changed.parquet", scratch / f"{register.stem}.standing.parquet")
    with run.connect(scratch) as db:
        if not _read(db, register) or not _laid(db, last):
            return None
        db.execute("""create table fresh as select t.record, t.sure_mark = w.sure_mark as sure
            from today t left join was w on w.record = t.record where t.mark is distinct from w.mark""")
        db.execute("""delete from fresh where sure
            and record in (select left_id from before where band = 'exact' and left_id in (select record from fresh))""")
        db.execute(f"copy (select * exclude (n, mark, sure_mark) rename (record as record_id{_DOOR})"
                   f" from l_read semi join fresh using (record)) to {quoted(left.rows)} (format parquet)")  # fmt: skip
        db.execute(f"""copy (select record as left_id, true as gone from was anti join today using (record)
            union all select record, false from fresh where sure) to {quoted(left.standing)} (format parquet)""")
        _write(db, marks)
    return left


_DOOR = ", parent_one as father_name, parent_two as mother_name, door_area as id_area, door_tail as id_tail, door_valid as id_valid"


def _read(db: duckdb.DuckDBPyConnection, register: Path) -> bool:
    """Make table today (record, mark, sure_mark)."""
    try:
        reading.read(db, register, "l_read", "左侧")
        db.execute("create table today as select record, mark, sure_mark from l_read")
    except (Refusal, duckdb.DataError, duckdb.InvalidInputException, duckdb.IOException):  # linkage will say so
        return False
    return True


def _laid(db: duckdb.DuckDBPyConnection, last: Last) -> bool:
    """Make views was (record, mark, sure_mark) and before (links); false where rows are named in another type than then."""
    try:
        db.execute(f"create table was as select record, mark, sure_mark from {parquet.relation(db, last.marks)}")
    except duckdb.Error:
        return False
    db.execute(f"create view before as from read_parquet({quoted(last.links)})")
    kinds = {db.execute(f"describe {table}").fetchall()[0][1] for table in ("today", "was", "before")}
    return len(kinds) == 1


def _write(db: duckdb.DuckDBPyConnection, marks: Path) -> None:
    parquet.write(db, "from today", marks, "none")
