"""When to ask an officer for a look. Data in prompts.yaml; people.prompts finds the children."""

from __future__ import annotations

from hutong.policy.loader import Basis, Dated, Strict, read


class _Ages(Basis):
    items: dict[str, int]


class _Prompts(Strict):
    ahead_days: Dated[int]
    ends_at: _Ages


_PROMPTS: _Prompts = read("prompts.yaml", _Prompts)
AHEAD_DAYS: Dated[int] = _PROMPTS.ahead_days
ENDS_AT: dict[str, int] = _PROMPTS.ends_at.items
