"""Nobody learns a small count from a board, not even by subtraction."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from hutong.insight.suppression import hidden, small, total_hidden

T = 5
CELLS = st.dictionaries(st.integers(0, 30), st.tuples(st.integers(0, 40), st.integers(0, 40)), min_size=1, max_size=12)


@given(CELLS)
def test_no_small_count_is_shown(cells: dict[int, tuple[int, int]]) -> None:
    gone = hidden(cells, T)
    assert not [key for key in cells.keys() - gone if small(cells[key], T)]


@given(CELLS)
def test_the_total_minus_what_is_shown_never_tells_a_small_count(cells: dict[int, tuple[int, int]]) -> None:
    gone = hidden(cells, T)
    if total_hidden(cells.values(), T):
        assert gone == frozenset(cells)
        return
    for index in (0, 1):
        total, shown = sum(c[index] for c in cells.values()), sum(cells[k][index] for k in cells.keys() - gone)
        assert not 0 < total - shown < T


@given(CELLS)
def test_a_hidden_cell_is_never_alone_below_a_shown_total(cells: dict[int, tuple[int, int]]) -> None:
    if not total_hidden(cells.values(), T):
        assert len(hidden(cells, T)) != 1


@given(CELLS)
def test_it_hides_nothing_when_nothing_is_small(cells: dict[int, tuple[int, int]]) -> None:
    large = {key: (part + T, rest + T) for key, (part, rest) in cells.items()}
    assert hidden(large, T) == frozenset()
