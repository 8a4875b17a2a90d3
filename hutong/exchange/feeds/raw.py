"""Any file → a table of text: what a sender sees, with the row numbers a sender sees.

Owns what a file is, and how big it may be. Table `raw`: n (bigint; the row in the file, from 1, the heading counted), c0, c1 …
(text without blanks around it; null where the row is shorter). Of a Parquet file the names of its columns are row 1.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.compute as compute
import pyarrow.parquet as files

from hutong.exchange.census.books import Unreadable
from hutong.exchange.feeds import sheets, texts
from hutong.policy.feeds import LIMITS, Limits

Heads = Callable[[Sequence[str]], int]
Row = Sequence[str | None]
_MB = 1024 * 1024
_ZIP, _OLE, _PARQUET, _SEALED = b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"PAR1", b"PARE"
_BLANKS = " \t\r\n\u3000\xa0\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\ufeff"
_CHUNK = 2000  # rows turned into columns at once: small enough to stay in the processor's cache
_BATCH = 50_000


@dataclass(frozen=True)
class Raw:
    """`heading`: the row of the headings (0: there is none that looks like one). `rows`: rows below it.

    `doubts`: what had to be guessed, code → count.
    """

    heading: int
    headings: tuple[str, ...]
    rows: int
    doubts: dict[str, int]


def load(db: duckdb.DuckDBPyConnection, path: Path, name: str, heads: Heads, *, limits: Limits = LIMITS) -> Raw:
    """Make the table `raw` of a file. `heads` says how many fields a row of headings names.

    Raises Unreadable with a sentence; the file is left as it came.
    """
    size = path.stat().st_size
    if size > limits.file_mb * _MB:
        raise Unreadable(
            "“%(name)s”有 %(size)s MB，超过 %(limit)s MB 的上限，没有读取，此前收到的数据不变。请按县（区）分成几个文件再报。",
            values={"name": shown(name), "size": size // _MB, "limit": limits.file_mb}, code="too_big",
        )  # fmt: skip
    with path.open("rb") as file:
        start = file.read(4)
    if not start:
        raise Unreadable(
            "“%(name)s”是空文件，没有内容可读，此前收到的数据不变。请核对是不是传错了文件。",
            values={"name": shown(name)}, code="empty",
        )  # fmt: skip
    if start in {_PARQUET, _SEALED}:
        return _parquet(db, path, name, limits)
    if start in {_ZIP, _OLE}:
        sheet = sheets.read(path, name, heads, limits=limits)
        return _rows(db, sheet.rows, heads, {"sheets_ignored": sheet.ignored} if sheet.ignored else {}, limits)
    return _text(db, path, name, heads, limits)


def piece(db: duckdb.DuckDBPyConnection, path: Path) -> Raw:
    """Make the table `raw` of a county's part of a city's file (splitting): rows keep their numbers; the first is the heading."""
    db.execute("create table raw as select * from read_parquet(?) order by n", [str(path)])
    heading, *cells = db.execute("select * from raw order by n limit 1").fetchall()[0]
    total = db.execute("select count(*) from raw").fetchall()[0][0]
    return Raw(heading, texts.filled(cells), total - 1, {})


def shown(name: str) -> str:
    """A file's name as it may stand in a sentence: no marks that turn or break the line, not too long."""
    plain = "".join(c for c in name if unicodedata.category(c)[0] != "C" and c not in "“”<>")
    return plain if len(plain) <= 80 else f"{plain[:50]}…{plain[-20:]}"


def _text(db: duckdb.DuckDBPyConnection, path: Path, name: str, heads: Heads, limits: Limits) -> Raw:
    found = texts.recognised(path, heads, limits)
    doubts = {"characters_lost": found.lost} if found.lost else {}
    even = texts.even_batches(path, found)
    if even is not None and _filled(db, even, limits):
        return _headed(db, heads, doubts, limits)
    db.execute("drop table if exists raw")
    return _rows(db, texts.rows(path, found), heads, doubts, limits)


def _rows(
    db: duckdb.DuckDBPyConnection, rows: Iterable[Row], heads: Heads, doubts: dict[str, int], limits: Limits
) -> Raw:
    if not _filled(db, _batches(rows, limits), limits):
        raise Unreadable("文件里有读不出来的内容，没有收下，此前收到的数据不变。请另存为 xlsx 再报。", code="damaged")
    return _headed(db, heads, doubts, limits)


def _filled(db: duckdb.DuckDBPyConnection, batches: Iterator[pa.RecordBatch], limits: Limits) -> bool:
    """Fill `raw`; false when the batches turn out uneven. Raises Unreadable for too many rows."""
    try:
        first = next(batches, None)
        if first is None:
            raise Unreadable("文件里没有一行内容，此前收到的数据不变。请核对是不是传错了文件。", code="empty")
        db.execute(f"create table raw (n bigint, {', '.join(f'c{i} varchar' for i in range(first.num_columns))})")
        done = 0
        for batch in _joined(first, batches):
            if done + batch.num_rows > limits.rows:
                raise Unreadable(
                    "文件超过 %(limit)s 行的上限，没有收下，此前收到的数据不变。请按县（区）分成几个文件再报。",
                    values={"limit": limits.rows}, code="too_big",
                )  # fmt: skip
            _append(db, batch, done)
            done += batch.num_rows
    except pa.ArrowInvalid:
        return False
    return True


def _joined(first: pa.RecordBatch, rest: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch | pa.Table]:
    """Larger pieces: one statement for many batches."""
    held, rows = [first], first.num_rows
    for batch in rest:
        if rows >= _BATCH:
            yield pa.Table.from_batches(held)
            held, rows = [], 0
        held.append(batch)
        rows += batch.num_rows
    yield pa.Table.from_batches(held)


def _append(db: duckdb.DuckDBPyConnection, batch: pa.Table, done: int) -> None:
    numbers = pa.array(range(done + 1, done + 1 + batch.num_rows), pa.int64())
    trimmed = [compute.utf8_trim(column, characters=_BLANKS) for column in batch.columns]
    db.register("piece", pa.table([numbers, *trimmed], names=["n", *batch.column_names]))
    db.execute("insert into raw select * from piece")
    db.unregister("piece")


def _named(batch: pa.Table, width: int) -> pa.Table:
    return pa.table(batch.columns[:width], names=[f"c{i}" for i in range(width)])


def _batches(rows: Iterable[Row], limits: Limits) -> Iterator[pa.RecordBatch]:
    """Rows of any length as columns. The first rows say how many there are: beyond them no heading can stand."""
    width, chunk = 0, list[Row]()
    for row in rows:
        chunk.append(row[: limits.columns])
        if len(chunk) == _CHUNK:
            width = width or max(map(len, chunk), default=1) or 1
            yield _columns(chunk, width)
            chunk = []
    if chunk:
        yield _columns(chunk, width or max(map(len, chunk), default=1) or 1)


def _columns(chunk: list[Row], width: int) -> pa.RecordBatch:
    columns = list(zip_longest(*chunk))[:width]
    columns += [(None,) * len(chunk)] * (width - len(columns))
    return pa.RecordBatch.from_arrays(
        [pa.array(column, pa.string()) for column in columns], [f"c{i}" for i in range(width)]
    )


def _headed(db: duckdb.DuckDBPyConnection, heads: Heads, doubts: dict[str, int], limits: Limits) -> Raw:
    top = db.execute(f"select * from raw where n <= {limits.heading_rows} order by n").fetchall()
    best = max(top, key=lambda row: (heads(texts.filled(row[1:])), -row[0]))
    heading = best[0] if heads(texts.filled(best[1:])) else 0
    total = db.execute("select count(*) from raw").fetchall()[0][0]
    return Raw(heading, texts.filled(best[1:]) if heading else texts.filled(top[0][1:]), total - heading, doubts)


def _parquet(db: duckdb.DuckDBPyConnection, path: Path, name: str, limits: Limits) -> Raw:
    try:
        file = files.ParquetFile(path)
        columns, rows = file.schema_arrow.names[: limits.columns], file.metadata.num_rows
        if rows > limits.rows:
            raise Unreadable(
                "“%(name)s”有 %(rows)s 行，超过 %(limit)s 行的上限，没有读取，此前收到的数据不变。请分成几个文件再报。",
                values={"name": shown(name), "rows": rows, "limit": limits.rows}, code="too_big",
            )  # fmt: skip
        db.execute(f"create table raw (n bigint, {', '.join(f'c{i} varchar' for i in range(len(columns)))})")
        _append(db, _columns([columns], len(columns)), 0)
        done = 1
        for batch in file.iter_batches(_BATCH):
            texts_ = db.from_arrow(_named(batch, len(columns))).select(
                ", ".join(f"c{i}::varchar" for i in range(len(columns)))
            )
            _append(db, _named(texts_.to_arrow_table(), len(columns)), done)
            done += batch.num_rows
    except (pa.ArrowException, OSError, duckdb.Error) as error:
        raise Unreadable(
            "“%(name)s”不是完整的 Parquet 文件，可能没有传完或已损坏，没有收下，此前收到的数据不变。请重新导出、重新传送。",
            values={"name": shown(name)}, code="damaged",
        ) from error  # fmt: skip
    return Raw(1, tuple(columns), rows, {})
