"""What of the plan is at work today, read from the registries that do the work.

An obligation is live when an entry of policy/obligations carries its id under `plan`; an indicator is computed when a
figure of the boards names it. Nothing here can be set by hand.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from hutong.policy.boards import FIGURES
from hutong.policy.loader import FOLDER
from hutong.policy.plan.coverage import Coverage, coverage


@cache
def live_obligations(folder: Path = FOLDER / "obligations") -> frozenset[str]:
    """Ids of the plan's obligations that a registered duty carries out."""
    found: set[str] = set()
    for path in sorted(folder.rglob("*.yaml")):
        found.update(_named(yaml.safe_load(path.read_text(encoding="utf-8"))))
    return frozenset(found)


def _named(data: Any) -> Iterator[str]:
    """Every id under a key `plan`, wherever it stands; an entry switched off does not count."""
    if isinstance(data, list):
        for one in data:
            yield from _named(one)
    if isinstance(data, dict) and data.get("enabled", True):
        named = data.get("plan") or []
        yield from [named] if isinstance(named, str) else named
        for key, one in data.items():
            if key != "plan":
                yield from _named(one)


def computed_indicators() -> frozenset[str]:
    """Ids of the plan's indicators that a figure of the boards computes."""
    return frozenset(figure.indicator for figure in FIGURES.values() if figure.indicator)


def present() -> Coverage:
    """The plan's coverage as this release carries it out."""
    return coverage(live_obligations(), computed_indicators())
