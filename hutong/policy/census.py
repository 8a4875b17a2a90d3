"""How counties' workbooks look, as data: words for columns and for rows that are no children, limits. Data in census.yaml."""

from __future__ import annotations

from hutong.policy.loader import Basis, Dated, Strict, read


class Limits(Strict):
    """What is read at most."""

    file_mb: int
    unpacked_mb: int
    rows: int
    columns: int


class Contains(Strict):
    """A header that holds all these words means the field."""

    field: str
    words: tuple[str, ...]


class Columns(Basis):
    """Words of headers."""

    exact: dict[str, tuple[str, ...]]
    contains: tuple[Contains, ...]
    groups: dict[str, tuple[str, ...]]


class NotData(Basis):
    """Words of rows that are no children."""

    totals: tuple[str, ...]
    signatures: tuple[str, ...]
    ditto: tuple[str, ...]
    notes: tuple[str, ...]


class Asked(Strict):
    """Columns that ask whether a category holds."""

    by: str
    of: tuple[str, ...]
    holds: tuple[str, ...]


class Categories(Basis):
    """Words of the category column."""

    asked: Asked
    denials: tuple[str, ...]
    words: dict[str, str]


class Census(Strict):
    """The whole of census.yaml."""

    limits: Dated[Limits]
    adult_age: Dated[int]
    columns: Columns
    not_data: NotData
    categories: Categories


CENSUS: Census = read("census.yaml", Census)
