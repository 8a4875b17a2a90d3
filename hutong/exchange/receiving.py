"""A delivery of a feed on its way: taken under an agreement, checked at the door by a job, used or held, destroyed in time.

Files lie in settings.REGISTERS: `incoming/` as they came, until the door has seen them; `store/` encrypted. Each step may
be repeated: a machine that stops in the middle begins the step again and finds nothing half done.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction

from hutong.exchange.agreements import feed_named, running
from hutong.exchange.models import FeedDelivery, FeedRow
from hutong.exchange.sealing import seal_json
from hutong.kernel import bulk, events, parquet
from hutong.kernel.clock import day
from hutong.kernel.ids import uuid7
from hutong.kernel.refusals import Refusal
from hutong.kernel.scope import Scope
from hutong.kernel.sentences import beside
from hutong.places.codes import county
from hutong.policy import access
from hutong.policy.feeds import LIMITS, Feed
from hutong.staff.access import check_can, scope_of
from hutong.staff.models import User

if TYPE_CHECKING:
    from hutong.exchange.feeds import Outcome

MACHINE = Scope(
    ranges=((0, 10**12),), reads=frozenset(access.DOMAINS), writes=frozenset(access.DOMAINS), role="hutong_worker",
    purpose="部门数据",
)  # fmt: skip
_MB = 1024 * 1024
_KNOWN = (FeedDelivery.State.RECEIVED, FeedDelivery.State.HELD, FeedDelivery.State.ACCEPTED)


def spool(pieces: Iterable[bytes]) -> Path:
    """Write what arrives to a file only we read. Raises Refusal, and keeps nothing, when it grows beyond the limit."""
    path, size = folder("incoming") / f"{uuid7()}.part", 0
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            for piece in pieces:
                size += len(piece)
                refuse_size(size)
                out.write(piece)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return path


def refuse_size(size: int) -> None:
    """By size alone, before a byte is read."""
    if size > LIMITS.file_mb * _MB:
        raise Refusal(
            "文件有 %(size)s MB，超过 %(limit)s MB 的上限，没有接收。请按乡镇或年份分成几个文件再送。",
            values={"size": size // _MB, "limit": LIMITS.file_mb}, code="too_big",
        )  # fmt: skip


@transaction.atomic
def receive(
    *, spooled: Path, name: str, feed: str, division: int, channel: str, by: User, at: datetime, op: UUID | None = None
) -> FeedDelivery:
    """Take a spooled file in and leave it to the door. The same file again is the delivery there was, and changes nothing.

    Refused without an agreement in force; the spooled file is then gone.
    """
    try:
        return _receive(spooled, name, feed_named(feed), county(division), channel, by, at, op)
    finally:
        spooled.unlink(missing_ok=True)


def _receive(
    spooled: Path, name: str, feed: Feed, place: int, channel: str, by: User, at: datetime, op: UUID | None
) -> FeedDelivery:
    check_can(scope_of(by), "deliver", domain=feed.domain, division=place)
    if done := events.repeated(op):
        return FeedDelivery.objects.get(pk=done.subject_id)
    agreement = running(feed.id, place, day(at))
    if agreement is None:
        raise Refusal(
            "还没有生效的“%(feed)s”共享协议，文件没有接收，也没有保存。请先登记协议，再送数据。",
            values={"feed": feed.zh},
        )
    sha, size = digest(spooled), spooled.stat().st_size
    if there := known(feed.id, place, sha):
        return there
    row = FeedDelivery.objects.create(
        number=next_number(), feed=feed.id, division=place, domain=feed.domain, agreement=agreement, channel=channel,
        file_name=shown(name), size=size, sha256=sha, by=by, received_at=at,
    )  # fmt: skip
    spooled.rename(incoming(row))
    note("exchange.feed.received", row, by.pk, at, op)
    return row


def known(feed: str, county: int, sha256: str) -> FeedDelivery | None:
    """The county's delivery of the very same rows, if they came before."""
    rows = FeedDelivery.objects.filter(feed=feed, division=county, sha256=sha256, state__in=_KNOWN)
    return rows.order_by("-number").first()


def check(*, delivery: FeedDelivery, at: datetime) -> FeedDelivery:
    """Through the door: good rows to the store, others aside with their reasons. Called again after a stop, it begins anew."""
    with transaction.atomic():
        row = FeedDelivery.objects.select_for_update(of=("self",)).select_related("agreement").get(pk=delivery.pk)
        if row.state != FeedDelivery.State.RECEIVED:
            return row
        row.checked_at = at
        try:
            _through(row, at)
        except Refusal as trouble:
            row.state, row.trouble, row.trouble_said = FeedDelivery.State.FAILED, str(trouble)[:300], trouble.beside()
        row.save()
        note("exchange.feed.checked", row, None, at, None)
    incoming(row).unlink(missing_ok=True)
    return row


def _through(row: FeedDelivery, at: datetime) -> None:
    from hutong.exchange.feeds import door, notes  # Arrow, which a web process does without

    file = incoming(row)
    if not file.is_file():
        raise Refusal("保存的文件找不到了，没有采用任何一行。请重新送一份。")
    stored = parquet.name(str(row.pk))
    done = door.through(
        file, row.file_name, narrowed(row), today=day(at), number=row.number, out=folder("store") / stored,
        piece=row.city_id is not None,
    )  # fmt: skip
    row.stored, row.rows, row.good, row.not_data = stored, done.rows, done.good, done.not_data
    row.bad = done.quarantined
    row.found = {
        "said": [{"message": str(s), **beside(s)} for s in notes.sentences(feed_named(row.feed), done.notes)],
        **{key: getattr(done, key) for key in ("headings", "taken", "absent", "ignored", "notes", "seconds")},
    }
    FeedRow.objects.filter(delivery=row).delete()
    bulk.insert(FeedRow, _bad_rows(row, done))
    row.remarks = list(_remarks(row))
    held = any(remark["code"] in {"empty", "shrunken", "doubled"} for remark in row.remarks)
    row.state = FeedDelivery.State.HELD if held else FeedDelivery.State.ACCEPTED


def _bad_rows(row: FeedDelivery, done: Outcome) -> list[FeedRow]:
    return [
        FeedRow(
            delivery=row, division=row.division, domain=row.domain, number=bad.n, raw_sealed=seal_json(bad.cells),
            reasons=[reason.kept() for reason in bad.reasons],
        )
        for bad in done.bad
    ]  # fmt: skip


def narrowed(row: FeedDelivery) -> Feed:
    """The contract with the fields of the agreement alone: what was not agreed on is not read."""
    contract, chosen = feed_named(row.feed), set(row.agreement.fields)
    ways = tuple(way for way in contract.identified_by if chosen >= set(way)) or contract.identified_by
    fields = tuple(field for field in contract.fields if field.name in chosen)
    return contract.model_copy(update={"fields": fields, "identified_by": ways})


def _remarks(row: FeedDelivery) -> Iterator[dict[str, object]]:
    """What an officer should look at before the delivery is used, against the one before it."""
    numbers = feed_named(row.feed).numbers
    before = previous(row)
    if not row.good:
        yield {"code": "empty", "before": before.good if before else 0}
    elif before and row.good * 100 < before.good * (100 - numbers.shrink_percent):
        yield {"code": "shrunken", "before": before.good}
    elif before and before.good and row.good >= LIMITS.doubled_times * before.good:
        yield {"code": "doubled", "before": before.good}
    if before and row.received_at > before.received_at + timedelta(days=numbers.cadence_days):
        yield {"code": "late", "days": (row.received_at - before.received_at).days - numbers.cadence_days}


def previous(row: FeedDelivery) -> FeedDelivery | None:
    """The delivery in use before this one."""
    rows = FeedDelivery.objects.filter(feed=row.feed, division=row.division, number__lt=row.number)
    return (
        rows.filter(state__in=(FeedDelivery.State.ACCEPTED, FeedDelivery.State.DESTROYED)).order_by("-number").first()
    )


@transaction.atomic
def decide(
    *, delivery: FeedDelivery, use: bool, because: str, by: User, at: datetime, op: UUID | None = None
) -> FeedDelivery:
    """Use a delivery that was held, or use one no longer; with a reason."""
    check_can(scope_of(by), "deliver", domain=delivery.domain, division=delivery.division)
    if events.repeated(op):
        return FeedDelivery.objects.get(pk=delivery.pk)
    row = FeedDelivery.objects.select_for_update().get(pk=delivery.pk)
    usable = (FeedDelivery.State.HELD, FeedDelivery.State.WITHDRAWN) if use else _KNOWN
    if row.state not in usable or not row.stored:
        raise Refusal(
            "这份数据现在是“%(what)s”，不能这样办理。没有改动，请刷新后查看。", values={"what": row.get_state_display()}
        )
    if len(because.strip()) < 4:
        raise Refusal("请写明理由，至少4个字。没有改动。", field="because")
    row.state = FeedDelivery.State.ACCEPTED if use else FeedDelivery.State.WITHDRAWN
    row.decided_by, row.decided_at, row.because = by, at, because.strip()[:200]
    row.save(update_fields=["state", "decided_by", "decided_at", "because"])
    note("exchange.feed.decided", row, by.pk, at, op)
    return row


def incoming(row: FeedDelivery) -> Path:
    """Where the file waits for the door."""
    return folder("incoming") / str(row.pk)


def current(division: int) -> dict[str, FeedDelivery]:
    """The delivery in use of each feed of a county: the latest that was accepted."""
    rows = FeedDelivery.objects.filter(division=county(division), state=FeedDelivery.State.ACCEPTED)
    return {row.feed: row for row in rows.order_by("feed", "-number").distinct("feed")}


def stored(row: FeedDelivery) -> Path:
    """The encrypted file of a delivery."""
    return folder("store") / row.stored


def folder(name: str) -> Path:
    """A folder of the registers that nobody else may enter."""
    found = Path(settings.REGISTERS) / name
    found.mkdir(parents=True, exist_ok=True, mode=0o700)
    return found


def digest(path: Path) -> str:
    """The SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def shown(name: str) -> str:
    """The last part of a name, without what a terminal or a page would act on."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(letter for letter in last if letter.isprintable())[-255:] or "未命名"


def next_number() -> int:
    """The serial of a delivery."""
    with connection.cursor() as cursor:
        cursor.execute("select nextval('exchange_feed_number')")
        return int(cursor.fetchone()[0])


def note(kind: str, row: FeedDelivery, by: UUID | None, at: datetime, op: UUID | None) -> None:
    """The event of a step."""
    events.record(
        kind=kind, subject=("exchange.feed", row.pk), division=row.division, domain=row.domain, by=by, at=at, op=op,
        data={"feed": row.feed, "state": row.state, "good": row.good, "bad": row.bad},
    )  # fmt: skip
