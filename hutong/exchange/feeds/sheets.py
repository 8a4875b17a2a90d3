"""Workbooks: the one sheet that is the register, row by row, cells as the sender sees them."""

from __future__ import annotations

import io
import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from hutong.exchange.census import books, cells
from hutong.exchange.census.books import Unreadable
from hutong.policy import census
from hutong.policy.feeds import Limits

_MB = 1024 * 1024
_PRECISE = 1e15  # a number from here on has lost digits: identity numbers typed into cells that are numbers


@dataclass(frozen=True)
class Sheet:
    """The rows from the sheet's first row on. `ignored`: other sheets with something in them."""

    rows: Iterator[list[str | None]]
    ignored: int


def read(path: Path, name: str, heads: Callable[[Sequence[str]], int], *, limits: Limits) -> Sheet:
    """The sheet with the headings. Raises Unreadable with a sentence, also where several sheets have them."""
    if path.stat().st_size > limits.book_mb * _MB:
        raise Unreadable(
            "工作簿超过 %(limit)s MB，没有读取，此前收到的数据不变。请另存为 csv 再报，或分成几个文件。",
            values={"limit": limits.book_mb}, code="too_big",
        )  # fmt: skip
    content = _opened(path)
    try:
        if content.startswith(b"PK"):
            books.check_zip(content, _of_books(limits))
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        found = [book.get_sheet_by_name(one) for one in book.sheet_names]
        return _one([sheet for sheet in found if sheet.height], heads, limits)
    except (CalamineError, OSError, ValueError, OverflowError) as error:
        raise Unreadable(
            "文件不完整或不是真正的表格，没有收下，此前收到的数据不变。请用表格软件打开、另存为 xlsx 再报。",
            code="damaged",
        ) from error


def _opened(path: Path) -> bytes:
    content = path.read_bytes()
    try:
        return content if content.startswith(b"PK") else books.decrypted(content, "")
    except Unreadable as error:
        raise Unreadable(
            "工作簿设有打开密码，没有收下，此前收到的数据不变。请去掉密码后再报。", code="password_needed"
        ) from error


def _one(sheets: list[CalamineSheet], heads: Callable[[Sequence[str]], int], limits: Limits) -> Sheet:
    if not sheets:
        raise Unreadable("工作簿里没有一行内容，此前收到的数据不变。请核对是不是传错了文件。", code="empty")
    headed = [sheet for sheet in sheets if _headed(sheet, heads, limits)]
    if len(headed) > 1:
        raise Unreadable(
            "工作簿里有 %(n)s 张工作表都像名册，不知道该收哪一张，没有收下，此前收到的数据不变。请合成一张，或分成几个文件再报。",
            values={"n": len(headed)}, code="several_sheets",
        )  # fmt: skip
    sheet = headed[0] if headed else sheets[0]
    if sheet.total_height > limits.book_rows:
        raise Unreadable(
            "工作表有 %(rows)s 行，超过 %(limit)s 行的上限，没有收下，此前收到的数据不变。请另存为 csv 再报。",
            values={"rows": sheet.total_height, "limit": limits.book_rows}, code="too_big",
        )  # fmt: skip
    return Sheet((_texts(row) for row in sheet.iter_rows()), len(sheets) - 1)


def _headed(sheet: CalamineSheet, heads: Callable[[Sequence[str]], int], limits: Limits) -> bool:
    top = itertools.islice(sheet.iter_rows(), limits.heading_rows)
    return any(heads([cell or "" for cell in _texts(row)]) >= 2 for row in top)


def _texts(row: Sequence[books.Cell]) -> list[str | None]:
    return [_text(cell) for cell in row]


def _text(cell: books.Cell) -> str | None:
    if isinstance(cell, str):
        return cell or None
    if isinstance(cell, float) and abs(cell) >= _PRECISE:
        return f"{cell:.14E}"
    return cells.plain(cell)


def _of_books(limits: Limits) -> census.Limits:
    return census.Limits(
        file_mb=limits.book_mb, unpacked_mb=limits.book_unpacked_mb, rows=limits.book_rows, columns=limits.columns
    )
