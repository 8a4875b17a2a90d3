"""Tables that leave as text: no cell is ever a formula."""

from __future__ import annotations

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def cell(text: object) -> str:
    """A value for a CSV cell: what a spreadsheet would take for a formula gets an apostrophe in front."""
    plain = str(text)
    return f"'{plain}" if plain.startswith(_FORMULA) else plain
