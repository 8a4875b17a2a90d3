"""Division codes: 12 digits, province 2, city 2, county 2, town 3, village 3; a subtree is one range."""

from __future__ import annotations

# Digits of a code that each level fixes (GB/T 2260 and the NBS statistical codes).
_FIXED = {1: 2, 2: 4, 3: 6, 4: 9, 5: 12}


def level(code: int) -> int:
    """1 province, 2 city, 3 county, 4 town, 5 village, by the zeros at the end."""
    return next(n for n, digits in _FIXED.items() if code % 10 ** (12 - digits) == 0)


def subtree(code: int) -> tuple[int, int]:
    """The half-open range of a division and all below it."""
    return code, code + 10 ** (12 - _FIXED[level(code)])


def ancestor(code: int, at: int) -> int:
    """The code's ancestor at a level (1..5)."""
    unit = 10 ** (12 - _FIXED[at])
    return code // unit * unit


def county(code: int) -> int:
    """The county of a division."""
    return ancestor(code, 3)


def whole_county(low: int, high: int) -> int | None:
    """The first six digits, when a half-open range is exactly one county."""
    return low // 10**6 if level(low) == 3 and subtree(low) == (low, high) else None


def town(code: int) -> int:
    """The town of a division."""
    return ancestor(code, 4)
