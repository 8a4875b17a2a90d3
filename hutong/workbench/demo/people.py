"""What the generator draws: people, what is true of them, and what offices hold about a child. Plain data, no tables."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from random import Random
from typing import Any
from uuid import UUID


def uid(rng: Random, on: date) -> UUID:
    """An identifier of version 7 as it would have been made on a day, drawn from the seed."""
    milliseconds = (on.toordinal() - 719_163) * 86_400_000 + rng.randrange(86_400_000)
    value = milliseconds << 80 | 0x7 << 76 | rng.getrandbits(12) << 64 | 0x2 << 62 | rng.getrandbits(62)
    return UUID(int=value)


@dataclass(slots=True)
class Someone:
    """A person of the synthetic county. `sex` is "1" (male) or "2"."""

    id: UUID
    name: str
    sex: str
    born: date
    division: int
    id_number: str
    phone: str = ""


@dataclass(slots=True)
class Fact:
    """A circumstance of a person: kind and value by policy/circumstances.yaml."""

    id: UUID
    of: Someone
    kind: str
    value: dict[str, Any]
    start: date | None


@dataclass(slots=True)
class Kin:
    """What an adult is to a child (GB/T 4761)."""

    child: Someone
    relative: Someone
    relation: str
    guardian: bool = False
    carer: bool = False


@dataclass(slots=True)
class Family:
    """A household with its children on file."""

    household: UUID
    division: int
    opened_on: date
    address: str = ""
    children: list[Someone] = field(default_factory=list)
    adults: list[Someone] = field(default_factory=list)
    kin: list[Kin] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)
    unconfirmed: bool = False
    carer: Someone | None = None
    carer_relation: str = ""
    away: bool = False

    def tell(self, rng: Random, of: Someone, kind: str, value: dict[str, Any], start: date | None = None) -> None:
        """Note that something is true of somebody."""
        self.facts.append(Fact(uid(rng, self.opened_on), of, kind, value, start))
