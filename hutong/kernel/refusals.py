"""A refusal is a sentence for the person who asked: what happened, what was kept, what to do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any


def _as_written(sentence: str) -> str:
    return sentence


_say: Callable[[str], str] = _as_written


def speak_with(say: Callable[[str], str]) -> None:
    """How sentences are put into the reader's language: the doors give gettext, plain programs nothing."""
    global _say
    _say = say


class Refusal(Exception):
    """An operation that was not carried out. Nothing was changed.

    `sentence` is Chinese in the source, with `%(name)s` for what `values` fills in, and is read in the language of whoever
    reads it; it is safe to show. `code` is stable and safe to log. Rooms define their own sub-classes beside the function
    that raises them.
    """

    code = "refused"

    def __init__(
        self,
        sentence: str,
        *,
        values: Mapping[str, object] | None = None,
        code: str | None = None,
        field: str | None = None,
    ) -> None:
        super().__init__(sentence % values if values else sentence)
        self.template = sentence
        self.values = values
        self.field = field
        if code:
            self.code = code

    @property
    def sentence(self) -> str:
        """What to show, in the language in force now. A value may be a sentence of its own (a list's word, a place)."""
        text = _say(self.template)
        return text % self.values if self.values else text

    def kept(self) -> dict[str, object]:
        """The sentence as a row keeps it, to be said later in the language of whoever reads it (`again`)."""
        return {"say": self.template, "values": {key: str(value) for key, value in (self.values or {}).items()}}


def again(kept: Mapping[str, Any], words: Callable[[str], str] | None = None) -> str:
    """A sentence that a row keeps, in the language in force now. `words` says values that are words of a list themselves."""
    values = kept.get("values") or {}
    text = _say(str(kept.get("say", "")))
    return text % {key: (words or _as_written)(value) for key, value in values.items()} if values else text


class Denied(Refusal):
    """The person may not do this. The sentence says why without telling what is hidden."""

    code = "denied"
