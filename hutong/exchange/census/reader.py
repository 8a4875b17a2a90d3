"""A whole file: every row of every sheet gets a verdict. Rows in = ok + quarantined + not data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date

from hutong.exchange.census.books import Cell, Sheet, open_book
from hutong.exchange.census.gazetteer import Gazetteer
from hutong.exchange.census.headers import Header, find_header, guess_header, repeats
from hutong.exchange.census.rows import Result, kind_of, not_data, raw_of, read_row
from hutong.policy.census import CENSUS

Corrections = Mapping[str, Mapping[int, str]]


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
    seen: dict[str, str] = {}
    for sheet in open_book(content, name, limits=CENSUS.limits.on(today), password=password):
        for result in _sheet(sheet, gazetteer, today, corrections or {}):
            _twice(result, seen)
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
    sheet = _unmerged(sheet, header)
    for index, row in enumerate(sheet.rows):
        number, raw = index + 1, raw_of(row)
        if header is None:
            blank = not any(str(cell).strip() for cell in row)
            yield not_data(
                sheet.name,
                number,
                raw,
                "blank" if blank else "no_table",
                "空行" if blank else "这张表里没有找到儿童名册的表头",
            )
        elif index < header.first:
            yield not_data(sheet.name, number, raw, "title", "标题或表头以上的说明")
        elif index <= header.last or repeats(header, raw):
            yield not_data(sheet.name, number, raw, "header", "表头")
        else:
            result = Result(sheet.name, number, raw=raw)
            yield _data(result, row, header, gazetteer, today)


def _data(result: Result, row: list[Cell], header: Header, gazetteer: Gazetteer, today: date) -> Result:
    fields: dict[str, Cell] = {}
    for column, field in header.columns.items():
        cell = row[column] if column < len(row) else ""
        if field not in fields or fields[field] == "":
            fields[field] = cell
    if reason := kind_of(fields, result.raw):
        return not_data(result.sheet, result.row, result.raw, *reason)
    return read_row(result, fields, gazetteer, today)


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


def _twice(result: Result, seen: dict[str, str]) -> None:
    """The same child twice in one file: the first stays, the second waits."""
    if result.status != "ok":
        return
    fields = result.fields
    key = fields["id_number"] or f"{fields['name']}|{fields['birth_date']}|{fields['division']}"
    if first := seen.get(key):
        result.stop("id_number" if fields["id_number"] else "name", "twice_in_file", f"与本文件{first}是同一个孩子")
    else:
        seen[key] = f"“{result.sheet}”第 {result.row} 行"
