"""Words of the policy's data in the language of the page. In every template as `codes`."""

from __future__ import annotations

from typing import Protocol

from django.utils.translation import get_language

from hutong.policy import codes


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


def said(entry: Named) -> str:
    """What an entry is called."""
    return entry.en if (get_language() or "zh").startswith("en") else entry.zh
