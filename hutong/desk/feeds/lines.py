"""The board's lines: each feed the reader may see, its agreement, its last delivery, and whether one is due."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from hutong.exchange.models import FeedDelivery, SharingAgreement
from hutong.kernel.clock import day
from hutong.kernel.scope import Scope
from hutong.places.codes import county, level
from hutong.places.models import Division
from hutong.policy.feeds import Feed, feeds

STATES = {
    "checking": _("正在检查"),
    "missing": _("没有来过"),
    "late": _("该来未来"),
    "held": _("待核对"),
    "good": _("正常"),
    "none": _("没有协议"),
}
KINDS = {"checking": "wait", "missing": "wait", "late": "bad", "held": "wait", "good": "ok", "none": "none"}


@dataclass(frozen=True)
class Line:
    """A feed as it stands on a day. `state`: a key of STATES; `expected`: when the next delivery is due."""

    feed: Feed
    agreement: SharingAgreement | None
    last: FeedDelivery | None
    state: str
    expected: date | None

    @property
    def words(self) -> str | Promise:
        """The state in words."""
        return STATES[self.state]

    @property
    def kind(self) -> str:
        """How the state is coloured."""
        return KINDS[self.state]


def home(scope: Scope) -> int | None:
    """The county whose data the reader takes in; none for whoever sits at the city."""
    return next((county(low) for low, _ in scope.ranges if level(low) >= Division.Level.COUNTY), None)


def city_of(scope: Scope) -> int | None:
    """The city whose counties the reader looks over."""
    return next((low for low, _ in scope.area if level(low) == Division.Level.CITY), None)


def name_of(feed: Feed) -> str:
    """The feed in the reader's language."""
    return feed.en if get_language() == "en" else feed.zh


def mine(scope: Scope) -> list[Feed]:
    """The feeds whose data domain the reader may read and write."""
    return [feed for feed in feeds().values() if feed.domain in scope.reads & scope.writes]


def lines(scope: Scope, on: date) -> list[Line]:
    """Every feed the reader may see, in the order of their ids."""
    place = home(scope) or 0
    agreements = SharingAgreement.objects.visible_to(scope).filter(
        Q(end=None) | Q(end__gt=on), division=place, start__lte=on
    )
    agreed = {row.feed: row for row in agreements.order_by("start")}
    rows = FeedDelivery.objects.visible_to(scope).filter(division=place).exclude(state=FeedDelivery.State.WITHDRAWN)
    last = {row.feed: row for row in rows.order_by("feed", "-number").distinct("feed")}
    return [line(feed, agreed.get(feed.id), last.get(feed.id), on) for feed in mine(scope)]


def line(feed: Feed, agreement: SharingAgreement | None, last: FeedDelivery | None, on: date) -> Line:
    """A feed as it stands on a day, by its agreement and its last delivery."""
    expected = day(last.received_at) + timedelta(days=feed.numbers.cadence_days) if last else None
    return Line(feed, agreement, last, _state(agreement, last, expected, on), expected)


def _state(agreement: SharingAgreement | None, last: FeedDelivery | None, expected: date | None, on: date) -> str:
    if agreement is None:
        return "none"
    if last is None or expected is None:
        return "missing"
    if last.state == FeedDelivery.State.RECEIVED:
        return "checking"
    if last.state in (FeedDelivery.State.HELD, FeedDelivery.State.FAILED):
        return "held"
    return "late" if expected < on else "good"


def tallies(found: Iterable[Line]) -> dict[str, int]:
    """How many lines stand in each state."""
    counts = dict.fromkeys(STATES, 0)
    for one in found:
        counts[one.state] += 1
    return counts
