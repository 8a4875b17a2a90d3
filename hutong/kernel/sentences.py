"""Sentences that plain code makes and rows keep: Chinese in the source, said in the language of whoever reads them.

Owns how a sentence is kept (its msgid and values, beside the finished Chinese) and said again. Knows no framework: the doors
give gettext through `speak_with`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any


def _as_written(text: str) -> str:
    return text


_say: Callable[[str], str] = _as_written


def speak_with(say: Callable[[str], str]) -> None:
    """How sentences are put into the reader's language: the doors give gettext, plain programs nothing."""
    global _say
    _say = say


class Sentence(str):
    """A Chinese text that still knows what it was made of: `Sentence("与第 %(row)s 行完全相同", row=4)`.

    As a string it is the finished Chinese; `said` is the reader's language. A value may be a Sentence. The catalogue finds
    them by the name of this class.
    """

    template: str
    values: Mapping[str, object]

    def __new__(cls, template: str, **values: object) -> Sentence:
        """The msgid, and what fills its names."""
        self = super().__new__(cls, template % values if values else template)
        self.template, self.values = template, values
        return self

    def said(self) -> str:
        """In the language in force now."""
        return filled(self.template, self.values)

    def kept(self) -> dict[str, object]:
        """As a row keeps it (`again`)."""
        return kept(self.template, self.values)


def filled(template: str, values: Mapping[str, object] | None) -> str:
    """A msgid in the language in force now, with its values."""
    text = _say(template) if template else ""
    if not values:
        return text
    return text % {key: value.said() if isinstance(value, Sentence) else value for key, value in values.items()}


def kept(template: str, values: Mapping[str, object] | None) -> dict[str, object]:
    """A msgid and its values as JSON."""
    plain = {key: v.kept() if isinstance(v, Sentence) else str(v) for key, v in (values or {}).items()}
    return {"say": template, "values": plain}


def again(kept: Mapping[str, Any]) -> str:
    """A sentence that a row keeps, in the language in force now."""
    values = kept.get("values") or {}
    return filled(
        str(kept.get("say", "")), {key: again(v) if isinstance(v, Mapping) else v for key, v in values.items()}
    )


def beside(message: str) -> dict[str, object]:
    """What a row keeps beside a finished message for `told`: nothing where the message is its own msgid."""
    return message.kept() if isinstance(message, Sentence) and message.values else {}


def told(row: Mapping[str, Any]) -> str:
    """A finished `message` with what was kept `beside` it, in the language in force now.

    Where that language has no words for it, as for rows written before, it is the message as it stands.
    """
    message = str(row["message"])
    for template in (row.get("say") or message, message.rstrip("。")):
        if template and _say(template) != template:
            return again({**row, "say": template})
    return message
