"""When the time of a feed's delivery is over it is destroyed: its file, the rows that could not be used, and whatever the county's
searches keep between them, which was made of it too and is made again without it. Figures stay.
"""

from __future__ import annotations

import shutil
from datetime import datetime

from django.db import transaction

from hutong.exchange import receiving
from hutong.exchange.agreements import kept_until
from hutong.exchange.models import FeedDelivery, FeedRow
from hutong.kernel import events
from hutong.kernel.clock import day
from hutong.kernel.scope import acting
from hutong.policy.feeds import LIMITS

_HOUR = 3600  # seconds


def destroy(*, at: datetime) -> int:
    """Destroy what is due, and files that wait for no delivery. Returns how many deliveries. Safe to repeat."""
    with acting(receiving.MACHINE):
        rows = list(FeedDelivery.objects.exclude(state=FeedDelivery.State.DESTROYED).select_related("agreement"))
    due = [row for row in rows if kept_until(row.agreement, day(row.received_at)) <= day(at)]
    for row in due:
        _destroy(row, at)
    waiting = {str(row.pk) for row in rows if row.state == FeedDelivery.State.RECEIVED} - {str(row.pk) for row in due}
    for file in receiving.folder("incoming").iterdir():
        if file.name not in waiting and at.timestamp() - file.stat().st_mtime > LIMITS.abandoned_hours * _HOUR:
            file.unlink(missing_ok=True)
    return len(due)


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
