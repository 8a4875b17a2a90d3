"""The figures of the boards as data. Owns their words and thresholds; insight counts them."""

from __future__ import annotations

from typing import Literal

from hutong.policy.loader import Basis, Dated, Strict, read


class Figure(Basis):
    """One figure: a count, or a ratio of a part to a whole."""

    zh: str
    en: str
    kind: Literal["count", "ratio"]
    better: Literal["high", "low", "none"]
    definition_zh: str
    definition_en: str
    indicator: str = ""


class Boards(Strict):
    """The whole of boards.yaml."""

    complete_from: Dated[int]
    overdue_for_days: Dated[int]
    figures: dict[str, Figure]


BOARDS: Boards = read("boards.yaml", Boards)
FIGURES: dict[str, Figure] = BOARDS.figures
