"""The kinds of operations, one file each: a file that defines KIND is known by being here."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from hutong.exchange.field.kind import Kind


@cache
def all_kinds() -> dict[str, Kind]:
    """By name."""
    found = [import_module(f"{__name__}.{module.name}").KIND for module in iter_modules(__path__)]
    return {kind.name: kind for kind in found}
