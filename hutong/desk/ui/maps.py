"""A map of counties as inline SVG: no script, prints, links. The figures always stand in a table as well."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.template.loader import render_to_string
from django.utils.translation import get_language
from markupsafe import Markup

from hutong.desk.ui.outline import outline


@dataclass(frozen=True)
class Cell:
    """What a county shows: its name, the figure in words, the figure to shade by (None: hidden or without data), a link."""

    name: str
    words: str
    value: float | None = None
    href: str = ""


def county_map(cells: Mapping[int, Cell], *, label: str) -> str:
    """The map with legend, or an empty text when there are no outlines. Cells without an outline stand beside it."""
    shapes = outline()
    if shapes is None or not any(county.code in cells for county in shapes.counties):
        return ""
    shown = [cell.value for cell in cells.values() if cell.value is not None]
    low, high = (min(shown), max(shown)) if shown else (0.0, 0.0)
    drawn = [
        (county, cells[county.code], _shade(cells[county.code].value, low, high))
        for county in shapes.counties
        if county.code in cells
    ]
    outlined = {county.code for county in shapes.counties}
    context: dict[str, Any] = {
        "shapes": shapes,
        "drawn": drawn,
        "beside": [cell for code, cell in cells.items() if code not in outlined],
        "label": label,
        "caveat": shapes.caveat_zh if (get_language() or "zh").startswith("zh") else shapes.caveat_en,
        "hidden": any(shade == "none" for _, _, shade in drawn),
        "classes": _classes(low, high) if shown else [],
    }
    return Markup(render_to_string("ui/map.html", context))  # made by our own autoescaping template


def _shade(value: float | None, low: float, high: float) -> str:
    if value is None:
        return "none"
    return f"s{min(2, int(3 * (value - low) / (high - low)))}" if high > low else "s1"


def _classes(low: float, high: float) -> list[tuple[str, float, float]]:
    """Three equal parts between the lowest and the highest figure shown."""
    if high <= low:
        return [("s1", low, high)]
    step = (high - low) / 3
    return [(f"s{n}", low + n * step, low + (n + 1) * step) for n in (2, 1, 0)]
