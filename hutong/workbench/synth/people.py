"""The people of the synthetic city: households in real villages, names, identity numbers. Arrays, one entry a person.

Owns who exists and who is whose parent. Knows nothing of registers and their mistakes.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from hutong.places.operations import DATA as PLACES
from hutong.policy.synth import SYNTH
from hutong.workbench.demo import names
from hutong.workbench.synth import letters

Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
TODAY = np.datetime64("2026-09-01")
FATHER, MOTHER, CHILD = 0, 1, 2
_PERSONS_A_HOUSEHOLD = 2.62
_CHILDREN = [0.11, 0.22, 0.43, 0.24]  # of a household over its life: none, one, two, three
_ZONES, _ZONES_NUMBERED_UNDER = [371771, 371772], 371702  # development zones give out no numbers of their own
_ELSEWHERE = [370102, 370811, 370829, 410225, 410928, 320311, 110105, 440303, 371081, 341302]


@dataclass(slots=True)
class People:
    """One entry a person. Days count from 1970-01-01; `father` and `mother` are positions, -1 when there is none."""

    household: Ints
    role: NDArray[np.int8]
    birth: Ints
    sex: NDArray[np.int8]
    surname: Ints
    first: Ints
    second: Ints
    dotted: NDArray[np.bool_]
    father: Ints
    mother: Ints
    village: Ints
    house: Ints
    number: Longs
    divisions: Longs

    def __len__(self) -> int:
        return len(self.birth)

    @property
    def age(self) -> NDArray[np.float64]:
        """Years on the day of the city."""
        return (TODAY.astype(int) - self.birth) / 365.25


def draw(rng: Generator, people: int) -> People:
    """About `people` persons."""
    households = max(4, int(people / _PERSONS_A_HOUSEHOLD))
    villages = _villages()
    home = rng.choice(len(villages), households, p=rng.dirichlet(np.full(len(villages), 8.0))).astype(np.int32)
    household, role, age, twin = _members(rng, households)
    birth = (TODAY.astype(int) - np.maximum(age, 0.02) * 365.25).astype(np.int32)
    sex = np.where(role == CHILD, rng.random(len(role)) < 0.53, role == FATHER).astype(np.int8)
    surname = _surnames(rng, household, role, households)
    first, second = _given(rng, household, role, sex, twin)
    father, mother = _parents(household, role, households)
    number = _numbers(rng, villages[home[household]] // 1_000_000, birth, sex, role)
    return People(
        household, role, birth, sex, surname, first, second, rng.random(len(role)) < SYNTH.people.dotted, father, mother,
        home[household], rng.integers(1, 400, households, dtype=np.int32)[household], number, villages,
    )  # fmt: skip


def _villages() -> Longs:
    with (PLACES / "heze_divisions.csv").open(encoding="utf-8") as file:
        return np.array([int(row["code"]) for row in csv.DictReader(file) if row["level"] == "5"], np.int64)


def _members(rng: Generator, households: int) -> tuple[Ints, NDArray[np.int8], NDArray[np.float64], NDArray[np.bool_]]:
    mother_age = rng.uniform(23, 82, households)
    father_age = mother_age + rng.normal(2, 2.5, households)
    every = np.arange(households, dtype=np.int32)
    fathers, mothers = every[rng.random(households) < 0.95], every[rng.random(households) < 0.96]
    of = np.repeat(every, rng.choice(4, households, p=_CHILDREN))
    age = mother_age[of] - rng.uniform(20.5, 40, len(of))
    at_home = (age >= 0) & (age < 19.5)
    of, age = of[at_home], age[at_home]
    twins = rng.random(len(of)) < SYNTH.people.twins
    household = np.concatenate([fathers, mothers, of, of[twins]])
    ages = np.concatenate([father_age[fathers], mother_age[mothers], age, age[twins]])
    counts = [len(fathers), len(mothers), len(of) + int(twins.sum())]
    twin = np.arange(len(household)) >= len(household) - int(twins.sum())
    return household, np.repeat(np.array([FATHER, MOTHER, CHILD], np.int8), counts), ages, twin


def _surnames(rng: Generator, household: Ints, role: NDArray[np.int8], households: int) -> Ints:
    fathers, mothers = (letters.draw(rng, "surname", households) for _ in range(2))
    of_father = (role == FATHER) | (role == CHILD) & (rng.random(len(role)) < 0.96)
    return np.where(of_father, fathers[household], mothers[household])


def _given(
    rng: Generator, household: Ints, role: NDArray[np.int8], sex: NDArray[np.int8], twin: NDArray[np.bool_]
) -> tuple[Ints, Ints]:
    """Two characters (second 0: none). A third of siblings share the first, twins more often."""
    count = len(role)
    first, second = (
        np.where(sex == 1, letters.draw(rng, "male", count), letters.draw(rng, "female", count)) for _ in range(2)
    )
    shared = letters.draw(rng, "male", int(household.max()) + 1)[household]
    shares = (role == CHILD) & (rng.random(count) < np.where(twin, 0.6, 0.3))
    return np.where(shares, shared, first), np.where(rng.random(count) < 0.14, 0, second)


def _parents(household: Ints, role: NDArray[np.int8], households: int) -> tuple[Ints, Ints]:
    found = []
    for kind in (FATHER, MOTHER):
        at = np.full(households, -1, np.int32)
        own = np.flatnonzero(role == kind)
        at[household[own]] = own
        found.append(np.where(role == CHILD, at[household], -1).astype(np.int32))
    return found[0], found[1]


def _numbers(rng: Generator, area: Longs, birth: Ints, sex: NDArray[np.int8], role: NDArray[np.int8]) -> Longs:
    """The first 17 digits: area, day, a serial number that is odd for men. No two alike."""
    area = np.where(np.isin(area, _ZONES), _ZONES_NUMBERED_UNDER, area)
    moved = rng.random(len(area)) < np.where(role == MOTHER, 0.35, 0.05)
    area[moved] = rng.choice(np.r_[np.unique(area), _ELSEWHERE], int(moved.sum()))
    day = as_number(birth)
    for new, old in names.OLD_PREFIX.items():
        area = np.where((area == new) & (day < 2000_01_01), old, area)
    head = area * 100_000_000 + day
    key = head * 2 + sex
    order = np.argsort(key, kind="stable")
    begins = np.r_[True, key[order][1:] != key[order][:-1]]
    place = np.arange(len(key))
    turn = np.empty(len(key), np.int64)
    turn[order] = place - np.maximum.accumulate(np.where(begins, place, 0))
    if turn.max() >= 500:
        raise ValueError("more births on a day in a county than there are serial numbers; ask for fewer people")
    begin = head % 99_991 * 7919 % 500  # offices do not all begin at the same serial number
    return head * 1000 + (turn * 37 + begin) % 500 * 2 + sex


def as_number(days: Ints) -> Longs:
    """Days as yyyymmdd."""
    year, month, day = calendar(days)
    return year * 10_000 + month * 100 + day


def calendar(days: Ints) -> tuple[Longs, Longs, Longs]:
    """Year, month and day of days since 1970-01-01."""
    dates = days.astype("datetime64[D]")
    months = dates.astype("datetime64[M]")
    return (
        months.astype("datetime64[Y]").astype(np.int64) + 1970,
        months.astype(np.int64) % 12 + 1,
        (dates - months).astype(np.int64) + 1,
    )
