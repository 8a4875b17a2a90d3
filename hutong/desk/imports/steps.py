"""What the import pages show of rows and headers, and the job for large files."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from hutong.exchange import tasks
from hutong.exchange.census.books import Cell, Unreadable, open_book
from hutong.exchange.census.cells import plain
from hutong.exchange.census.headers import ASKED, guess_header
from hutong.exchange.census.reader import header_of
from hutong.exchange.models import Delivery, Row
from hutong.exchange.operations import corrections, original
from hutong.exchange.sealing import open_json
from hutong.kernel.clock import today
from hutong.people.identity import masked_id, masked_phone
from hutong.places.queries import town_and_village
from hutong.policy.census import CENSUS
from hutong.staff.models import User

AT_ONCE = 1000
_LOOKED_AT = 10
_FIELDS = {
    "name": _("姓名"), "sex": _("性别"), "birth_date": _("出生日期"), "id_number": _("身份证号"), "town": _("乡镇（街道）"),
    "village": _("村（居）"), "address": _("住址（含镇、村）"), "guardian": _("监护人或照护人"), "guardian_relation": _("与儿童关系"),
    "phone": _("联系电话"), "category": _("类别"), "county": _("县（区）"), "division": _("区划代码"), "note": _("备注"), "seq": _("序号"),
    "hukou": _("户籍地址（没有住址时用）"), "guardian_id": _("监护人身份证号"), "age": _("年龄"), "ethnicity": _("民族"),
}  # fmt: skip


def fields() -> list[tuple[str, str]]:
    """What a column may be taken for: keys with their words in the reader's language."""
    asked = CENSUS.categories.asked.of
    whether = ((f"{ASKED}{word}", gettext("是否%(what)s") % {"what": gettext(word)}) for word in asked)
    return [*((key, str(words)) for key, words in _FIELDS.items()), *whether]


@dataclass(frozen=True)
class Table:
    """One header found in the file, with what each column was taken for."""

    sheet: str
    signature: str
    labels: list[str]
    chosen: dict[int, str]
    samples: list[str]


def shown(row: Row) -> dict[str, Any]:
    """A row as the page shows it: numbers masked, reasons in words."""
    fields = open_json(row.fields_sealed) or {}
    raw = open_json(row.raw_sealed) or []
    return {
        "row": row,
        "name": fields.get("name") or "",
        "sex": fields.get("sex") or "",
        "birth": fields.get("birth_date") or "",
        "number": masked_id(fields.get("id_number") or ""),
        "place": town_and_village(int(fields["division"])) if fields.get("division") else "",
        "guardian": fields.get("guardian") or "",
        "phone": masked_phone(fields.get("phone") or ""),
        "category": fields.get("category") or "",
        "changes": list(fields.get("changes") or {}),
        "raw": " | ".join(str(cell) for cell in raw)[:200] if row.status == "not_data" else "",
    }


def first(counts: dict[str, int]) -> str:
    """The status whose rows are shown first: what must be mended, else the first that has any."""
    return next((key for key in ("quarantined", "ok", "changed", "unchanged", "not_data") if counts.get(key)), "ok")


def unnamed(delivery: Delivery) -> bool:
    """Has no row a child's name? Then the column of names was not recognised, and each row's reason would mislead."""
    data = Row.objects.filter(delivery=delivery).exclude(status="not_data")
    return data.exists() and not any(shown(row)["name"] for row in data.order_by("pk")[:_LOOKED_AT])


def tables(delivery: Delivery) -> list[Table]:
    """The headers of the kept file; none when it cannot be read."""
    return list(_tables(delivery))


def _tables(delivery: Delivery) -> Iterator[Table]:
    known = corrections(delivery.division)
    try:
        for sheet in open_book(original(delivery), delivery.file_name, limits=CENSUS.limits.on(today())):
            if header := header_of(sheet, known) or guess_header(sheet):
                labels = [label.replace("\x1e", " / ") for label in header.labels]
                samples = [_sample(sheet.rows[header.last + 1 :], column) for column in range(len(labels))]
                yield Table(sheet.name, header.signature, labels, dict(header.columns), samples)
    except Unreadable:
        return


def _sample(rows: Sequence[Sequence[Cell]], column: int) -> str:
    """The first thing written below a label, long numbers masked: what tells 姓名 from 姓名."""
    written = (plain(row[column]) for row in rows[:20] if column < len(row))
    first = next((text for text in written if text), "")[:30]
    return re.sub(r"\d{7,}[Xx]?", lambda digits: f"{digits[0][:3]}****{digits[0][-2:]}", first)


def later(delivery: Delivery, user: User) -> None:
    """Leave it to the worker, in the name of the officer."""
    tasks.apply.defer(delivery=str(delivery.pk), user=str(user.pk))
