"""Headings as offices write them → the contract's fields. What the contract does not name is not taken."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import reduce

from hutong.exchange.census.headers import normal as without_marks
from hutong.kernel.refusals import Refusal
from hutong.kernel.sentences import Sentence
from hutong.policy.feeds import Feed

_SHOWN = 40


class Unfit(Refusal):
    """The file is not the register the contract means. It is kept as it came."""

    code = "unfit"


@dataclass(frozen=True)
class Found:
    """`columns`: field → index of its column. `ignored`: headings not taken, as they may be shown."""

    columns: dict[str, int]
    ignored: tuple[str, ...]


def normal(heading: str) -> str:
    """A heading as compared: one width, one case, no spaces or marks."""
    return without_marks(heading).lower()


def counting(feed: Feed) -> Callable[[Sequence[str]], int]:
    """How many fields of the feed a row of cells names."""
    meant = _meanings(feed)

    def count(row: Sequence[str]) -> int:
        return len({field for cell in row if (field := _meaning(cell, meant))})

    return count


def match(feed: Feed, headings: Sequence[str]) -> Found:
    """Which column holds which field. Raises Unfit when one is missing without which no row can be used."""
    meant = _meanings(feed)
    order = {heading: place for field in feed.fields for place, heading in enumerate(map(normal, field.headings))}
    chosen: dict[str, tuple[int, int]] = {}
    for index, heading in enumerate(headings):
        if field := _meaning(heading, meant):
            place = order.get(normal(heading), len(order))
            chosen[field] = min(chosen.get(field, (place, index)), (place, index))
    columns = {field: index for field, (_, index) in chosen.items()}
    _check(feed, columns)
    taken = set(columns.values())
    return Found(columns, tuple(shown(h) for i, h in enumerate(headings) if h.strip() and i not in taken))


def shown(heading: str) -> str:
    """A heading as it may be shown: short, and no number of a person in it."""
    return re.sub(r"\d{6,}[\dXx]*", "……", heading.strip())[:_SHOWN]


def ways_of(feed: Feed, *, listed: bool = False) -> Sentence:
    """The ways in which a row may say who it is about, in words; `listed`: among other things, which semicolons part."""
    return reduce(
        _or_listed if listed else _or, (reduce(_and, map(Sentence, feed.titles(way))) for way in feed.identified_by)
    )


def _and(one: Sentence, other: Sentence) -> Sentence:
    return Sentence("%(one)s、%(other)s", one=one, other=other)


def _or(one: Sentence, other: Sentence) -> Sentence:
    return Sentence("%(one)s；或者%(other)s", one=one, other=other)


def _or_listed(one: Sentence, other: Sentence) -> Sentence:
    return Sentence("%(one)s或者%(other)s", one=one, other=other)


def _then(one: Sentence, other: Sentence) -> Sentence:
    return Sentence("%(one)s；%(other)s", one=one, other=other)


def _meanings(feed: Feed) -> dict[str, str]:
    return {normal(heading): field.name for field in feed.fields for heading in field.headings}


def _meaning(heading: str, meant: dict[str, str]) -> str:
    text = normal(heading)[:100]
    return meant.get(text) or meant.get(re.sub(r"\([^)]*\)?", "", text), "")


def _check(feed: Feed, columns: dict[str, int]) -> None:
    if not columns:
        raise Unfit(
            "没有找到%(feed)s的表头，不知道哪一列是什么，没有收下，此前收到的数据不变。请在第一行写明列名（如姓名、公民身份号码）再报。",
            values={"feed": Sentence(feed.zh)}, code="no_heading",
        )  # fmt: skip
    missing = [Sentence(field.title) for field in feed.fields if field.required and field.name not in columns]
    if not any(set(way) <= set(columns) for way in feed.identified_by):
        missing.append(ways_of(feed, listed=True))
    if missing:
        raise Unfit(
            "缺少必需的列：%(columns)s。没有收下，此前收到的数据不变。请补上后再报，列名见这份数据的约定。",
            values={"columns": reduce(_then, missing)}, code="column_missing",
        )  # fmt: skip
