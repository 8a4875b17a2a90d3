"""What an office wrote wrong: for each row of a register, codes and characters that registers.py turns into text.

Owns the drawing of errors at the shares of policy/synth.yaml. Errors of different columns are independent, except that names
and birth dates fail twice as often where the identity number is missing.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from hutong.policy.synth import SYNTH, Register
from hutong.workbench.synth import letters
from hutong.workbench.synth.people import Ints, Longs, People, as_number, calendar

Columns = dict[str, NDArray[Any]]
RIGHT, MISSING, WRONG_DIGIT, SWAPPED, DROPPED, OTHERS, SPACED, OLD = range(8)
UNREAD, SPACE = 1, 2


def draw(rng: Generator, people: People, rows: Ints, register: Register) -> Columns:
    """The columns of a register's rows as they were written, still as numbers."""
    number = _identity(rng, people, rows, register)
    often = np.where(number["id_error"] == MISSING, 2.0, 1.0)
    name = _name(rng, people.surname[rows], people.first[rows], people.second[rows], often)
    sex = people.sex[rows] ^ (rng.random(len(rows)) < SYNTH.errors.sex)
    return (
        number
        | name
        | {"dotted": people.dotted[rows], "sex": sex.astype(np.int8), "born": _birth(rng, people.birth[rows], often)}
        | _address(rng, people, rows)
    )


def guardian(rng: Generator, people: People, rows: Ints) -> Columns:
    """The parent a register names, the father more often; nobody for some. Columns with the prefix g_."""
    father, mother = people.father[rows], people.mother[rows]
    one = np.where((rng.random(len(rows)) < 0.6) & (father >= 0) | (mother < 0), father, mother)
    one = np.where(rng.random(len(rows)) < 0.08, -1, one)
    at = np.maximum(one, 0)
    name = _name(rng, people.surname[at], people.first[at], people.second[at], np.ones(len(rows)))
    return {f"g_{key}": column for key, column in name.items()} | {"g_dotted": people.dotted[at], "g_known": one >= 0}


def _identity(rng: Generator, people: People, rows: Ints, register: Register) -> Columns:
    count, rates = len(rows), SYNTH.errors
    typed = register.id_mistyped
    shares = [
        register.id_missing, typed * (1 - rates.id_swap - rates.id_drop), typed * rates.id_swap, typed * rates.id_drop,
        register.id_other, rates.id_form, rates.id_old,
    ]  # fmt: skip
    error = _kind(rng, np.ones(count), shares)
    relative = np.where(people.father[rows] >= 0, people.father[rows], people.mother[rows])
    neighbour = (rows + 1) % len(people)
    other = np.where((relative >= 0) & (rng.random(count) < 0.5), relative, neighbour)
    return {
        "id_error": np.where((error == OLD) & (people.number[rows] // 10**7 % 10_000 >= 2000), RIGHT, error).astype(
            np.int8
        ),
        "id17": np.where(error == OTHERS, people.number[other], people.number[rows]),
        "id_at": rng.integers(0, 17, count, dtype=np.int8),
        "id_by": rng.integers(1, 10, count, dtype=np.int8),
    }


def _name(rng: Generator, surname: Ints, first: Ints, second: Ints, often: NDArray[np.float64]) -> Columns:
    rates = SYNTH.errors
    shares = [
        rates.name_homophone,
        rates.name_wrong,
        rates.name_short,
        rates.name_unread,
        rates.name_spaced,
        rates.name_changed,
    ]
    kind = _kind(rng, often, shares)
    which = rng.random(len(kind))
    on_second = (second > 0) & (which >= 0.5)
    alike, wrong = kind == 1, kind == 2
    s = np.where(alike & (which >= 0.97), letters.homophone(rng, surname), surname)
    a = np.where(alike & ~on_second, letters.homophone(rng, first), first)
    b = np.where(alike & on_second & (which < 0.97), letters.homophone(rng, second), second)
    a = np.where(wrong, letters.anything(rng, len(kind)), a)
    b = np.where(kind == 3, 0, b)
    s = np.where(kind == 6, letters.draw(rng, "surname", len(kind)), s)
    mark = np.select([kind == 4, kind == 5], [UNREAD, SPACE], 0)
    return {"s": s, "a": a, "b": b, "mark": mark.astype(np.int8)}


def _birth(rng: Generator, birth: Ints, often: NDArray[np.float64]) -> Longs:
    """yyyymmdd, which need not be a day that exists."""
    rates = SYNTH.errors
    kind = _kind(rng, often, [rates.birth_swapped, rates.birth_lunar, rates.birth_year, rates.birth_day])
    early = np.where(kind == 2, birth - rng.integers(20, 50, len(birth)), birth)
    year, month, day = calendar(early)
    swapped = (kind == 1) & (day <= 12)
    month, day = np.where(swapped, day, month), np.where(swapped, month, day)
    year = year + np.where(kind == 3, rng.choice([-1, 1], len(birth)), 0)
    day = np.where(kind == 4, (day + rng.integers(-9, 10, len(birth))).clip(1, 28), day)
    return np.where(kind == 0, as_number(birth), year * 10_000 + month * 100 + day)


def _address(rng: Generator, people: People, rows: Ints) -> Columns:
    """The village as written (10 % another), the house, and which of seven ways to write an address."""
    count, missing = len(rows), SYNTH.errors.address_missing
    moved = rng.random(count) < SYNTH.errors.address_moved
    village = np.where(moved, rng.integers(0, len(people.divisions), count), people.village[rows])
    form = rng.choice(7, count, p=np.r_[np.array([25, 20, 20, 14, 12, 9]) / 100 * (1 - missing), missing])
    return {"village": village.astype(np.int32), "house": people.house[rows], "form": form.astype(np.int8)}


def _kind(rng: Generator, often: NDArray[np.float64], shares: list[float]) -> NDArray[np.int64]:
    """0 for no error, else 1 + the position in `shares`."""
    upto = np.cumsum(shares)
    found = np.searchsorted(upto, rng.random(len(often)) / often, side="right") + 1
    return np.where(found > len(shares), 0, found)
