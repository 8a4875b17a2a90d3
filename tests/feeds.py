"""Departments' files of a small village made by hand, delivered through the operations. Everybody in them is synthetic."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from hutong.exchange import agreements, receiving
from hutong.exchange.models import FeedDelivery
from hutong.kernel.scope import acting
from hutong.policy.feeds import feeds
from hutong.staff.models import User
from tests import make

COUNTY = 371726000000
Rows = Iterable[dict[str, Any]]


@cache
def number(who: str, born: date, sex: str = "1") -> str:
    """The identity number of a made-up person, the same whenever asked."""
    return make.id_number(born, sex=sex)


def agree(by: User, *names: str, at: datetime = make.AT) -> None:
    """An agreement for each feed, as its contract has it."""
    for name in names:
        contract = feeds()[name]
        with make.as_(by):
            agreements.agree(
                feed=name, division=COUNTY, number="菏民函〔2026〕8号", purpose=contract.purpose, by=by, at=at, start=date(2026, 1, 1),
                legal_basis=contract.legal_basis.zh, fields=[field.name for field in contract.fields],
                retention_days=contract.numbers.retention_days,
            )  # fmt: skip


def text(feed: str, rows: Rows) -> str:
    """The rows as the text file a department would send, under the contract's titles."""
    titles = {field.name: field.title for field in feeds()[feed].fields}
    listed = list(rows)
    columns = list(dict.fromkeys(name for row in listed for name in row))
    lines = [",".join(titles[name] for name in columns)]
    lines += [",".join("" if row.get(name) is None else str(row[name]) for name in columns) for row in listed]
    return "\n".join(lines) + "\n"


def deliver(by: User, feed: str, rows: Rows, *, at: datetime = make.AT) -> FeedDelivery:
    """Received and checked."""
    with make.as_(by):
        row = receiving.receive(
            spooled=receiving.spool([text(feed, rows).encode("gb18030")]), name=f"{feed}.csv", feed=feed, division=COUNTY,
            channel="upload", by=by, at=at,
        )  # fmt: skip
    with acting(receiving.MACHINE):
        return receiving.check(delivery=row, at=at)


FATHER = {"id_no": number("father", date(1986, 3, 2)), "name": "张合山", "sex": "男", "birth_date": date(1986, 3, 2)}
MOTHER = {
    "id_no": number("mother", date(1988, 7, 9), "2"),
    "name": "孙合梅",
    "sex": "女",
    "birth_date": date(1988, 7, 9),
}
CHILD = {"id_no": number("child", date(2016, 5, 4), "2"), "name": "张小合", "sex": "女", "birth_date": date(2016, 5, 4)}
OTHER = {"id_no": number("other", date(2014, 9, 9)), "name": "刘合成", "sex": "男", "birth_date": date(2014, 9, 9)}
_PARENTS = {
    "father_id_no": FATHER["id_no"], "father_name": FATHER["name"], "mother_id_no": MOTHER["id_no"], "mother_name": MOTHER["name"],
}  # fmt: skip


def police(*more: dict[str, Any]) -> list[dict[str, Any]]:
    """A household of three in the tests' village."""
    home = {"division": make.HERE, "household_id": 700_001}
    people = [FATHER | {"relation": "户主"}, MOTHER | {"relation": "配偶"}, CHILD | {"relation": "子女"} | _PARENTS]
    return [home | person for person in people] + list(more)


def custody() -> list[dict[str, Any]]:
    """The father is in prison."""
    return [FATHER | {"began_on": date(2025, 11, 3), "months": 30}]


def death() -> list[dict[str, Any]]:
    """The mother died."""
    return [MOTHER | {"died_on": date(2024, 2, 1)}]


def allowance() -> list[dict[str, Any]]:
    """Another child receives one; this one does not."""
    return [OTHER | {"kind": "孤儿", "monthly_amount": 1500, "since": date(2022, 1, 1)}]


def registers(folder: Path, settings: Any) -> Path:
    """A folder of registers of one's own."""
    settings.REGISTERS = folder / "registers"
    return Path(settings.REGISTERS)
