"""Points that say how likely two registered persons are one. Data in duplicates.yaml; people.duplicates compares.

Owns the points and the threshold. Does not decide: a person does.
"""

from __future__ import annotations

from collections.abc import Collection

from hutong.policy.loader import Basis, Strict, read


class Point(Strict):
    """What one agreement or disagreement counts."""

    points: int
    zh: str
    en: str


class Duplicates(Basis):
    """The whole table."""

    ask_from: int
    points: dict[str, Point]


DUPLICATES: Duplicates = read("duplicates.yaml", Duplicates)


def score(reasons: Collection[str]) -> int:
    """Points of the reasons together, 0 to 100."""
    return max(0, min(100, sum(DUPLICATES.points[reason].points for reason in reasons)))


def words(reason: str) -> str:
    """A reason in Chinese; one that is no longer in the table as it was stored."""
    point = DUPLICATES.points.get(reason)
    return point.zh if point else reason
