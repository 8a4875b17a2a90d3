"""A questionnaire as a form: what each question looks like, what was typed, what is wrong with it.

The same page works without script: then every question is shown, and the server drops answers to those not asked.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from hutong.policy.questionnaires import Item, Questionnaire

SHORT = 7  # characters


@dataclass(frozen=True, slots=True)
class Field:
    """One question on the page."""

    item: Item
    label: str
    value: Any
    error: str
    show: str

    @property
    def options(self) -> list[tuple[str, str]]:
        """Choices as (code, words)."""
        if self.item.type == "yes_no":
            return [("yes", _("是")), ("no", _("否"))]
        return list(self.item.words(get_language() or "zh").items())

    @property
    def short(self) -> bool:
        """Short words stand side by side; each is still as high as a thumb."""
        return all(len(words) <= SHORT for words in self.item.options.values())


@dataclass(frozen=True, slots=True)
class Group:
    """A heading with its questions."""

    id: str
    label: str
    fields: tuple[Field, ...]


@dataclass(slots=True)
class Asking:
    """A questionnaire with what was typed so far. `given`: what conditions may ask beside the answers."""

    questionnaire: Questionnaire
    given: Mapping[str, Any]
    typed: dict[str, Any] = field(default_factory=dict)
    problems: dict[str, str] = field(default_factory=dict)

    def read(self, post: QueryDict) -> dict[str, Any]:
        """Raw answers of a form that was sent; the operation checks them."""
        for item in self.questionnaire.items:
            values = post.getlist(item.id)
            if item.type == "many":
                self.typed[item.id] = values
            elif values and values[0] != "":
                self.typed[item.id] = values[0]
        return self.typed

    @property
    def groups(self) -> list[Group]:
        """The page, heading by heading."""
        return [
            Group(section.id, self._words(section.zh, section.en), tuple(self._field(item) for item in section.items))
            for section in self.questionnaire.sections
        ]

    @property
    def top(self) -> list[tuple[str, str]]:
        """Problems for the head of the page, each a link to its question."""
        labels = {item.id: self._words(item.zh, item.en) for item in self.questionnaire.items}
        return [(f"id_{name}", f"{labels.get(name, name)} {text}") for name, text in self.problems.items()]

    @property
    def given_json(self) -> str:
        """For the script."""
        return json.dumps(dict(self.given), ensure_ascii=False)

    def _field(self, item: Item) -> Field:
        return Field(
            item=item,
            label=self._words(item.zh, item.en),
            value=self.typed.get(item.id, [] if item.type == "many" else ""),
            error=self.problems.get(item.id, ""),
            show=json.dumps(item.show_if, ensure_ascii=False) if item.show_if is not None else "",
        )

    @staticmethod
    def _words(zh: str, en: str) -> str:
        return en if (get_language() or "").startswith("en") else zh
