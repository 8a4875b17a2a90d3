"""What of the plan is at work today, read from the registries that do the work.

An obligation is live when a rule of policy/obligations names it; an indicator is computed when a figure of the boards
names it. Nothing here can be set by hand.
"""

from __future__ import annotations

from hutong.policy import obligations
from hutong.policy.boards import FIGURES
from hutong.policy.plan.coverage import Coverage, coverage


def live_obligations() -> frozenset[str]:
    """Ids of the plan's obligations that are laid out as duties."""
    return frozenset(obligations.live_plan_ids())


def computed_indicators() -> frozenset[str]:
    """Ids of the plan's indicators that a figure of the boards computes."""
    return frozenset(figure.indicator for figure in FIGURES.values() if figure.indicator)


def present() -> Coverage:
    """The plan's coverage as this release carries it out."""
    return coverage(live_obligations(), computed_indicators())
