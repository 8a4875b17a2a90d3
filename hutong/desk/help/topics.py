"""The help topics as data, and which of them belongs to a page."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from django.urls import reverse
from django.utils.translation import get_language

from hutong.policy.loader import Strict, read


class Words(Strict):
    """A sentence in both languages."""

    zh: str
    en: str

    @property
    def text(self) -> str:
        """In the language of the page."""
        return self.zh if (get_language() or "zh").startswith("zh") else self.en


class Topic(Words):
    """One task: its title, its steps, and what to remember."""

    verb: str
    pages: tuple[str, ...]
    steps: tuple[Words, ...]
    note: Words | None = None


TOPICS: dict[str, Topic] = read("topics.yaml", dict[str, Topic], folder=Path(__file__).parent)


@lru_cache(maxsize=256)
def help_for(path: str) -> str:
    """The address of the help that fits a page best; the list of all when none does."""
    fitting = [
        (len(page), key)
        for key, topic in TOPICS.items()
        for page in topic.pages
        if path == page or (page != "/" and path.startswith(page))
    ]
    return reverse("help:topic", kwargs={"topic": max(fitting)[1]}) if fitting else reverse("help:home")
