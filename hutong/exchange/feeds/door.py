"""The door: a department's file in, one encrypted Parquet file out, and what became of every row.

Identity numbers are repaired, sealed (to be opened by few, one at a time) and replaced by keyed tokens; nothing that is
written holds one in the clear. Row ids are the delivery's serial times ten thousand million plus the row in the file.
"""

from __future__ import annotations

import errno
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import duckdb
import pyarrow as pa
from duckdb.func import PythonUDFType

from hutong.exchange.feeds import checking, notes, raw
from hutong.exchange.feeds.checking import Bad
from hutong.exchange.feeds.headings import Found, counting, match
from hutong.exchange.feeds.values import quoted
from hutong.kernel import ciphers, number_tokens, parquet
from hutong.kernel.refusals import Refusal
from hutong.policy.feeds import LIMITS, Feed

ROWS_A_DELIVERY = 10_000_000_000
_ALWAYS = {"id_no": "varchar", "name": "varchar", "sex": "varchar", "birth_date": "date", "division": "bigint"}


class Unstored(Refusal):
    """The machine could not do it; the file is fine and kept."""

    code = "unstored"


@dataclass(frozen=True)
class Outcome:
    """What became of a file. rows = good + quarantined + not_data, always; rows are those below the heading.

    `headings`: all of the file's, as they came; `bad`: the first quarantined rows with their cells, as they came (these hold
    personal data in the clear); `notes`: code → rows, see notes.sentences; `taken`: the contract's fields that were there;
    `absent`: those that were not; `ignored`: headings not taken. `seconds`: by stage, read, check, tokens, write.
    """

    rows: int
    good: int
    quarantined: int
    not_data: int
    headings: tuple[str, ...]
    bad: tuple[Bad, ...]
    notes: dict[str, int]
    taken: tuple[str, ...]
    absent: tuple[str, ...]
    ignored: tuple[str, ...]
    seconds: dict[str, float] = field(compare=False)


def through(path: Path, name: str, feed: Feed, *, today: date, number: int, out: Path, piece: bool = False) -> Outcome:
    """Check the file at `path`, called `name` by its sender, against the contract; write what is good to `out`.

    `number`: the serial of the delivery; `out`: named by parquet.name; `piece`: a county's part of a city's file. Raises Refusal with a sentence; nothing is written then,
    and the file stays as it came.
    """
    seconds: dict[str, float] = {}
    with scratch(out) as db:
        with _timed(seconds, "read"):
            came = raw.piece(db, path) if piece else raw.load(db, path, name, counting(feed))
            found = match(feed, came.headings)
        with _timed(seconds, "check"):
            checking.check(db, came, found, feed, today)
            counts = checking.counted(db)
            said = notes.counted(db, came, found, feed)
            bad = notes.bad_rows(db, feed, found)
        with _timed(seconds, "tokens"):
            _tokens(db, found)
        with _timed(seconds, "write"):
            _write(db, feed, found, number, out)
    stored = [field for field in feed.fields if field.stored]
    return Outcome(
        rows=counts.rows,
        good=counts.good,
        quarantined=counts.bad,
        not_data=counts.not_data,
        headings=came.headings,
        bad=bad,
        notes=said,
        taken=tuple(field.name for field in stored if field.name in found.columns),
        absent=tuple(field.name for field in stored if field.name not in found.columns),
        ignored=found.ignored,
        seconds=seconds,
    )


@contextmanager
def scratch(out: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A database of its own, which spills beside `out`, readable by its owner alone, and is gone afterwards."""
    folder = out.with_name(f".{out.name}.scratch")
    shutil.rmtree(folder, ignore_errors=True)  # of a run that was killed
    folder.mkdir(mode=0o700)
    try:
        with duckdb.connect(config={"memory_limit": LIMITS.memory_limit, "threads": LIMITS.threads}) as db:
            db.execute(f"set temp_directory = {quoted(str(folder))}")
            number_tokens.prepare(db)
            yield db
    except duckdb.OutOfMemoryException as error:
        raise _full() from error
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}:
            raise _full() from error
        raise
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _full() -> Unstored:
    return Unstored(
        "处理这份文件时服务器的磁盘或内存不够，没有收下；文件已保存，此前收到的数据不变。请管理员腾出空间后重新处理。",
        code="no_space",
    )


@contextmanager
def _timed(seconds: dict[str, float], stage: str) -> Iterator[None]:
    started = time.perf_counter()
    yield
    seconds[stage] = time.perf_counter() - started


def _tokens(db: duckdb.DuckDBPyConnection, found: Found) -> None:
    """Table `tokens`: for each good row the tokens that stand for its numbers."""
    numbers = [name for name in ("id_no", "father_id_no", "mother_id_no") if name in found.columns]
    columns = [f"{number_tokens.whole(name)} as {name}" for name in numbers]
    if "id_no" in found.columns:
        columns += [f"{number_tokens.area('id_no')} as id_area", f"{number_tokens.tail('id_no')} as id_tail"]
    db.execute(f"create or replace table tokens as select {', '.join(['n', *columns])} from checked where state = 1")


def _write(db: duckdb.DuckDBPyConnection, feed: Feed, found: Found, number: int, out: Path) -> None:
    db.create_function("sealed_number", _sealed, ["VARCHAR"], "BLOB", type=PythonUDFType.ARROW, side_effects=True)
    try:
        parquet.write(
            db, f"select {', '.join(_columns(feed, found, number))} from checked c join tokens t using (n)", out
        )
    finally:
        db.remove_function("sealed_number")


def _columns(feed: Feed, found: Found, number: int) -> list[str]:
    """The register's columns: those of a person always, its own only when they came, for a rule asks which are there."""
    numbered = "id_no" in found.columns
    columns = [f"{number * ROWS_A_DELIVERY} + n as record_id"]
    columns += [f"{f't.{c}' if numbered else 'null::varchar'} as {c}" for c in ("id_no", "id_area", "id_tail")]
    columns += ["c.id_valid", f"{'sealed_number(c.id_no)' if numbered else 'null::blob'} as id_sealed"]
    there = {field.name for field in feed.fields if field.stored and field.name in found.columns} | {
        "sex",
        "birth_date",
    }
    for name, kind in _ALWAYS.items():
        if name != "id_no":
            columns.append(f"c.{name}" if name in there else f"null::{kind} as {name}")
    own = [field for field in feed.fields if field.name in there - set(_ALWAYS)]
    return columns + [f"{'t' if field.holds == 'id_number' else 'c'}.{field.name}" for field in own]


def _sealed(numbers: pa.ChunkedArray) -> pa.Array:
    """Numbers, each sealed. The one step that is done row by row."""
    sealed = (None if one is None else ciphers.seal(one, "id_number") for one in numbers.to_pylist())
    return pa.array(sealed, pa.binary())
