"""The operators of expression trees that look at all their arguments. Each must mean the same in TypeScript."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

Sizes = tuple[int, int | None]


class ExpressionError(Exception):
    """A tree that is not an expression: unknown operator, wrong number of arguments, unknown name."""


def is_true(value: Any) -> bool:
    """Only `true` is true."""
    return value is True


def same(one: Any, two: Any) -> bool:
    """Equal in kind and value: numbers with numbers, texts with texts, lists item by item."""
    if _number(one) and _number(two):
        return bool(one == two)
    if isinstance(one, list | tuple) and isinstance(two, list | tuple):
        return len(one) == len(two) and all(same(a, b) for a, b in zip(one, two, strict=True))
    return type(one) is type(two) and bool(one == two)


def contains(many: Any, one: Any) -> bool:
    """Is `one` an item of the list `many`?"""
    return isinstance(many, list | tuple) and any(same(item, one) for item in many)


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _ordered(one: Any, two: Any, test: Callable[[Any, Any], bool]) -> bool:
    both_numbers = _number(one) and _number(two)
    both_texts = isinstance(one, str) and isinstance(two, str)
    return (both_numbers or both_texts) and test(one, two)


def _fold(step: Callable[[Any, Any], Any]) -> Callable[..., Any]:
    def fold(*values: Any) -> Any:
        if not all(_number(value) for value in values):
            return None
        total = values[0]
        for value in values[1:]:
            total = step(total, value)
        return total

    return fold


def _count(many: Any) -> Any:
    return len(many) if isinstance(many, list | tuple) else 0


def _day(value: Any) -> date | None:
    try:
        return date.fromisoformat(value) if isinstance(value, str) and len(value) == 10 else None
    except ValueError:
        return None


def _add_days(day: Any, days: Any) -> Any:
    start = _day(day)
    if start is None or not _number(days) or not -36600 <= days <= 36600:
        return None
    return (start + timedelta(days=int(days))).isoformat()


def _days_between(one: Any, two: Any) -> Any:
    start, end = _day(one), _day(two)
    return (end - start).days if start and end else None


EAGER: dict[str, tuple[Callable[..., Any], Sizes]] = {
    "list": (lambda *values: list(values), (0, None)),
    "not": (lambda value: not is_true(value), (1, 1)),
    "==": (same, (2, 2)),
    "!=": (lambda one, two: not same(one, two), (2, 2)),
    "<": (lambda one, two: _ordered(one, two, lambda a, b: a < b), (2, 2)),
    "<=": (lambda one, two: _ordered(one, two, lambda a, b: a <= b), (2, 2)),
    ">": (lambda one, two: _ordered(one, two, lambda a, b: a > b), (2, 2)),
    ">=": (lambda one, two: _ordered(one, two, lambda a, b: a >= b), (2, 2)),
    "in": (lambda one, *many: contains(many, one), (1, None)),
    "has": (contains, (2, 2)),
    "has_any": (lambda many, *wanted: any(contains(many, one) for one in wanted), (1, None)),
    "count": (_count, (1, 1)),
    "given": (lambda value: value is not None and value != "" and value != [], (1, 1)),
    "+": (_fold(lambda a, b: a + b), (1, None)),
    "-": (_fold(lambda a, b: a - b), (2, 2)),
    "*": (_fold(lambda a, b: a * b), (1, None)),
    "min": (_fold(min), (1, None)),
    "max": (_fold(max), (1, None)),
    "add_days": (_add_days, (2, 2)),
    "days_between": (_days_between, (2, 2)),
}
