"""Names, citizen numbers and phone numbers of people who do not exist.

Numbers are well formed, checksum included, since the product refuses others; they are counted down from the top of each
day's range, but nothing prevents one from being somebody's, so every row that has one is marked synthetic.
"""

from __future__ import annotations

import csv
from bisect import bisect
from collections import Counter, defaultdict
from datetime import date
from functools import cache
from itertools import accumulate
from pathlib import Path
from random import Random

from hutong.places.operations import DATA as PLACES

_DATA = Path(__file__).parents[1] / "data"
# Surnames that may stand at the head of a village's name; how often they do is read off the divisions.
_SURNAMES = (
    "王张李刘陈孙赵杨马朱徐郭高宋冯曹郑吴许董孟侯吕韩任崔仝谢周于胡苏田程杜丁袁魏何葛范姜彭闫梁邵史苗段路孔贾林常毛尹薛耿祝樊庞邢翟武左鲁姚桑"
    "党付井聂蔡沈唐黄罗秦江季牛潘方夏卢汪解仇查单曾尉"
)
_BEARS_THE_VILLAGES_NAME = 0.45
# GB 11643 area codes: people of Heze born before 2000 were numbered under 3729xx.
OLD_PREFIX = {
    371702: 372901, 371703: 372923, 371721: 372922, 371722: 372925, 371723: 372924, 371724: 372926,
    371725: 372928, 371726: 372929, 371728: 372930, 371771: 372901, 371772: 372901,
}  # fmt: skip
# 996 to 999 were kept for centenarians; offices count up from 001.
_LAST = 995
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
# To our knowledge no operator was given 154; no Chinese range is reserved for fiction.
_PHONES = 15_400_000_000


class _Draw:
    """Weighted drawing of characters, one bisection each."""

    def __init__(self, weights: dict[str, int]) -> None:
        self.items = list(weights)
        self.upto = list(accumulate(weights.values()))

    def one(self, rng: Random) -> str:
        return self.items[bisect(self.upto, rng.random() * self.upto[-1])]


@cache
def _surnames() -> _Draw:
    with (PLACES / "heze_divisions.csv").open(encoding="utf-8") as file:
        heads = Counter(row["short_name"][0] for row in csv.DictReader(file) if row["level"] == "5")
    return _Draw({head: heads[head] for head in _SURNAMES if heads[head]})


def surname_weights() -> dict[str, int]:
    """Surnames with how many villages are named after them."""
    draw = _surnames()
    return {head: upto - before for head, upto, before in zip(draw.items, draw.upto, [0, *draw.upto], strict=False)}


@cache
def _given() -> dict[str, _Draw]:
    with (_DATA / "given_name_characters.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return {sex: _Draw({row["char"]: int(row[key]) for row in rows}) for sex, key in (("1", "male"), ("2", "female"))}


def surname(rng: Random, village: str = "") -> str:
    """A surname as they occur in Heze, often the one a village is named after."""
    if village and village[0] in _SURNAMES and rng.random() < _BEARS_THE_VILLAGES_NAME:
        return village[0]
    return _surnames().one(rng)


def given(rng: Random, sex: str, *, single: float = 0.15) -> str:
    """A given name of one or two characters for a sex ("1" or "2")."""
    draw = _given()[sex]
    first = draw.one(rng)
    return first if rng.random() < single else first + draw.one(rng)


def checksum(body: str) -> str:
    """The last character of a citizen number (GB 11643, MOD 11-2) for its first 17 digits."""
    return "10X98765432"[sum(int(digit) * weight for digit, weight in zip(body, _WEIGHTS, strict=True)) % 11]


class Numbers:
    """Citizen numbers and phone numbers, each given once."""

    def __init__(self, *, first: int = 0, county: int | None = None) -> None:
        """`county` (six digits) is used for everybody instead of the division's own; `first`: so many a day are skipped."""
        self._taken = defaultdict[str, int](lambda: first)
        self._phone, self._county = _PHONES + first * 1_000_000, county

    def citizen(self, division: int, born: date, sex: str) -> str:
        """A number of the county of a division for a day of birth and a sex ("1" male: odd)."""
        county = self._county or division // 1_000_000
        head = f"{OLD_PREFIX.get(county, county) if born.year < 2000 else county}{born:%Y%m%d}"
        turn = self._taken[head + sex]
        self._taken[head + sex] += 1
        body = f"{head}{(_LAST if sex == '1' else _LAST - 1) - turn * 2:03d}"
        return body + checksum(body)

    def phone(self) -> str:
        """The next number of a range that no operator serves."""
        self._phone += 1
        return str(self._phone)
