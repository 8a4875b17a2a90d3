"""Three ways into one: what the phone had seen, what it says now, and what stands here. Knows no database and no clock.

Only fields merge. What happened (a visit, a parent who came back) is added and never collides.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

Value = str | None


@dataclass(frozen=True)
class Edit:
    """One field as the phone had seen it and as it should be."""

    was: Value
    now: Value


@dataclass(frozen=True)
class Clash:
    """One field that changed on both sides. Ours stays until a person decides."""

    was: Value
    ours: Value
    theirs: Value


@dataclass(frozen=True)
class Merged:
    """What to write, and what to put before a person. A field in neither stands here already as the phone says."""

    taken: Mapping[str, Value] = field(default_factory=dict)
    clashes: Mapping[str, Clash] = field(default_factory=dict)


def merge(edits: Mapping[str, Edit], ours: Mapping[str, Value]) -> Merged:
    """Merge field by field; `ours` names what stands here (a field that is not named stands empty)."""
    taken, clashes = {}, {}
    for name, edit in edits.items():
        here = ours.get(name)
        if same(edit.now, here) or same(edit.now, edit.was):
            continue
        if same(edit.was, here):
            taken[name] = edit.now
        else:
            clashes[name] = Clash(edit.was, here, edit.now)
    return Merged(taken, clashes)


def same(one: Value, other: Value) -> bool:
    """Equal but for blanks: nothing typed and nothing known are one."""
    return "".join((one or "").split()) == "".join((other or "").split())
