"""How much of the plan is at work: counted from the ids that are live, never asserted."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from hutong.policy.loader import PolicyError, Strict
from hutong.policy.plan.model import Measure, load


class Count(Strict):
    """How many of a total are at work."""

    total: int
    done: int


class PartCoverage(Strict):
    """One measure's or safeguard's share."""

    id: str
    obligations: Count
    indicators: Count

    def as_json(self) -> dict[str, Any]:
        """In the form the command prints."""
        return {
            "id": self.id,
            "obligations": {"total": self.obligations.total, "live": self.obligations.done},
            "indicators": {"total": self.indicators.total, "computed": self.indicators.done},
        }


class Coverage(Strict):
    """The plan's coverage, part by part."""

    measures: tuple[PartCoverage, ...]
    safeguards: tuple[PartCoverage, ...]

    def as_json(self) -> dict[str, Any]:
        """In the form the command prints."""
        return {
            "measures": [part.as_json() for part in self.measures],
            "safeguards": [part.as_json() for part in self.safeguards],
        }

    def of(self, identifier: str) -> PartCoverage:
        """The share of one measure or safeguard."""
        return next(part for part in self.measures + self.safeguards if part.id == identifier)


def coverage(live_obligation_ids: Iterable[str], computed_indicator_ids: Iterable[str]) -> Coverage:
    """Count what is live. An id the plan does not know is a mistake in a registry and is refused."""
    plan = load()
    live, computed = set(live_obligation_ids), set(computed_indicator_ids)
    _all_known("obligation", live, (o.id for o in plan.obligations))
    _all_known("indicator", computed, (i.id for i in plan.indicators))
    return Coverage(
        measures=tuple(_share(part, live, computed) for part in plan.measures),
        safeguards=tuple(_share(part, live, computed) for part in plan.safeguards),
    )


def _share(part: Measure, live: set[str], computed: set[str]) -> PartCoverage:
    return PartCoverage(
        id=part.id,
        obligations=Count(total=len(part.obligations), done=sum(o.id in live for o in part.obligations)),
        indicators=Count(total=len(part.indicators), done=sum(i.id in computed for i in part.indicators)),
    )


def _all_known(what: str, used: set[str], known: Iterable[str]) -> None:
    if strangers := sorted(used - set(known)):
        raise PolicyError(f"the plan has no {what} {', '.join(strangers)}")
