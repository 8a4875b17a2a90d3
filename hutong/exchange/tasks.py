"""Jobs of the room: three lines each, the operations do the work."""

from __future__ import annotations

from uuid import UUID

from procrastinate.contrib.django import app

from hutong.exchange import operations
from hutong.exchange.field import blobs
from hutong.exchange.models import Delivery
from hutong.kernel.clock import now
from hutong.kernel.scope import acting
from hutong.staff.access import scope_of
from hutong.staff.models import User


@app.task(name="exchange.apply", lock="exchange.apply")
def apply(*, delivery: str, user: str) -> None:
    """Apply a delivery for a named officer, chunk by chunk; started again after a stop, it goes on."""
    by = User.objects.get(pk=user)
    scope = scope_of(by, "名册导入")
    with acting(scope):
        row = Delivery.objects.get(pk=delivery)
    operations.apply(delivery=row, by=by, at=now(), scope=scope)


@app.task(name="exchange.draw")
def draw(*, blob: str, owner: str) -> None:
    """Draw a picture that has arrived whole and join it to its visit."""
    blobs.draw(UUID(blob), owner=UUID(owner), at=now())
