"""Departments' files as they come, and what the door makes of them."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from hutong.exchange.feeds import Outcome, through
from hutong.kernel import parquet
from hutong.people.identity import check_digit
from hutong.policy.feeds import feeds

TODAY = date(2026, 9, 1)
SERIAL = 7


def number(first: str = "37172620150208123") -> str:
    """An identity number that can exist, of nobody."""
    return first + check_digit(first)


def out(folder: Path) -> Path:
    return folder / parquet.name("delivery")


def sent(folder: Path, content: str | bytes, *, feed: str = "dibao", name: str = "名册.csv") -> Outcome:
    """A file goes through the door."""
    path = folder / "came"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return through(path, name, feeds()[feed], today=TODAY, number=SERIAL, out=out(folder))


def stored(folder: Path) -> list[dict[str, Any]]:
    """The rows written, by row id."""
    with duckdb.connect() as db:
        found = db.execute(f"from {parquet.relation(db, out(folder))} order by record_id")
        names = [column[0] for column in found.description]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def workbook(*sheets: list[list[Any]]) -> bytes:
    """A workbook with these sheets."""
    import openpyxl

    book = openpyxl.Workbook()
    book.remove(book.active)
    for number, rows in enumerate(sheets):
        sheet = book.create_sheet(f"表{number + 1}")
        for row in rows:
            sheet.append(row)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()
