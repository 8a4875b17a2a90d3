"""What a child's file must hold (一人一档), and how complete it is. Data in file_contents.yaml.

Owns the list and the figure. Does not know where an item is stored: people says which are present.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from pydantic import Field

from hutong.policy.categories import RULES
from hutong.policy.loader import Basis, Strict, read

ALL = "ALL"
SELF = "IN_DIFFICULTY_SELF"  # in difficulty by the child's own disability or illness (D2)


class Item(Strict):
    """One item of the file, and who needs it."""

    zh: str
    en: str
    needed_for: frozenset[str] = Field(alias="for")
    from_age: int = 0


class Contents(Basis):
    """The whole list."""

    items: dict[str, Item]


CONTENTS: Contents = read("file_contents.yaml", Contents)

_STRANGE = {name for item in CONTENTS.items.values() for name in item.needed_for} - set(RULES) - {ALL, SELF}
if _STRANGE:
    raise ValueError(f"file_contents.yaml: unknown categories {sorted(_STRANGE)}")


@dataclass(frozen=True, slots=True)
class Completeness:
    """How complete a file is: percent, rounded down, so that 100 means nothing is missing."""

    percent: int
    missing: tuple[str, ...]

    @property
    def missing_zh(self) -> tuple[str, ...]:
        """What is missing, in words."""
        return tuple(CONTENTS.items[key].zh for key in self.missing)


def required(categories: Collection[str], age: int | None) -> tuple[str, ...]:
    """Keys of the items a file with these categories must hold. `age` in completed years; unknown asks for all ages."""
    wanted = {ALL, *categories}
    return tuple(
        key
        for key, item in CONTENTS.items.items()
        if item.needed_for & wanted and (age is None or age >= item.from_age)
    )


def measure(present: Collection[str], categories: Collection[str], age: int | None) -> Completeness:
    """Completeness of a file that holds the items `present`."""
    needed = required(categories, age)
    missing = tuple(key for key in needed if key not in present)
    return Completeness(100 * (len(needed) - len(missing)) // len(needed), missing)
