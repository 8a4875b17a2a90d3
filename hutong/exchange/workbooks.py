"""Workbooks out: the result beside the rows as they came, and a county's files in the layout of the census."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence, Set
from itertools import count

import xlsxwriter

from hutong.exchange.models import Delivery, FeedDelivery, FeedRow, Row
from hutong.exchange.sealing import open_json

STATUS = {"ok": "新增", "changed": "有变化", "unchanged": "无变化", "quarantined": "待改", "not_data": "不是数据"}
HEADER = (
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
    "档案号",
    "备注",
)


def result(delivery: Delivery) -> bytes:
    """Each sheet as it came, with verdict and reasons in front of each row. Every cell is text: nothing is ever a formula."""
    found = io.BytesIO()
    made = book(found)
    sheets: dict[str, xlsxwriter.worksheet.Worksheet] = {}
    for row in Row.objects.filter(delivery=delivery).order_by("pk").iterator(chunk_size=2000):
        sheet = sheets.get(row.sheet)
        if sheet is None:
            taken = {each.get_name().casefold() for each in sheets.values()}
            sheet = sheets[row.sheet] = made.add_worksheet(_sheet_name(row.sheet, taken))
            sheet.set_column(0, 0, 10)
            sheet.set_column(1, 1, 60)
        cells = list(map(str, open_json(row.raw_sealed)))
        reasons = "；".join(reason["message"].rstrip("。") for reason in row.reasons)
        write(sheet, row.number - 1, [STATUS[row.status], reasons, *cells] if cells else [])
    if not sheets:
        made.add_worksheet("空")
    made.close()
    return found.getvalue()


def returned(delivery: FeedDelivery) -> bytes:
    """The rows of a feed's delivery that could not be used, as they came, with number and reasons in front. Every cell is text."""
    found = io.BytesIO()
    made = book(found)
    sheet = made.add_worksheet("退回的行")
    sheet.freeze_panes(1, 0)
    sheet.set_column(1, 1, 60)
    write(sheet, 0, ["行", "问题", *delivery.found.get("headings", [])])
    rows = FeedRow.objects.filter(delivery=delivery).order_by("number").iterator(chunk_size=2000)
    for at, row in enumerate(rows, 1):
        reasons = "；".join(reason["message"].rstrip("。") for reason in row.reasons)
        write(sheet, at, [str(row.number), reasons, *map(str, open_json(row.raw_sealed))])
    made.close()
    return found.getvalue()


def census(rows: Iterable[Sequence[str]], *, mark: str) -> bytes:
    """A county's files in the census layout. `mark` names who took it away, when and what for: header, footer and a sheet of its own."""
    found = io.BytesIO()
    made = book(found)
    sheet = made.add_worksheet("儿童名册")
    sheet.set_header(f"&C{mark}")
    sheet.set_footer(f"&L{mark}&R第 &P 页，共 &N 页")
    sheet.freeze_panes(1, 0)
    sheet.set_column(1, 12, 16)
    write(sheet, 0, HEADER)
    for number, row in enumerate(rows, 1):
        write(sheet, number, row)
    note = made.add_worksheet("使用说明")
    write(note, 0, [mark])
    write(note, 1, ["本表含儿童个人信息，只能用于上述用途，用后删除，不得转发。"])
    made.close()
    return found.getvalue()


def book(target: io.BytesIO) -> xlsxwriter.Workbook:
    """A workbook in which every cell is text."""
    return xlsxwriter.Workbook(
        target, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    )


def write(sheet: xlsxwriter.worksheet.Worksheet, number: int, cells: Sequence[str]) -> None:
    """A row of a sheet, from 0; empty cells are left out."""
    for column, text in enumerate(cells):
        if text:
            sheet.write_string(number, column, text[:32_000])


def _sheet_name(name: str, taken: Set[str]) -> str:
    """The sheet's own name, as far as a workbook allows it; numbered when that is `taken` (compared without case)."""
    plain = "".join(c for c in name if c not in "[]:*?/\\'")[:25] or "表"
    return next(one for n in count(1) if (one := plain if n == 1 else f"{plain}{n}").casefold() not in taken)
