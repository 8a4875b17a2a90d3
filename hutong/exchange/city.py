"""One file of a department for all counties of a city: taken from the office that holds it, split once, each county's part a delivery.

The file is the sending office's (its row security key); a part is the county's, is checked, held, used and destroyed like any other,
and names the file it came from. What goes back to the sender is one workbook for the whole file.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from uuid import UUID, uuid5

from django.db import transaction
from django.db.models import QuerySet

from hutong.exchange import receiving
from hutong.exchange.agreements import counties, feed_named, running
from hutong.exchange.models import CityDelivery, CityRow, FeedDelivery
from hutong.exchange.sealing import seal_json
from hutong.kernel import bulk, events
from hutong.kernel.clock import day
from hutong.kernel.refusals import Denied, Refusal
from hutong.kernel.scope import Scope, acting
from hutong.places.codes import level
from hutong.places.models import Division, Organisation
from hutong.policy.feeds import Feed, feeds
from hutong.staff.access import check_can, scope_of
from hutong.staff.models import User
from hutong.staff.rights import inside

State = CityDelivery.State
_KNOWN = (State.RECEIVED, State.SPLIT)


def offices(scope: Scope) -> dict[str, Organisation]:
    """The city departments somebody sends for, by the name the contracts use. Nobody without the right has one."""
    if "deliver_city" not in scope.verbs or not scope.orgs:
        return {}
    rows = Organisation.objects.filter(pk__in=scope.orgs, kind=Organisation.Kind.DEPARTMENT)
    return {row.department: row for row in rows if is_city(row.division) and inside(scope, row.division)}


def sends(scope: Scope) -> list[Feed]:
    """The feeds somebody may send for the whole city."""
    departments = offices(scope)
    return [feed for feed in feeds().values() if feed.department in departments]


def is_city(division: int) -> bool:
    """Is it a city's code, and so a file for all its counties?"""
    return level(division) == Division.Level.CITY


def sent(scope: Scope, feed: Feed) -> QuerySet[CityDelivery]:
    """What one's own offices sent of a feed, to be read in the scope `sending`: the policy's rule in an operator an index serves."""
    return CityDelivery.objects.filter(organisation__in=scope.orgs, feed=feed.id)


def office_of(scope: Scope, feed: Feed, city: int) -> Organisation:
    """The office that sends this feed for the city. Raises Denied."""
    check_can(scope, "deliver_city")
    office = offices(scope).get(feed.department)
    if office is None or office.division != city:
        raise Denied(
            "您的岗位不是“%(department)s”在这个市的，不能报送全市的“%(feed)s”。没有接收任何数据。请联系市民政局管理员核对岗位所在的部门。",
            values={"department": feed.department, "feed": feed.zh},
        )
    return office


def sending(scope: Scope, feed: Feed) -> Scope:
    """The scope that opens what one's own office sent of a feed, and nothing by place."""
    return replace(scope, ranges=(), reads=frozenset({feed.domain}), writes=frozenset({feed.domain}))


@transaction.atomic
def receive(
    *, spooled: Path, name: str, feed: str, division: int, channel: str, by: User, at: datetime, op: UUID | None = None
) -> CityDelivery:
    """Take a spooled file of a city in and leave it to the splitter. The same file again is the one there was, unless a county then
    left out has an agreement since, or its part could not be read. Refused where no county has one; the spooled file is gone in any case.
    """
    try:
        scope, contract = scope_of(by), feed_named(feed)
        office = office_of(scope, contract, division)
        with acting(sending(scope, contract)):
            return _receive(spooled, name, contract, office, channel, by, at, op)
    finally:
        spooled.unlink(missing_ok=True)


def _receive(
    spooled: Path, name: str, feed: Feed, office: Organisation, channel: str, by: User, at: datetime, op: UUID | None
) -> CityDelivery:
    with acting(receiving.MACHINE):  # the sender reads no events of the city
        done = events.repeated(op)
    if done:
        return CityDelivery.objects.get(pk=done.subject_id)
    agreed = _agreed(feed, office.division, at)
    if not agreed:
        raise Refusal(
            "全市没有一个县（区）登记了生效的“%(feed)s”共享协议，文件没有接收，也没有保存。请先登记协议，再送数据。",
            values={"feed": feed.zh},
        )
    digest, size = receiving.digest(spooled), spooled.stat().st_size
    rows = CityDelivery.objects.filter(feed=feed.id, organisation=office, sha256=digest, state__in=_KNOWN)
    if (known := rows.order_by("-number").first()) and not agreed & _left_out(known):
        return known
    row = CityDelivery.objects.create(
        number=receiving.next_number(), feed=feed.id, division=office.division, domain=feed.domain, organisation=office,
        channel=channel, file_name=receiving.shown(name), size=size, sha256=digest, by=by, received_at=at,
    )  # fmt: skip
    spooled.rename(incoming(row))
    _note("exchange.city.received", row, by.pk, at, op)
    return row


def _agreed(feed: Feed, city: int, at: datetime) -> set[int]:
    """The counties that have an agreement in force: no more than that is read of them."""
    with acting(receiving.MACHINE):
        return {code for code in counties(city) if running(feed.id, code, day(at))}


def _left_out(row: CityDelivery) -> set[int]:
    """The counties that took nothing of a file: no agreement then, or their part could not be read."""
    with acting(receiving.MACHINE):
        failed = FeedDelivery.objects.filter(city=row, state=FeedDelivery.State.FAILED)
        unread = set(failed.values_list("division", flat=True))
    return unread | {part["county"] for part in row.parts if part["state"] == "no_agreement"}


def split(*, delivery: CityDelivery, at: datetime) -> CityDelivery:
    """Make each county's part a delivery that waits for the door. Called again after a stop, it begins anew.

    To be called in the machine's scope; what waits is found by `pieces`. The file stays for `clear`.
    """
    with transaction.atomic():
        row = CityDelivery.objects.select_for_update(of=("self",)).get(pk=delivery.pk)
        if row.state != State.RECEIVED:
            return row
        row.split_at = at
        try:
            _split(row, at)
            row.state = State.SPLIT
        except Refusal as trouble:
            row.state, row.trouble = State.FAILED, trouble.kept()
        row.save()
        _note("exchange.city.split", row, None, at, None)
    return row


def pieces(row: CityDelivery) -> Iterator[FeedDelivery]:
    """The counties' parts that wait for the door."""
    yield from FeedDelivery.objects.filter(city=row, state=FeedDelivery.State.RECEIVED).order_by("number")


def clear(row: CityDelivery) -> None:
    """The file as it came is needed no longer, nor are parts nobody takes. To be called when the split is certain."""
    waiting = {piece.pk for piece in pieces(row)}
    incoming(row).unlink(missing_ok=True)
    for code in counties(row.division):
        if _piece_id(row, code) not in waiting:
            (receiving.folder("incoming") / str(_piece_id(row, code))).unlink(missing_ok=True)


def incoming(row: CityDelivery) -> Path:
    """Where the file waits to be split."""
    return receiving.folder("incoming") / str(row.pk)


def _split(row: CityDelivery, at: datetime) -> None:
    from hutong.exchange.feeds import splitting  # Arrow, which a web process does without

    feed, places = feed_named(row.feed), counties(row.division)
    if not incoming(row).is_file():
        raise Refusal("保存的文件找不到了，没有采用任何一行。请重新送一份。")
    done = splitting.split(
        incoming(row), row.file_name, feed, counties=places, city=_city_name(row.division), today=day(at),
        out=lambda code: receiving.folder("incoming") / str(_piece_id(row, code)),
    )  # fmt: skip
    row.rows, row.unplaced, row.not_data, row.headings = done.rows, done.unplaced, done.not_data, list(done.headings)
    CityRow.objects.filter(delivery=row).delete()
    bulk.insert(CityRow, [
        CityRow(
            delivery=row, division=row.division, organisation_id=row.organisation_id, domain=row.domain, number=bad.n,
            raw_sealed=seal_json(bad.cells), reasons=[reason.kept() for reason in bad.reasons],
        )
        for bad in done.bad
    ])  # fmt: skip
    row.parts = [_part(row, feed, code, count, at) for code, count in done.counties.items()]


def _city_name(code: int) -> str:
    return Division.objects.values_list("name", flat=True).get(code=code)


def _piece_id(row: CityDelivery, county: int) -> UUID:
    """Fixed, so that a split that begins anew makes no second one."""
    return uuid5(row.pk, str(county))


def _part(row: CityDelivery, feed: Feed, county: int, count: int, at: datetime) -> dict[str, object]:
    """What becomes of a county's rows: a delivery of its own, the one it has already, nothing without an agreement or rows."""
    said: dict[str, object] = {"county": county, "rows": count}
    agreement = running(feed.id, county, day(row.received_at))
    if agreement is None:
        return said | {"state": "no_agreement" if count else "none"}
    digest = sha256(f"{row.sha256}:{county}".encode()).hexdigest()
    if known := receiving.known(feed.id, county, digest):
        return said | {"state": "known", "delivery": str(known.pk)}
    piece = FeedDelivery(
        id=_piece_id(row, county), number=receiving.next_number(), feed=feed.id, division=county, domain=feed.domain,
        agreement=agreement, channel=row.channel, file_name=row.file_name, size=row.size, sha256=digest, by=row.by,
        received_at=row.received_at, city=row, whole_sha256=row.sha256,
    )  # fmt: skip
    if not count and receiving.previous(piece) is None:
        return said | {"state": "none"}
    piece.save(force_insert=True)
    receiving.note("exchange.feed.received", piece, None, at, None)
    return said | {"state": "sent", "delivery": str(piece.pk)}


def _note(kind: str, row: CityDelivery, by: UUID | None, at: datetime, op: UUID | None) -> None:
    events.record(
        kind=kind, subject=("exchange.city", row.pk), division=row.division, domain=row.domain, by=by, at=at, op=op,
        data={"feed": row.feed, "state": row.state, "rows": row.rows, "unplaced": row.unplaced},
    )  # fmt: skip
