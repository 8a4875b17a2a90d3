"""Small counts are hidden from those who may not see children, and so is whatever would give them away.

A cell splits a group in two: (of them, not of them). It is hidden when either part is above 0 and below the threshold.
The hidden cells together are again a group, which the total minus the shown cells tells; while that group is small,
a further cell is hidden. A total that is small itself is hidden with all its cells.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from typing import TypeVar

Cell = tuple[int, int]
Key = TypeVar("Key", bound=Hashable)


def hidden(cells: Mapping[Key, Cell], threshold: int) -> frozenset[Key]:
    """Which cells must not be shown beside their total. `cells`: key → (part, rest), counts ≥ 0."""
    if total_hidden(cells.values(), threshold):
        return frozenset(cells)
    found = {key for key, cell in cells.items() if small(cell, threshold)}
    while small(_sum(cells[key] for key in found), threshold):
        found.add(min(cells.keys() - found, key=lambda key: (not all(cells[key]), sum(cells[key]), str(key))))
    return frozenset(found)


def total_hidden(cells: Iterable[Cell], threshold: int) -> bool:
    """Must the total be hidden, and with it everything that adds up to it?"""
    return small(_sum(cells), threshold)


def small(cell: Cell, threshold: int) -> bool:
    """Is either part of the group above 0 and below the threshold?"""
    return any(0 < count < threshold for count in cell)


def _sum(cells: Iterable[Cell]) -> Cell:
    rows = list(cells)
    return sum(row[0] for row in rows), sum(row[1] for row in rows)
