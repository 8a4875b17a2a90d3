"""A refusal is a sentence for the person who asked: what happened, what was kept, what to do."""

from __future__ import annotations


class Refusal(Exception):
    """An operation that was not carried out. Nothing was changed.

    `sentence` is in Chinese and safe to show; `code` is stable and safe to log.
    Rooms define their own sub-classes beside the function that raises them.
    """

    code = "refused"

    def __init__(self, sentence: str, *, code: str | None = None, field: str | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.field = field
        if code:
            self.code = code


class Denied(Refusal):
    """The person may not do this. The sentence says why without telling what is hidden."""

    code = "denied"
