"""Rate limits as data. Owns the numbers; staff.rates counts."""

from __future__ import annotations

from hutong.policy.loader import Dated, Strict, read


class Rate(Strict):
    """A bucket that holds `burst` and is refilled by `per_hour`."""

    burst: int
    per_hour: int


LIMITS: dict[str, Dated[Rate]] = read("limits.yaml", dict[str, Dated[Rate]])
