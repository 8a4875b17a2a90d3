"""Rights as data: role × domain × verb, read once from access.yaml.

Owns what a role may do in principle. Does not know users, posts or places: staff.access joins
these, and row security in the database enforces the same lists again.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Literal

from pydantic import model_validator

from hutong.policy.loader import Basis, Dated, Strict, read

Level = Literal["village", "town", "county", "city", "organisation"]


class Named(Strict):
    """A word of the access table in both languages."""

    zh: str
    en: str


class Domain(Named):
    """One kind of facts about a child; every protected row belongs to one."""

    holds_zh: str


class Role(Basis):
    """What the holder of a post may do inside the post's place.

    `reads`, `writes`: data domains. `verbs`: further acts. `cases`: may see single children at
    all; without it only counts, and those below the suppression threshold are hidden.
    `own_subjects`: sees nothing by place, only subjects handed over by a grant. `office`: its posts name the office they act for.
    """

    zh: str
    en: str
    levels: frozenset[Level]
    cases: bool
    own_subjects: bool
    office: bool = False
    reads: frozenset[str]
    writes: frozenset[str]
    verbs: frozenset[str]

    @property
    def label_zh(self) -> str:
        """The role in Chinese."""
        return self.zh

    @property
    def label_en(self) -> str:
        """The role in English."""
        return self.en

    def may(self, verb: str, domain: str | None = None) -> bool:
        """True if the role allows `verb`, for `domain` when the verb is about one."""
        if verb == "read":
            return bool(self.reads) if domain is None else domain in self.reads
        if verb == "write":
            return bool(self.writes) if domain is None else domain in self.writes
        if verb not in self.verbs:
            return False
        return domain is None or domain in self.reads or domain in self.writes


class Pair(Basis):
    """Two acts that two different persons must do."""

    first: str
    second: str


class Page(Strict):
    """What a page needs of whoever opens it."""

    zh: str
    needs: str
    domain: str | None = None


class Access(Strict):
    """The whole of access.yaml; names used but not defined are refused."""

    suppression: Dated[int]
    emergency_hours: Dated[int]
    emergency_review_days: Dated[int]
    emergency_reads: Dated[frozenset[str]]
    domains: dict[str, Domain]
    verbs: dict[str, Named]
    two_persons: tuple[Pair, ...]
    roles: dict[str, Role]
    pages: dict[str, Page]

    @model_validator(mode="after")
    def _names_exist(self) -> Access:
        for key, role in self.roles.items():
            _known(f"roles.{key}.reads", role.reads, self.domains)
            _known(f"roles.{key}.writes", role.writes, self.domains)
            _known(f"roles.{key}.verbs", role.verbs, self.verbs)
            if not role.cases and (role.reads or role.writes):
                raise ValueError(f"roles.{key}: reads or writes a domain but may not see children")
        for key, page in self.pages.items():
            _known(f"pages.{key}.needs", {page.needs}, self.verbs)
            _known(f"pages.{key}.domain", {page.domain}, self.domains)
        for pair in self.two_persons:
            _known("two_persons", {pair.first, pair.second}, self.verbs)
        return self


def _known(where: str, used: Iterable[str | None], defined: Iterable[str]) -> None:
    unknown = sorted({name for name in used if name} - set(defined))
    if unknown:
        raise ValueError(f"{where}: unknown {', '.join(unknown)}")


ACCESS: Access = read("access.yaml", Access)
ROLES: dict[str, Role] = ACCESS.roles
DOMAINS: dict[str, Domain] = ACCESS.domains
VERBS: dict[str, Named] = ACCESS.verbs
PAGES: dict[str, Page] = ACCESS.pages
EMERGENCY_READS: frozenset[str] = ACCESS.emergency_reads.latest


def may(role: str, verb: str, domain: str | None = None) -> bool:
    """True if `role` allows `verb` (on `domain`). An unknown role or verb is a mistake, not a no."""
    if verb not in VERBS:
        raise KeyError(f"unknown verb {verb!r}")
    return ROLES[role].may(verb, domain)


def may_open(role: str, page: str) -> bool:
    """True if `role` may open `page` somewhere in its place."""
    entry = PAGES[page]
    return may(role, entry.needs, entry.domain)


def suppressed_below(day: date) -> int:
    """Counts below this number are hidden from roles that may not see children."""
    return ACCESS.suppression.on(day)


def first_day() -> date:
    """The first day that has rules of access."""
    return min(ACCESS.suppression.values)


def two_persons(first: str, second: str) -> bool:
    """True if the acts `first` and `second` on one thing need two different persons."""
    return any((p.first, p.second) == (first, second) for p in ACCESS.two_persons)
