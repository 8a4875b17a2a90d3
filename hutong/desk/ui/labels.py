"""Words of the policy's data in the language of the page. In every template as `codes`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from django.utils.translation import get_language, gettext, gettext_noop

from hutong.policy import circumstances, codes, feeds, questionnaires

_OF_OURS = (gettext_noop("儿童主任名册"), gettext_noop("在册儿童档案"))  # registers that no department sends


class Named(Protocol):
    """Anything of the policy with words in both languages."""

    @property
    def zh(self) -> str:
        """Chinese."""

    @property
    def en(self) -> str:
        """English."""


def label(name: str, code: str) -> str:
    """The words for `code` of list `name`; an unknown code as it is."""
    return codes.label(name, code, get_language() or "zh")


def choices(name: str) -> list[tuple[str, str]]:
    """(code, words) of list `name`, for a form field."""
    return [(code, label(name, code)) for code in codes.codes(name)]


def fact(kind: str, value: Mapping[str, Any]) -> str:
    """A fact in words; an unknown kind as it is, never hidden."""
    known = kind in circumstances.KINDS
    return circumstances.sentence(kind, value, get_language() or "zh") if known else kind


def register(name: str, zh: str) -> str:
    """A register that rules read, in the page's language; `zh` is its Chinese name."""
    feed = feeds.feeds().get(name)
    return feed.en if feed and (get_language() or "zh").startswith("en") else gettext(zh)


def policy(text: str) -> str:
    """A text of the policy's data that stands in the catalogue (a feed's purpose, a column's title), in the page's language."""
    return gettext(text) if text else text


def kept(sentence: str) -> str:
    """A sentence of the questionnaires that a row keeps in Chinese (a sign, the reason of a level), in the page's language."""
    if not (get_language() or "zh").startswith("en"):
        return sentence
    return questionnaires.in_english().get(sentence, sentence)


def said(entry: Named) -> str:
    """What an entry is called."""
    return entry.en if (get_language() or "zh").startswith("en") else entry.zh
