"""What goes back to the sender of a city's file: one workbook with every row that could not be used, by the numbers of the sender's own sheet."""

from __future__ import annotations

import heapq
import io
from collections.abc import Iterator

from hutong.exchange import receiving, workbooks
from hutong.exchange.agreements import counties
from hutong.exchange.models import CityDelivery, CityRow, FeedDelivery, FeedRow
from hutong.exchange.sealing import open_json
from hutong.kernel.scope import acting
from hutong.kernel.sentences import Sentence

_CHUNK = 2000
SAID = {
    "sent": Sentence("已交给县（区）"),
    "known": Sentence("以前收到过同一份，没有重复接收"),
    "none": Sentence("没有这个县（区）的行"),
    "no_agreement": Sentence("没有生效的共享协议，这些行没有接收，也没有保存；登记协议后请把同一份文件再送一次"),
}
"""What became of a county's rows: Chinese in the workbook, in the reader's language on the page."""


def parts(row: CityDelivery) -> dict[int, FeedDelivery]:
    """The counties' deliveries of the file, for the office that sent it: what it sent itself, and how it fared."""
    with acting(receiving.MACHINE):
        return {part.division: part for part in FeedDelivery.objects.filter(city=row).order_by("division")}


def returned(row: CityDelivery) -> bytes:
    """The rows of no county and those of every county's part that could not be used, and what became of each county. Every cell is text."""
    names, found = counties(row.division), io.BytesIO()
    book = workbooks.book(found)
    sheet = book.add_worksheet("退回的行")
    sheet.freeze_panes(1, 0)
    sheet.set_column(2, 2, 60)
    workbooks.write(sheet, 0, ["行", "县（区）", "问题", *row.headings])
    for at, bad in enumerate(_rows(row), 1):
        reasons = "；".join(reason["message"].rstrip("。") for reason in bad.reasons)
        cells = [str(bad.number), names.get(bad.division, ""), reasons, *map(str, open_json(bad.raw_sealed))]
        workbooks.write(sheet, at, cells)
    other = book.add_worksheet("各县（区）")
    other.set_column(4, 4, 60)
    workbooks.write(other, 0, ["县（区）", "行数", "可用", "待改", "情况"])
    there = parts(row)
    for at, part in enumerate(row.parts, 1):
        made = there.get(part["county"])
        figures = [str(made.good), str(made.bad)] if made and not made.trouble else ["", ""]
        said = (made.trouble if made else "") or SAID[part["state"]]
        workbooks.write(other, at, [names.get(part["county"], ""), str(part["rows"]), *figures, said])
    book.close()
    return found.getvalue()


def _rows(row: CityDelivery) -> Iterator[CityRow | FeedRow]:
    with acting(receiving.MACHINE):
        own = CityRow.objects.filter(delivery=row).order_by("number").iterator(chunk_size=_CHUNK)
        theirs = FeedRow.objects.filter(delivery__city=row).order_by("number").iterator(chunk_size=_CHUNK)
        yield from heapq.merge(own, theirs, key=lambda bad: bad.number)
