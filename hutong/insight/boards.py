"""The board of a place: figures of the divisions below it, for whoever asks, with small counts hidden where they must be."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from hutong.insight.counts import COUNTS, Counts, Place
from hutong.insight.suppression import hidden, total_hidden
from hutong.kernel.refusals import Denied
from hutong.kernel.scope import Scope, acting
from hutong.places.codes import ancestor, level, subtree
from hutong.places.models import Division, Unit
from hutong.policy import access
from hutong.policy.boards import FIGURES

_NEEDED = frozenset({"identity", "category", "care"})


@dataclass(frozen=True)
class Value:
    """A figure of one place. `hidden`: too small to show. `part` of `whole`; equal for a count."""

    part: int
    whole: int
    hidden: bool = False

    @property
    def percent(self) -> int | None:
        """Whole percent, rounded down, so that 100 means all; None without a denominator or when hidden."""
        return None if self.hidden or not self.whole else self.part * 100 // self.whole


@dataclass(frozen=True)
class Line:
    """One division, or a functional unit made of several (`code` None: not part of the sum)."""

    code: int | None
    name: str
    values: dict[str, Value]


@dataclass(frozen=True)
class Board:
    """What a page needs: the place, its lines, the sum, and whether small counts were hidden."""

    place: Division
    on: date
    lines: list[Line]
    total: Line
    suppressed: bool


def board(*, scope: Scope, code: int, on: date) -> Board:
    """The board of a division the scope's posts lie in or above. Raises Denied outside, Division.DoesNotExist."""
    place = Division.objects.get(code=code)
    if not any(low <= code < high for low, high in scope.area):
        raise Denied("这里不在您负责的地区内。没有改动任何内容。")
    clear = scope.reads >= _NEEDED and scope.covers(code)
    figures = _figures(scope, place, on, clear=clear)
    if not clear:
        figures = _hide(figures, scope, place, on)
    names = dict(Division.objects.filter(parent=code).order_by("code").values_list("code", "name")) or {
        code: place.name
    }
    lines = [
        Line(below, name, {key: figures[key].get(below, Value(0, 0)) for key in FIGURES})
        for below, name in names.items()
    ]
    total = Line(None, place.name, {key: _total(list(figures[key].values())) for key in FIGURES})
    return Board(place, on, [*lines, *_units(lines)], total, suppressed=not clear)


Figures = dict[str, dict[int, Value]]


def _figures(scope: Scope, place: Division, on: date, *, clear: bool) -> Figures:
    """Count under the asker's own scope, or, for figures only, under one that reads the place and shows no row."""
    low, high = subtree(place.code)
    counting = replace(scope, ranges=((low, high),), unshut=True)  # a restricted file is counted like any other
    if not clear:
        counting = replace(counting, reads=_NEEDED, writes=frozenset(), role="hutong_worker", purpose="aggregate")
    unit = _unit(place)
    with acting(counting):
        counted: dict[str, Counts] = {key: COUNTS[key](Place(counting, on, unit)) for key in FIGURES}
    below = Division.objects.filter(parent=place.code).values_list("code", flat=True)
    codes = list(below) or [place.code]
    return {key: {c: Value(*counts.get(c, (0, 0))) for c in codes} for key, counts in counted.items()}


def _unit(place: Division) -> int:
    low, high = subtree(place.code)
    return {2: 1_000_000, 3: 1_000}.get(level(place.code), 1) if high - low > 1 else 1


def _hide(figures: Figures, scope: Scope, place: Division, on: date) -> Figures:
    threshold = access.suppressed_below(on)
    above = _hidden_above(scope, place, on, threshold)
    return {key: _mask(key, values, threshold, key in above) for key, values in figures.items()}


def _cells(key: str, values: dict[int, Value]) -> dict[int, tuple[int, int]]:
    ratio = FIGURES[key].kind == "ratio"
    return {code: (value.part, value.whole - value.part if ratio else 0) for code, value in values.items()}


def _mask(key: str, values: dict[int, Value], threshold: int, all_of_it: bool) -> dict[int, Value]:
    cells = _cells(key, values)
    gone = frozenset(values) if all_of_it or total_hidden(cells.values(), threshold) else hidden(cells, threshold)
    return {code: replace(value, hidden=code in gone) for code, value in values.items()}


def _hidden_above(scope: Scope, place: Division, on: date, threshold: int) -> set[str]:
    """Figures of this place that the board above it hides: showing their parts here would give them away there."""
    if place.level <= Division.Level.CITY or place.parent is None:
        return set()
    above = Division.objects.get(code=place.parent)
    figures = _figures(scope, above, on, clear=False)
    higher = _hidden_above(scope, above, on, threshold)
    return higher | {key for key, values in figures.items() if place.code in hidden(_cells(key, values), threshold)}


def _total(values: list[Value]) -> Value:
    part, whole = sum(value.part for value in values), sum(value.whole for value in values)
    return Value(part, whole, hidden=bool(values) and all(value.hidden for value in values))


def _units(lines: list[Line]) -> list[Line]:
    """Functional units all of whose divisions stand on the board: 鲁西新区 beside the counties."""
    found = []
    by_code = {line.code: line for line in lines}
    for unit in Unit.objects.prefetch_related("divisions").order_by("key"):
        members = [by_code.get(division.code) for division in unit.divisions.all()]
        if members and all(members):
            values = {key: _joined([m.values[key] for m in members if m]) for key in FIGURES}
            found.append(Line(None, unit.name, values))
    return found


def _joined(values: list[Value]) -> Value:
    part, whole = sum(value.part for value in values), sum(value.whole for value in values)
    return Value(part, whole, hidden=any(value.hidden for value in values))


def trail(code: int, scope: Scope) -> list[Division]:
    """The divisions above a place that the scope may open, from the top down."""
    codes = [ancestor(code, n) for n in range(2, level(code))]
    open_ones = [c for c in codes if any(low <= c < high for low, high in scope.area)]
    return list(Division.objects.filter(code__in=open_ones).order_by("level"))
