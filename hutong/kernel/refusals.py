"""A refusal is a sentence for the person who asked: what happened, what was kept, what to do."""

from __future__ import annotations

from collections.abc import Mapping

from hutong.kernel import sentences


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
        return sentences.filled(self.template, self.values)

    def beside(self) -> dict[str, object]:
        """What a row keeps beside the finished sentence (`sentences.told`)."""
        return self.kept() if self.values else {}

    def kept(self) -> dict[str, object]:
        """The sentence as a row keeps it, to be said later in the language of whoever reads it (`sentences.again`)."""
        return sentences.kept(self.template, self.values)


class Denied(Refusal):
    """The person may not do this. The sentence says why without telling what is hidden."""

    code = "denied"
