"""What changed between two deliveries of a register: keyed digests of its rows are remembered, never the rows.

A changed or new row is compared anew, a row no longer delivered loses its link, all others keep theirs.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb

from hutong.discovery.pipelines import alone
from hutong.discovery.pipelines.linkage import reading, run
from hutong.discovery.pipelines.linkage.reading import quoted
from hutong.kernel.refusals import Refusal

_COMPARED = ("id_no", "name", "sex", "birth_date", "address", "division", "parent_one", "parent_two")


@dataclass(frozen=True, slots=True)
class Marks:
    """Where a delivery's digests are kept, and the key they are made with."""

    file: Path
    key: str


@dataclass(frozen=True, slots=True)
class Left:
    """What is left to link: a file of new and changed rows, and one of the links that stay."""

    rows: Path
    before: Path


def remember(register: Path, marks: Marks) -> None:
    """Write the digests of a delivery; whole or not at all. A register that cannot be read is left to linkage to refuse."""
    with run.connect(marks.file.parent) as db:
        if _read(db, register, marks.key):
            _write(db, marks)


def changed(register: Path, last: Path, marks: Marks, scratch: Path) -> Left | None:
    """What to link of this delivery after the last one, whose links are `last`. None: cannot be told, link all of it."""
    left = Left(scratch / f"{register.stem}.changed.parquet", scratch / f"{register.stem}.before.parquet")
    with run.connect(scratch) as db:
        if not _read(db, register, marks.key):
            return None
        was = f"read_parquet({quoted(last.with_suffix('.rows'))})"
        db.execute(
            f"create table fresh as select record from now anti join {was} w on w.record = now.record and w.mark = now.mark"
        )
        db.execute(f"copy (select * exclude (n) rename (record as record_id{_DOOR})"
                   f" from l_read semi join fresh using (record)) to {quoted(left.rows)} (format parquet)")  # fmt: skip
        db.execute(f"copy (select b.* from read_parquet({quoted(last)}) b semi join now on now.record = b.left_id)"
                   f" to {quoted(left.before)} (format parquet)")  # fmt: skip
        _write(db, marks)
    return left


_DOOR = ", parent_one as father_name, parent_two as mother_name, door_area as id_area, door_tail as id_tail, door_valid as id_valid"


def _read(db: duckdb.DuckDBPyConnection, register: Path, key: str) -> bool:
    """Make table now (record, mark)."""
    try:
        reading.read(db, register, "l_read", "左侧")
        said = ", ".join(f"coalesce({column}::varchar, '')" for column in _COMPARED)
        digest = f"('0x' || left(sha256(concat_ws(chr(31), '{key}', {said})), 16))::ubigint"
        db.execute(f"create table now as select record, {digest} as mark from l_read")
    except (Refusal, duckdb.DataError, duckdb.InvalidInputException, duckdb.IOException):  # linkage will say so
        return False
    return True


def _write(db: duckdb.DuckDBPyConnection, marks: Marks) -> None:
    part = marks.file.with_name(f".{marks.file.name}.part")
    db.execute(f"copy now to {quoted(part)} (format parquet, compression zstd)")
    alone.publish(part, marks.file)
