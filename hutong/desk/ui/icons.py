"""Icons as inline SVG, read from the packaged Tabler set (MIT): no icon font, no request, no script."""

from __future__ import annotations

import re
from functools import lru_cache
from importlib.resources import as_file, files
from zipfile import ZipFile

from markupsafe import Markup


@lru_cache(maxsize=256)
def icon(name: str, filled: bool = False) -> Markup:
    """The outline (or filled) icon of that name, hidden from screen readers: the word beside it says the same.

    Raises KeyError for a name the set does not have.
    """
    with as_file(files("tablericons") / "tablericons.zip") as path, ZipFile(path) as archive:
        svg = archive.read(f"{'filled' if filled else 'outline'}/{name}.svg").decode()
    svg = re.sub(r"\s+", " ", svg).replace("> <", "><").strip()
    return Markup(svg.replace("<svg", '<svg class="ic" aria-hidden="true" focusable="false"', 1))
