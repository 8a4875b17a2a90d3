"""When the time of a feed's delivery is over it is destroyed: its file, the rows that could not be used, and whatever the county's
searches keep between them, which was made of it too and is made again without it. Figures stay.
"""

from __future__ import annotations

import shutil
from collections.abc import Set
from datetime import date, datetime, timedelta

from django.db import transaction

from hutong.exchange import city, receiving
from hutong.exchange.agreements import feed_named, kept_until
from hutong.exchange.models import CityDelivery, CityRow, FeedDelivery, FeedRow
from hutong.kernel import events
from hutong.kernel.clock import day
from hutong.kernel.scope import acting
from hutong.policy.feeds import LIMITS

_HOUR = 3600  # seconds


def destroy(*, at: datetime) -> int:
    """Destroy what is due, and files that wait for no delivery. Returns how many deliveries. Safe to repeat."""
    with acting(receiving.MACHINE):
        rows = list(FeedDelivery.objects.exclude(state=FeedDelivery.State.DESTROYED).select_related("agreement"))
        files = list(CityDelivery.objects.exclude(state=CityDelivery.State.DESTROYED))
    due = [row for row in rows if kept_until(row.agreement, day(row.received_at)) <= day(at)]
    for row in due:
        _destroy(row, at)
    over = [row for row in files if _until(row) <= day(at)]
    for file in over:
        _destroy_city(file, at)
    waiting = {str(row.pk) for row in rows if row.state == FeedDelivery.State.RECEIVED} - {str(row.pk) for row in due}
    waiting |= {str(row.pk) for row in files if row.state == CityDelivery.State.RECEIVED} - {
        str(row.pk) for row in over
    }
    _sweep(waiting, at)
    return len(due) + len(over)


def _until(row: CityDelivery) -> date:
    """A city's file holds by the contract: its counties' agreements may end earlier, never later."""
    return day(row.received_at) + timedelta(days=feed_named(row.feed).numbers.retention_days)


def _sweep(waiting: Set[str], at: datetime) -> None:
    """Files that wait for no delivery, and what a killed split left."""
    for file in receiving.folder("incoming").iterdir():
        if file.name not in waiting and at.timestamp() - file.stat().st_mtime > LIMITS.abandoned_hours * _HOUR:
            shutil.rmtree(file) if file.is_dir() else file.unlink(missing_ok=True)


@transaction.atomic
def _destroy(row: FeedDelivery, at: datetime) -> None:
    """The file first: killed in between, the next night finishes."""
    for file in (receiving.incoming(row), receiving.stored(row)):
        if file.is_file():
            file.unlink()
    kept = receiving.folder("counties") / str(row.division)
    if kept.is_dir():
        shutil.rmtree(kept)
    with acting(receiving.MACHINE):
        FeedRow.objects.filter(delivery=row).delete()
        row.state, row.destroyed_at, row.stored = FeedDelivery.State.DESTROYED, at, ""
        row.save(update_fields=["state", "destroyed_at", "stored"])
        events.record(
            kind="exchange.feed.destroyed", subject=("exchange.feed", row.pk), division=row.division, domain=row.domain,
            by=None, at=at, data={"feed": row.feed},
        )  # fmt: skip


@transaction.atomic
def _destroy_city(row: CityDelivery, at: datetime) -> None:
    city.incoming(row).unlink(missing_ok=True)
    with acting(receiving.MACHINE):
        CityRow.objects.filter(delivery=row).delete()
        row.state, row.destroyed_at = CityDelivery.State.DESTROYED, at
        row.save(update_fields=["state", "destroyed_at"])
        events.record(
            kind="exchange.city.destroyed", subject=("exchange.city", row.pk), division=row.division, domain=row.domain,
            by=None, at=at, data={"feed": row.feed},
        )  # fmt: skip
