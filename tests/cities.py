"""One file of a bureau for the whole city, and who sends it. Everybody in it is synthetic."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import cache

from hutong.exchange import agreements, city, receiving
from hutong.exchange.models import CityDelivery, FeedDelivery
from hutong.kernel.scope import acting
from hutong.places import operations as places
from hutong.places.models import Organisation
from hutong.policy.feeds import feeds
from hutong.staff.models import Post, User
from tests import make

CITY = 371700000000
JUANCHENG, CAO = 371726000000, 371721000000
HEAD = "姓名,身份证号,出生日期,行政区划代码,羁押日期,刑期（月）\n"


def liaison(department: str = "市司法局", role: str = "data_liaison", **more: object) -> User:
    """Who sends a bureau's data for the city."""
    if not Organisation.objects.filter(division=CITY).exists():
        places.load_organisations()
    office = Organisation.objects.get(division=CITY, department=department)
    user = make.user(role, CITY, **more)  # type: ignore[arg-type]
    Post.objects.filter(user=user).update(organisation=office)
    return user


def agree(by: User, feed: str = "custody", *, start: date = make.ON) -> None:
    """The city officer's paper for every county that has none."""
    contract = feeds()[feed]
    with make.as_(by):
        agreements.agree_for_city(
            feed=feed, city=CITY, number="菏民函〔2026〕9号", purpose=contract.purpose, legal_basis=contract.legal_basis.zh, start=start,
            fields=[field.name for field in contract.fields], retention_days=contract.numbers.retention_days, by=by, at=make.AT,
        )  # fmt: skip


@cache
def line(serial: int, place: str) -> str:
    """Somebody in custody, living at a division."""
    born = date(1985, 1, 1) + timedelta(days=serial)
    return f"合成{'甲乙丙丁戊己庚辛壬癸'[serial % 10]},{make.id_number(born)},{born},{place},2026-01-05,18\n"


def text(*counts: tuple[str, int]) -> str:
    """A file with so many persons at each place."""
    serial, lines = 0, [HEAD]
    for place, count in counts:
        lines += [line(serial + n, place) for n in range(count)]
        serial += count
    return "".join(lines)


def take(by: User, content: str, *, feed: str = "custody", at: datetime = make.AT, **more: object) -> CityDelivery:
    """Received, not split yet."""
    with make.as_(by):
        return city.receive(
            spooled=receiving.spool([content.encode("gb18030")]), name="全市名单.csv", feed=feed, division=CITY, channel="upload",
            by=by, at=at, **more,  # type: ignore[arg-type]
        )  # fmt: skip


def work(row: CityDelivery, at: datetime = make.AT) -> CityDelivery:
    """What the worker does: split, then each county's part through the door."""
    with acting(receiving.MACHINE):
        row = city.split(delivery=row, at=at)
        parts = list(city.pieces(row))
    with acting(receiving.MACHINE):
        city.clear(row)
        for part in parts:
            receiving.check(delivery=part, at=at)
    return row


def send(by: User, content: str, *, at: datetime = make.AT) -> CityDelivery:
    """Received, split, and each part checked."""
    return work(take(by, content, at=at), at)


def parts(row: CityDelivery) -> dict[int, FeedDelivery]:
    """The counties' deliveries made of a file."""
    with acting(receiving.MACHINE):
        return {part.division: part for part in FeedDelivery.objects.filter(city=row)}
