"""A whole file: every row of every sheet gets a verdict. Rows in = ok + quarantined + not data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date

from hutong.exchange.census.books import Cell, Sheet, open_book
from hutong.exchange.census.gazetteer import Gazetteer
from hutong.exchange.census.headers import Header, find_header, guess_header, repeats
from hutong.exchange.census.rows import Result, kind_of, not_data, raw_of, read_row
from hutong.kernel.sentences import Sentence
from hutong.policy.census import CENSUS

Where = tuple[str, int]
"""A sheet's name and a row of it, from 1."""
_NOWHERE: Where = ("", 0)
Corrections = Mapping[str, Mapping[int, str]]
_DITTO = frozenset(CENSUS.not_data.ditto)
# A name and a number are a child's own: no mark takes them from another one.
_OWN = frozenset({"name", "id_number"})


def read_file(
    content: bytes,
    name: str,
    *,
    gazetteer: Gazetteer,
    today: date,
    password: str = "",
    corrections: Corrections | None = None,
) -> Iterator[Result]:
    """Read a file as it came. `corrections`: header signature → column index → field, as users corrected them before.

    Yields one Result a row, in the order of the sheets. Raises books.Unreadable when the file as a whole cannot be read.
    """
    seen = Seen()
    for sheet in open_book(content, name, limits=CENSUS.limits.on(today), password=password):
        for result in _sheet(sheet, gazetteer, today, corrections or {}):
            seen.check(result)
            yield result


def header_of(sheet: Sheet, corrections: Corrections) -> Header | None:
    """The header of a sheet, with the user's correction when this layout was corrected before."""
    header = find_header(sheet)
    unknown = guess_header(sheet) if header is None else None
    if unknown and (explained := corrections.get(unknown.signature)):
        return unknown.with_columns(explained)
    if header and (corrected := corrections.get(header.signature)) is not None:
        return header.with_columns(corrected)
    return header


def _sheet(sheet: Sheet, gazetteer: Gazetteer, today: date, corrections: Corrections) -> Iterator[Result]:
    header = header_of(sheet, corrections)
    sheet, above = _unmerged(sheet, header), dict[str, Cell]()
    for index, row in enumerate(sheet.rows):
        number, raw = index + 1, raw_of(row)
        if header is None:
            blank = not any(str(cell).strip() for cell in row)
            yield not_data(
                sheet.name,
                number,
                raw,
                "blank" if blank else "no_table",
                Sentence("空行") if blank else Sentence("这张表里没有找到儿童名册的表头"),
            )
        elif index < header.first:
            yield not_data(sheet.name, number, raw, "title", Sentence("标题或表头以上的说明"))
        elif index <= header.last or repeats(header, raw):
            yield not_data(sheet.name, number, raw, "header", Sentence("表头"))
        else:
            fields = _fields(row, header)
            if reason := kind_of(fields, raw):
                yield not_data(sheet.name, number, raw, *reason)
                continue
            if not _DITTO.isdisjoint(fields.values()):
                fields = _same_as(above, fields)
            above = fields
            yield read_row(Result(sheet.name, number, raw=raw), fields, gazetteer, today)


def _fields(row: list[Cell], header: Header) -> dict[str, Cell]:
    fields: dict[str, Cell] = {}
    for column, field in header.columns.items():
        cell = row[column] if column < len(row) else ""
        if field not in fields or fields[field] == "":
            fields[field] = cell
    return fields


def _same_as(above: Mapping[str, Cell], fields: Mapping[str, Cell]) -> dict[str, Cell]:
    """A cell that says 同上 holds what the cell above holds."""
    return {
        field: ("" if field in _OWN else above.get(field, "")) if cell in _DITTO else cell
        for field, cell in fields.items()
    }


def _unmerged(sheet: Sheet, header: Header | None) -> Sheet:
    """Cells merged downwards in the data (a town over its villages) hold their value in every row."""
    if header is None or not sheet.merged:
        return sheet
    places = {c for c, field in header.columns.items() if field in {"town", "village", "county"}}
    rows = [list(row) for row in sheet.rows]
    for (top, left), (bottom, right) in sheet.merged:
        if top > header.last and left == right and left in places and bottom > top:
            for r in range(top + 1, min(bottom, len(rows) - 1) + 1):
                if left < len(rows[r]) and rows[r][left] == "" and any(str(c).strip() for c in rows[r]):
                    rows[r][left] = rows[top][left]
    return replace(sheet, rows=rows)


class Seen:
    """The children of one file: the first stays, whoever comes again waits."""

    def __init__(self) -> None:
        self._numbers: dict[str, tuple[Where, str]] = {}
        self._children: dict[tuple[str, str, str], tuple[Where, str]] = {}

    def check(self, result: Result) -> None:
        """Stop a good row whose child stood above: by number, or by name, birth and village where one has no number."""
        if result.status != "ok":
            return
        number, name, born, division = (result.fields[key] for key in ("id_number", "name", "birth_date", "division"))
        here = result.sheet, result.row
        if number and number in self._numbers:
            first, called = self._numbers[number]
            result.stop("id_number", "twice_in_file", _same_number(first) if called == name else _other_name(first))
            return
        first, other = self._children.get((name, born, division), (_NOWHERE, ""))
        if first[1] and not (number and other):
            result.stop("name", "twice_in_file", _same_child(first))
            return
        self._children.setdefault((name, born, division), (here, number or ""))
        if number:
            self._numbers[number] = (here, name)


def _place(where: Where) -> Sentence:
    return Sentence("“%(sheet)s”第 %(row)s 行", sheet=where[0], row=where[1])


def _same_number(first: Where) -> Sentence:
    return Sentence("与本文件%(where)s是同一个孩子", where=_place(first))


def _other_name(first: Where) -> Sentence:
    return Sentence("与本文件%(where)s身份证号相同，姓名却不同，请核对是谁的号码", where=_place(first))


def _same_child(first: Where) -> Sentence:
    return Sentence("与本文件%(where)s姓名、出生日期和村（居）都相同，可能是同一个孩子", where=_place(first))
