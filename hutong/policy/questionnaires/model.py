"""The shape of a questionnaire file. Every name, domain, code list and expression in it is checked when it is loaded."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Any, Literal

from pydantic import Field, model_validator

from hutong.policy import access, circumstances, codes, expressions
from hutong.policy.loader import Basis, Strict, read

Type = Literal["one", "many", "yes_no", "number", "date", "text"]
Tree = Any
NAMES = ("home_visit", "change")
GIVEN = frozenset({"child_age", "today"})


class Item(Strict):
    """One question. `max`: longest text or largest number. `show_if`: asked only when the tree holds."""

    id: str
    type: Type
    zh: str
    en: str
    domain: str
    required: bool = False
    choices: dict[str, str] = Field(default_factory=dict)
    choices_en: dict[str, str] = Field(default_factory=dict)
    codes: str = ""
    max: int = 200
    min: int = 0
    show_if: Tree = None

    @model_validator(mode="after")
    def _whole(self) -> Item:
        if self.domain not in access.DOMAINS:
            raise ValueError(f"unknown domain {self.domain}")
        if (self.type in {"one", "many"}) != bool(self.options):
            raise ValueError("choices go with one and many, and only with them")
        return self

    @property
    def options(self) -> dict[str, str]:
        """Code → Chinese words, of a choice."""
        return self.words("zh")

    def words(self, language: str) -> dict[str, str]:
        """Code → words in a language, of a choice."""
        if self.codes:
            return dict(codes.choices(self.codes, language))
        return {**self.choices, **self.choices_en} if language.startswith("en") else self.choices


class Section(Strict):
    """A group of questions under one heading."""

    id: str
    zh: str
    en: str
    items: tuple[Item, ...]


class FlagRule(Strict):
    """A sign that somebody must look."""

    kind: str
    severity: Literal["amber", "red"]
    domain: str
    when: Tree
    text_zh: str
    text_en: str


class FactRule(Strict):
    """A circumstance that follows from the answers. With `each`, one for every choice ticked there.

    `lasts_days`: what was seen holds that long unless seen again. `ends`: kinds of facts that it disproves.
    """

    of: Literal["child", "father", "mother", "carer"]
    kind: str
    value: dict[str, Tree]
    when: Tree = None
    each: str = ""
    lasts_days: int | None = None
    ends: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _known_kind(self) -> FactRule:
        strange = set(self.value) - set(circumstances.KINDS[self.kind].value)
        strange |= set(self.ends) - set(circumstances.KINDS)
        if strange:
            raise ValueError(f"{self.kind} has no {sorted(strange)}")
        return self


class AttentionRule(Strict):
    """A level the answers suggest."""

    level: Literal["green", "blue", "yellow", "red"]
    when: Tree
    because_zh: str
    because_en: str


class Questionnaire(Basis):
    """One version of one questionnaire."""

    id: str
    version: int
    effective: date
    title_zh: str
    title_en: str
    sections: tuple[Section, ...]
    flags: tuple[FlagRule, ...] = ()
    facts: tuple[FactRule, ...] = ()
    attention: tuple[AttentionRule, ...] = ()
    next_days: Tree = None

    @model_validator(mode="after")
    def _trees_are_sound(self) -> Questionnaire:
        known = {item.id for item in self.items} | GIVEN
        if len(known) != len(self.items) + len(GIVEN):
            raise ValueError("an item id is used twice")
        for where, tree in self._trees():
            try:
                expressions.check(tree, known | {"each"})
            except expressions.ExpressionError as error:
                raise ValueError(f"{where}: {error}") from error
        return self

    def _trees(self) -> list[tuple[str, Tree]]:
        found = [(item.id, item.show_if) for item in self.items]
        found += [(f"flag {rule.kind}", rule.when) for rule in self.flags]
        found += [(f"attention {rule.level}", rule.when) for rule in self.attention]
        for rule in self.facts:
            found.append((f"fact {rule.kind}", rule.when))
            found += [(f"fact {rule.kind}.{name}", tree) for name, tree in rule.value.items()]
        return [*found, ("next_days", self.next_days)]

    @property
    def items(self) -> tuple[Item, ...]:
        """All questions in order."""
        return tuple(item for section in self.sections for item in section.items)

    def item(self, identifier: str) -> Item | None:
        """The question with this id."""
        return next((item for item in self.items if item.id == identifier), None)


@cache
def load(identifier: str = "home_visit") -> Questionnaire:
    """The packaged questionnaire of this id. Raises PolicyError with file and line."""
    found: Questionnaire = read(f"questionnaires/{identifier}.yaml", Questionnaire)
    return found


@cache
def in_english() -> dict[str, str]:
    """Sentences that rows keep in Chinese → English: texts of flags, reasons of levels."""
    forms = [load(name) for name in NAMES]
    said = {flag.text_zh: flag.text_en for form in forms for flag in form.flags}
    return said | {level.because_zh: level.because_en for form in forms for level in form.attention}
