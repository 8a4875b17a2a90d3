"""Characters of names as code points: weighted pools, and for each character the others of the same reading."""

from __future__ import annotations

import csv
from collections import defaultdict
from functools import cache
from pathlib import Path

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from pypinyin import lazy_pinyin

from hutong.workbench.demo import names

_DATA = Path(__file__).parents[1] / "data" / "given_name_characters.csv"
Points = NDArray[np.int32]
_RARE = "堃喆犇淼垚焱鑫骉玥赟昶旻翀珅珺祎頔羿甯彧珩琰玙璟琮煊煦燊翙翯龑嫄娉婳婧姝嬅嫣玘玚晅晞曌曦"
_RARELY = 0.01


@cache
def pool(kind: str) -> tuple[Points, NDArray[np.float64]]:
    """Code points and their shares: "surname", "male" or "female" given-name characters."""
    if kind == "surname":
        weights = names.surname_weights()
    else:
        with _DATA.open(encoding="utf-8") as file:
            weights = {row["char"]: int(row[kind]) for row in csv.DictReader(file)}
    shares = np.array(list(weights.values()), float)
    return _points("".join(weights)), shares / shares.sum()


def draw(rng: Generator, kind: str, count: int) -> Points:
    """`count` characters of a pool; given names are now and then rare ones."""
    points, shares = pool(kind)
    drawn = rng.choice(points, count, p=shares)
    if kind != "surname":
        rare = rng.random(count) < _RARELY
        drawn[rare] = rng.choice(_points(_RARE), int(rare.sum()))
    return drawn


@cache
def _homophones() -> tuple[Points, Points, Points, Points]:
    """All characters sorted; for each, where its group of one reading begins and how many; the groups end to end."""
    everything = sorted(
        {int(one) for kind in ("surname", "male", "female") for one in pool(kind)[0]} | set(map(ord, _RARE))
    )
    groups: defaultdict[str, list[int]] = defaultdict(list)
    for point in everything:
        groups[lazy_pinyin(chr(point))[0]].append(point)
    starts, flat = dict[int, tuple[int, int]](), list[int]()
    for group in groups.values():
        starts |= {point: (len(flat), len(group)) for point in group}
        flat += group
    begin, size = np.array([starts[point] for point in everything], np.int32).T
    return np.array(everything, np.int32), begin, size, np.array(flat, np.int32)


def homophone(rng: Generator, points: Points) -> Points:
    """Another character of the same reading for each; the same where there is no other."""
    known, begin, size, flat = _homophones()
    at = np.searchsorted(known, points).clip(max=len(known) - 1)
    other = flat[begin[at] + rng.integers(0, size[at])]
    return np.where((known[at] == points), other, points).astype(np.int32)


def anything(rng: Generator, count: int) -> Points:
    """Any characters of names, without weights."""
    return rng.choice(_homophones()[0], count)


def _points(text: str) -> Points:
    return np.array([ord(char) for char in text], np.int32)
