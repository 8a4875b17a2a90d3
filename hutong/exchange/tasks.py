"""Jobs of the room: three lines each, the operations do the work."""

from __future__ import annotations

from uuid import UUID

from procrastinate.contrib.django import app

from hutong.exchange import city, operations, receiving, retention
from hutong.exchange.field import blobs
from hutong.exchange.models import CityDelivery, Delivery, FeedDelivery
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


@app.task(name="exchange.feed", lock="exchange.feed")
def feed(*, delivery: str) -> None:
    """Take a feed's delivery through the door; started again after a stop, it begins anew."""
    with acting(receiving.MACHINE):
        receiving.check(delivery=FeedDelivery.objects.get(pk=delivery), at=now())


def feed_later(delivery: FeedDelivery) -> None:
    """Leave a delivery to the worker, in the transaction that took it in."""
    if delivery.state == FeedDelivery.State.RECEIVED:
        feed.defer(delivery=str(delivery.pk))


@app.task(name="exchange.city", lock="exchange.feed")
def split(*, delivery: str) -> None:
    """Split a city's file into its counties' parts and leave these to the door; started again after a stop, it begins anew."""
    with acting(receiving.MACHINE):
        row = city.split(delivery=CityDelivery.objects.get(pk=delivery), at=now())
        for piece in city.pieces(row):
            feed_later(piece)
    with acting(receiving.MACHINE):
        city.clear(row)


def split_later(delivery: CityDelivery) -> None:
    """Leave a city's file to the worker, in the transaction that took it in."""
    if delivery.state == CityDelivery.State.RECEIVED:
        split.defer(delivery=str(delivery.pk))


@app.periodic(cron="40 18 * * *")  # 02:40 in China
@app.task(name="exchange.destroy", queueing_lock="exchange.destroy", pass_context=False)
def destroy(timestamp: int) -> None:
    """Destroy deliveries whose time is over."""
    retention.destroy(at=now())
