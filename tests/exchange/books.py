"""Workbooks as counties hold them, for tests."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import Any

import openpyxl

from hutong.exchange.census.gazetteer import Gazetteer
from hutong.exchange.census.reader import read_file
from hutong.exchange.census.rows import Result
from hutong.exchange.places import _packaged

TODAY = date(2026, 11, 23)
HEADER = [
    "序号",
    "乡镇（街道）",
    "村（居）",
    "儿童姓名",
    "性别",
    "出生日期",
    "身份证号",
    "监护人",
    "与儿童关系",
    "联系电话",
    "类别",
    "备注",
]
GOOD = [
    1,
    "陈王街道",
    "魏庄村",
    "李明",
    "男",
    "2015-02-08",
    "371726201502081232",
    "李大山",
    "祖父",
    "13800001111",
    "留守儿童",
    "",
]


@cache
def juancheng() -> Gazetteer:
    """The gazetteer of 鄄城县 from the packaged file."""
    return Gazetteer(_packaged(), 371726000000)


def workbook(*sheets: Sequence[Sequence[Any]], merged: Sequence[str] = ()) -> bytes:
    """An xlsx of these sheets."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for number, rows in enumerate(sheets, 1):
        sheet = book.create_sheet(f"表{number}")
        for row in rows:
            sheet.append(list(row))
        for reach in merged:
            sheet.merge_cells(reach)
    found = io.BytesIO()
    book.save(found)
    return found.getvalue()


def read(content: bytes, name: str = "名册.xlsx", **more: Any) -> list[Result]:
    """Read it as 鄄城县's."""
    return list(read_file(content, name, gazetteer=juancheng(), today=TODAY, **more))


def row(**changes: Any) -> list[Any]:
    """A good row with changes by header name."""
    return [changes.get(label, value) for label, value in zip(HEADER, GOOD, strict=True)]


def one(**changes: Any) -> Result:
    """What is made of a single row."""
    return read(workbook([HEADER, row(**changes)]))[1]
