"""Ways a feed comes in beside the page: a file named on the command line, a folder others drop files into, a database.

Each acts as a named officer, with that officer's rights, and ends in `receiving.receive`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
from django.core import signing
from psycopg import sql

from hutong.exchange import city, receiving
from hutong.exchange.agreements import feed_named
from hutong.exchange.models import Channel, CityDelivery, FeedDelivery
from hutong.kernel.refusals import Denied, Refusal
from hutong.kernel.scope import acting
from hutong.places.codes import county
from hutong.policy.feeds import feeds
from hutong.staff.access import scope_of
from hutong.staff.models import User

Arrived = FeedDelivery | CityDelivery  # of one county, or one file for all counties of a city
_SALT = "hutong.feeds.push"
_PIECE = 1024 * 1024
_UNFINISHED = (".part", ".tmp", ".filepart", ".crdownload", ".swp")
SAID = ".未接收.txt"  # beside a file that was refused, with the sentence


@dataclass(frozen=True)
class Seen:
    """A file of the drop folder and what became of it: a delivery, or the sentence of a refusal."""

    file: Path
    delivery: Arrived | None = None
    refused: str = ""


def officer(username: str) -> User:
    """The account a command acts for. Raises Denied."""
    user = User.objects.filter(username=username, is_active=True).first()
    if user is None:
        raise Denied("没有登录名为“%(name)s”的在用账号。没有接收任何数据。", values={"name": username})
    return user


def token(username: str, *, feed: str, division: int) -> str:
    """A signed pass for a program that sends this feed in an officer's name (gateway.push)."""
    held = {"user": officer(username).username, "feed": feed_named(feed).id, "county": county(division)}
    return signing.dumps(held, salt=_SALT)


def opened(token: str, *, days: int) -> dict[str, Any]:
    """What a pass says. Raises signing.BadSignature when it is not ours or too old."""
    held: dict[str, Any] = signing.loads(token, salt=_SALT, max_age=timedelta(days=days))
    return held


def take(file: Path, *, feed: str, division: int, by: User, at: datetime, channel: str = Channel.UPLOAD) -> Arrived:
    """Take one file in, as it lies there; the file stays."""
    try:
        receiving.refuse_size(file.stat().st_size)
        spooled = receiving.spool(_pieces(file))
    except OSError as error:
        raise Refusal("打不开文件 %(name)s，没有接收。请核对文件名和读取权限。", values={"name": file.name}) from error
    return arrive(spooled, file.name, feed, division, channel, by, at)


def pull(*, source: str, table: str, feed: str, division: int, by: User, at: datetime) -> Arrived:
    """Take a table or view of a PostgreSQL database in. `source` is a connection URL of an account that may only read it."""
    query = sql.SQL("copy (select * from {}) to stdout (format csv, header)").format(sql.Identifier(*table.split(".")))
    try:
        with psycopg.connect(source, autocommit=True, connect_timeout=10) as there, there.cursor() as cursor:
            cursor.execute("set default_transaction_read_only = on")
            with cursor.copy(query) as rows:
                spooled = receiving.spool(bytes(piece) for piece in rows)
    except psycopg.Error as error:
        raise Refusal(
            "从对方数据库读取没有成功，没有接收任何数据。请核对地址、账号和表名 %(table)s。",
            values={"table": table[:60]},
        ) from error
    return arrive(spooled, f"{table}.csv", feed, division, Channel.PULL, by, at)


def look(drop: Path, sizes: dict[Path, int], by: User, at: datetime) -> Iterator[Seen]:
    """Take in what lies finished in `DROP/COUNTY/FEED/` (or `DROP/CITY/FEED/`). A file taken is removed; one refused stays, with the reason beside it.

    `sizes` is what the last look saw: a file is finished when it has not grown since. It is brought up to date.
    """
    before, present = dict(sizes), dict(_files(drop))
    sizes.clear()
    sizes.update({file: file.stat().st_size for file in present})
    for file, (place, feed) in present.items():
        if before.get(file) == sizes[file]:
            yield _taken(file, place, feed, by, at)


def _files(drop: Path) -> Iterator[tuple[Path, tuple[int, str]]]:
    for file in sorted(drop.glob("*/*/*")):
        place, feed = file.parent.parent.name, file.parent.name
        if not file.is_file() or file.name.startswith(".") or file.name.endswith((SAID, *_UNFINISHED)):
            continue
        if place.isdecimal() and len(place) in {6, 12} and feed in feeds() and not _said(file):
            yield file, (int(place) * (10**6 if len(place) == 6 else 1), feed)


def _said(file: Path) -> bool:
    """Whether the file was refused and has not changed since."""
    note = _note(file)
    return note.is_file() and note.stat().st_mtime >= file.stat().st_mtime


def _taken(file: Path, place: int, feed: str, by: User, at: datetime) -> Seen:
    try:
        delivery = take(file, feed=feed, division=place, by=by, at=at, channel=Channel.FOLDER)
    except Refusal as refusal:
        _note(file).write_text(refusal.sentence + "\n", encoding="utf-8")
        return Seen(file, refused=refusal.sentence)
    file.unlink(missing_ok=True)
    _note(file).unlink(missing_ok=True)
    return Seen(file, delivery=delivery)


def _note(file: Path) -> Path:
    return file.with_name(file.name[:100] + SAID)


def arrive(spooled: Path, name: str, feed: str, division: int, channel: str, by: User, at: datetime) -> Arrived:
    """Take a spooled file in with an officer's rights and leave it to the worker: of a county, or of a city for all its counties."""
    from hutong.exchange import tasks  # the queue; a bare check does not need it

    said: dict[str, Any] = {"spooled": spooled, "name": name, "feed": feed, "channel": channel, "by": by, "at": at}
    with acting(scope_of(by, "接收部门数据")):
        if city.is_city(division):
            whole = city.receive(division=division, **said)
            tasks.split_later(whole)
            return whole
        delivery = receiving.receive(division=county(division), **said)
        tasks.feed_later(delivery)
    return delivery


def _pieces(file: Path) -> Iterator[bytes]:
    with file.open("rb") as source:
        while piece := source.read(_PIECE):
            yield piece
