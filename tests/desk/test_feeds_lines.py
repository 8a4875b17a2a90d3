"""The board of feeds says how each stands."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

from hutong.desk.feeds import lines
from hutong.exchange.models import FeedDelivery

ON = date(2026, 11, 26)


def test_what_is_still_being_checked_is_not_called_in_order() -> None:
    agreement: Any = SimpleNamespace()
    said = {}
    for state in FeedDelivery.State:
        last: Any = SimpleNamespace(state=state)
        said[state.value] = lines._state(agreement, last, ON, ON)
    assert said["received"] == "checking"
    assert said["accepted"] == "good"
    assert set(said.values()) <= set(lines.STATES) & set(lines.KINDS)
