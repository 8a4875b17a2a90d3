"""Text files: which encoding and delimiter, and their rows.

Owns the quick way (rows of one length, read by Arrow) and the patient one (any lengths, read by the csv module); they give the
same rows for what both can read.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
from pyarrow import csv as arrow

from hutong.exchange.census import books
from hutong.exchange.census.books import Unreadable
from hutong.policy.feeds import Limits

_PIECE = 1 << 20
_SAMPLE = 1 << 16
_CELL = 131_072  # the csv module's own: a longer cell is an unclosed quotation mark
_LOST = "\ufffd"


@dataclass(frozen=True)
class Text:
    """How a text file is written. `lost`: characters that fit no encoding."""

    encoding: str
    delimiter: str
    lost: int = 0


def filled(row: Sequence[str | None]) -> tuple[str, ...]:
    """A row without nulls."""
    return tuple(cell or "" for cell in row)


def recognised(path: Path, heads: Callable[[Sequence[str]], int], limits: Limits) -> Text:
    """Encoding and delimiter of a text file: the one by which a row names most fields. Raises Unreadable for what is no table in text."""
    with path.open("rb") as file:
        sample = file.read(_SAMPLE)
    encoding, lost = _encoding(path, sample, limits)
    text = sample.decode(encoding, errors="replace")
    if text.lstrip("\ufeff \r\n\t")[:200].lower().startswith(("<html", "<!doctype", "<table", "<?xml")):
        raise Unreadable(
            "这其实是网页格式的文件，不是表格，没有收下，此前收到的数据不变。请另存为 xlsx 或 csv 再报。",
            code="not_a_table",
        )
    if sum(ord(c) < 32 and c not in "\t\r\n\f" for c in text[:4000]) > 20:
        raise Unreadable(
            "这不是表格，也不是文本文件，没有收下，此前收到的数据不变。请核对是不是传错了文件。", code="not_a_table"
        )
    return Text(encoding, _delimiter(text, heads, limits), lost)


def _delimiter(text: str, heads: Callable[[Sequence[str]], int], limits: Limits) -> str:
    lines = text.splitlines()[: limits.heading_rows]
    marks = (books.delimiter(text), ",", "\t", ";", "|")

    def fields(mark: str) -> int:
        return max((heads([cell.strip('"') for cell in line.split(mark)]) for line in lines), default=0)

    return max(marks, key=fields)


def _encoding(path: Path, sample: bytes, limits: Limits) -> tuple[str, int]:
    """The encoding that reads the file, or with the fewest characters lost."""
    if sample.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16", 0
    if sample[:2000].count(0) > len(sample[:2000]) // 8:
        low = sample[:2000:2].count(0) < sample[1:2000:2].count(0)
        return ("utf-16-le" if low else "utf-16-be"), 0
    tried = []
    for encoding in ("utf-8-sig", "gb18030"):
        lost, characters = _losses(path, encoding)
        if not lost:
            return encoding, 0
        tried.append((lost, characters, encoding))
    lost, characters, encoding = min(tried)
    if lost * 1000 > characters * limits.garbled_permille:
        raise Unreadable(
            "文件的文字编码认不出来（既不是 UTF-8，也不是 GB 18030），没有收下，此前收到的数据不变。请另存为 UTF-8 编码的 csv 或 xlsx 再报。",
            code="encoding",
        )
    return encoding, lost


def _losses(path: Path, encoding: str) -> tuple[int, int]:
    decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
    lost = characters = 0
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            text = decoder.decode(piece)
            lost += text.count(_LOST)
            characters += len(text)
        lost += decoder.decode(b"", final=True).count(_LOST)
    return lost, characters


def even_batches(path: Path, found: Text) -> Iterator[pa.RecordBatch] | None:
    """Batches of columns c0, c1 …, when Arrow can begin to read the file; uneven rows later raise ArrowInvalid."""
    if found.lost or found.encoding.startswith("utf-16"):
        return None
    encoding = "utf8" if found.encoding == "utf-8-sig" else found.encoding
    try:
        reader = arrow.open_csv(
            path,
            read_options=arrow.ReadOptions(
                encoding=encoding, autogenerate_column_names=True, block_size=4 * _PIECE, use_threads=False
            ),
            parse_options=arrow.ParseOptions(
                delimiter=found.delimiter, newlines_in_values=True, ignore_empty_lines=False
            ),
            convert_options=arrow.ConvertOptions(
                column_types={f"f{i}": pa.string() for i in range(1000)}, strings_can_be_null=False
            ),
        )
    except pa.ArrowInvalid:
        return None
    return _renamed(reader)


def _renamed(reader: arrow.CSVStreamingReader) -> Iterator[pa.RecordBatch]:
    for batch in reader:
        yield batch.rename_columns([f"c{i}" for i in range(batch.num_columns)])


def rows(path: Path, found: Text) -> Iterator[list[str]]:
    """The rows, whatever their lengths. Raises Unreadable for quotation marks that do not pair."""
    csv.field_size_limit(_CELL)
    count = 0
    with path.open("rb") as file:
        text = io.TextIOWrapper(file, found.encoding, errors="replace", newline="")
        try:
            for row in csv.reader(text, delimiter=found.delimiter):
                count += 1
                yield row
        except csv.Error as error:
            raise Unreadable(
                "文件第 %(row)s 行起有一格过长或引号不成对，没有收下，此前收到的数据不变。请用表格软件打开、另存为 xlsx 再报。",
                values={"row": count + 1}, code="damaged",
            ) from error  # fmt: skip
