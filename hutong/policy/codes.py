"""Code lists: national standards and the words of the forms. Data in codes.yaml.

Owns the lists and the way from a word on a form to its code. Does not own circumstance kinds.
"""

from __future__ import annotations

from functools import cache

from hutong.policy.loader import Basis, Strict, read


class Code(Strict):
    """One code with its words; `says` are other words for it found on forms."""

    zh: str
    en: str = ""
    says: tuple[str, ...] = ()


class CodeList(Basis):
    """A named list of codes."""

    note: str = ""
    items: dict[str, Code]


LISTS: dict[str, CodeList] = read("codes.yaml", dict[str, CodeList])


def label(name: str, code: str, language: str = "zh") -> str:
    """The words for `code` of list `name`; an unknown code is shown as it is, never hidden."""
    entry = LISTS[name].items.get(code)
    if entry is None:
        return code
    return entry.en or entry.zh if language.startswith("en") else entry.zh


def codes(name: str) -> tuple[str, ...]:
    """All codes of list `name`, in the order of the standard."""
    return tuple(LISTS[name].items)


def choices(name: str, language: str = "zh") -> list[tuple[str, str]]:
    """(code, words) of list `name`, for form fields."""
    return [(code, label(name, code, language)) for code in LISTS[name].items]


def find(name: str, word: str) -> str | None:
    """The code of list `name` meant by `word`: the code itself, its words, or another word for it."""
    return _words(name).get(word.strip())


@cache
def _words(name: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for code, entry in LISTS[name].items.items():
        for word in (code, entry.zh, *entry.says):
            found.setdefault(word, code)
    return found
