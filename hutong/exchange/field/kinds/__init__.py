"""The kinds of operations, one file each: a file that defines KIND is known by being here.

A room above this one has its kind in its own folder and hands it in when it starts (`hand_in`).
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from hutong.exchange.field.kind import Kind

_HANDED_IN: dict[str, Kind] = {}


def hand_in(kind: Kind) -> None:
    """Make a kind of a room above known. Twice is once."""
    _HANDED_IN[kind.name] = kind


def all_kinds() -> dict[str, Kind]:
    """By name."""
    return {**_here(), **_HANDED_IN}


@cache
def _here() -> dict[str, Kind]:
    found = [import_module(f"{__name__}.{module.name}").KIND for module in iter_modules(__path__)]
    return {kind.name: kind for kind in found}
