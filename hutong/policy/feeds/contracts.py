"""Shapes of the feeds' contracts. Every name, domain, essential field and word in them is checked when they are loaded.

Field keys in camel case are Table Schema's own (https://datapackage.org/standard/table-schema/); the others are ours, which
the standard allows: `also`, `words`, `holds`, `digits`, `pad`, `measure`.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any, Literal

from pydantic import Field as Key
from pydantic import model_validator

from hutong.policy import access
from hutong.policy.loader import FOLDER, Basis, Strict, read

Type = Literal["string", "integer", "boolean", "date"]
Holds = Literal["text", "id_number", "person_name", "key"]
Measure = Literal["yuan", "months", "days"]


class Constraints(Strict):
    """Table Schema's constraints, as far as we use them. `required`: a row without it is quarantined."""

    required: bool = False
    enum: tuple[str | int, ...] = ()
    minimum: int | None = None
    maximum: int | None = None

    def as_schema(self) -> dict[str, Any]:
        """The ones that say something."""
        said: dict[str, Any] = {"required": self.required or None, "enum": list(self.enum) or None}
        said |= {"minimum": self.minimum, "maximum": self.maximum}
        return {key: value for key, value in said.items() if value is not None}


class Field(Strict):
    """One column.

    `also`: headings offices use for it. `words`: what offices write → the value meant. `holds`: an identity number is replaced
    by tokens, a key of the office becomes a whole number. `digits`: of a code; a longer one is cut, a shorter one filled with
    noughts where `pad`. `measure`: units that may stand behind the number. `stored`: false for what only tells rows apart.
    """

    name: str
    title: str
    description: str = ""
    type: Type
    format: str = "default"
    constraints: Constraints = Constraints()
    true_values: tuple[str, ...] = Key((), alias="trueValues")
    false_values: tuple[str, ...] = Key((), alias="falseValues")
    also: tuple[str, ...] = ()
    words: dict[str, str | int] = Key(default_factory=dict)
    holds: Holds = "text"
    digits: int | None = None
    pad: bool = False
    measure: Measure | None = None
    stored: bool = True

    @model_validator(mode="after")
    def _whole(self) -> Field:
        if (self.type == "boolean") != bool(self.true_values and self.false_values):
            raise ValueError("trueValues and falseValues go with boolean, and only with it")
        if self.constraints.enum and (strange := set(self.words.values()) - set(self.constraints.enum)):
            raise ValueError(f"words lead to {sorted(map(str, strange))}, which the enum does not have")
        if (self.digits or self.measure) and self.type != "integer":
            raise ValueError("digits and measure go with integer")
        return self

    @property
    def required(self) -> bool:
        """A row without it is quarantined, and a file without the column refused."""
        return self.constraints.required

    @property
    def headings(self) -> tuple[str, ...]:
        """Everything the column may be called."""
        return (self.name, self.title, *self.also)

    def as_schema(self) -> dict[str, Any]:
        """The field as a Table Schema field descriptor."""
        said: dict[str, Any] = {"name": self.name, "title": self.title, "description": self.description}
        said |= {"type": self.type, "format": self.format, "constraints": self.constraints.as_schema()}
        said |= {"trueValues": list(self.true_values), "falseValues": list(self.false_values), "also": list(self.also)}
        return {key: value for key, value in said.items() if value}


class LegalBasis(Basis):
    """The law or plan that lets the department share it, in words for the agreement."""

    zh: str


class Numbers(Basis):
    """`cadence_days`: late after so many days. `shrink_percent`: noticed when so much smaller than the last delivery.
    `retention_days`: how long the stored file is kept."""

    cadence_days: int = Key(gt=0)
    shrink_percent: int = Key(gt=0, lt=100)
    retention_days: int = Key(gt=0)


class Feed(Strict):
    """A contract as used. `register`: the register of discovery it becomes; none: kept, feeds nothing yet, `why` says why.

    `identified_by`: a row needs all fields of at least one of these lists. `covers_zh`: what one delivery holds; each is whole,
    so the latest stands for the register.
    """

    id: str
    register_: str | None
    why: str
    zh: str
    en: str
    department: str
    domain: str
    purpose: str
    covers_zh: str
    legal_basis: LegalBasis
    numbers: Numbers
    identified_by: tuple[tuple[str, ...], ...]
    fields: tuple[Field, ...]
    missing_values: tuple[str, ...]

    @model_validator(mode="after")
    def _whole(self) -> Feed:
        names = [field.name for field in self.fields]
        if len(set(names)) < len(names):
            raise ValueError("a field stands twice")
        if strange := {name for way in self.identified_by for name in way} - set(names):
            raise ValueError(f"identified_by names {sorted(strange)}, which are no fields")
        if self.domain not in access.DOMAINS:
            raise ValueError(f"unknown domain {self.domain}")
        if self.register_ is None and not self.why:
            raise ValueError("a feed without a register says why")
        return self

    @property
    def register(self) -> str | None:
        """The register of discovery it becomes."""
        return self.register_

    def field(self, name: str) -> Field:
        """A field by name. Raises KeyError."""
        return {field.name: field for field in self.fields}[name]

    def titles(self, names: Iterable[str]) -> list[str]:
        """Fields as people call them; one that an agreement leaves out, by its name."""
        known = {field.name: field.title for field in self.fields}
        return [known.get(name, name) for name in names]


class _Written(Strict):
    """A contract as it stands in its file: common fields by name, and headings this office adds to them."""

    id: str
    register_: str | None = Key(alias="register")
    why: str = ""
    zh: str
    en: str
    department: str
    domain: str
    purpose: str
    covers_zh: str
    legal_basis: LegalBasis
    numbers: Numbers
    identified_by: tuple[tuple[str, ...], ...] = ()
    headings: dict[str, tuple[str, ...]] = Key(default_factory=dict)
    fields: tuple[str | Field, ...]


class Limits(Basis):
    """The door's limits. `file_mb`: refused by size alone; `book_*`: of workbooks, which are read in memory;
    `bad_kept`: quarantined rows kept with their raw cells (all are counted); `heading_rows`: how far down a heading is looked for;
    `garbled_permille`: of a text's characters; `odd_values`: of a column; `new_year_percent`: of the births;
    `token_days`: how long the pass of a program that pushes holds; `doubled_times`: held when so many times larger than the
    last delivery; `abandoned_hours`: when a file that waits for no delivery is removed.
    """

    file_mb: int
    book_mb: int
    book_unpacked_mb: int
    rows: int
    book_rows: int
    columns: int
    cell_characters: int
    bad_kept: int
    garbled_permille: int
    odd_values: int
    new_year_percent: int
    heading_rows: int
    memory_limit: str
    threads: int
    token_days: int
    doubled_times: int
    abandoned_hours: int


class _Common(Strict):
    limits: Limits
    missing_values: tuple[str, ...] = Key(alias="missingValues")
    identified_by: tuple[tuple[str, ...], ...]
    fields: tuple[Field, ...]


COMMON: _Common = read("feeds/_common.yaml", _Common)
LIMITS: Limits = COMMON.limits


@cache
def feeds() -> dict[str, Feed]:
    """All contracts by id, in the order of their ids. Raises PolicyError with file and line."""
    files = sorted(path.name for path in (FOLDER / "feeds").glob("[!_]*.yaml"))
    read_ = (_resolved(read(f"feeds/{name}", _Written)) for name in files)
    return {feed.id: feed for feed in read_}


def _resolved(written: _Written) -> Feed:
    common = {field.name: field for field in COMMON.fields}
    fields = [common[entry] if isinstance(entry, str) else entry for entry in written.fields]
    more = written.headings
    said = {key: getattr(written, key) for key in _Written.model_fields if key not in {"headings", "fields"}}
    said["identified_by"] = written.identified_by or COMMON.identified_by
    said["fields"] = tuple(f.model_copy(update={"also": (*f.also, *more.get(f.name, ()))}) for f in fields)
    return Feed(**said, missing_values=COMMON.missing_values)


def table_schema(feed: Feed) -> dict[str, Any]:
    """The contract as a Frictionless Table Schema descriptor, ready for JSON."""
    return {
        "$schema": "https://datapackage.org/profiles/2.0/tableschema.json",
        "name": feed.id,
        "title": feed.zh,
        "description": feed.purpose,
        "fieldsMatch": "partial",
        "missingValues": list(feed.missing_values),
        "fields": [field.as_schema() for field in feed.fields],
    }
