"""The Jinja2 environment of all pages: unknown variables are errors."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language, gettext, ngettext
from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from hutong.desk.help.topics import help_for
from hutong.desk.ui import labels, words
from hutong.desk.ui.frame import Frame
from hutong.desk.ui.icons import icon
from hutong.kernel.clock import today
from hutong.kernel.ids import uuid7
from hutong.kernel.sentences import told
from hutong.policy.categories import basis_words


@lru_cache(maxsize=8192)
def _word_in(language: str | None, message: str) -> str:
    return gettext(message)


def _word(message: str) -> str:
    # A page asks for some sixty words; Django walks its chain of catalogues for each, which was a third of the frame's time.
    return _word_in(get_language(), message)


def _said(message: str, **values: Any) -> Markup:
    """A word or sentence of a page, values escaped, as the extension's own `_` gives it; that one asks the template's context
    on the way, which took an eighth of the time of a list."""
    text = Markup(_word(message))
    return text % values if values or "%" in message else text


def environment(**options: Any) -> Environment:
    """What Django's Jinja2 backend calls once."""
    env = Environment(
        **{**options, "undefined": StrictUndefined, "trim_blocks": True, "lstrip_blocks": True},
        extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
    )
    env.install_gettext_callables(_word, ngettext, newstyle=True)  # type: ignore[attr-defined]
    env.globals.update(
        _=_said,
        static=static,
        url=lambda name, *args, **kwargs: reverse(name, args=args, kwargs=kwargs),
        icon=icon,
        frame_of=Frame,
        help_for=help_for,
        today=today,
        due=words.due,
        aged=words.aged,
        with_query=words.with_query,
        op_id=uuid7,
        codes=labels,
        told=told,
        basis_words=lambda kind, basis: basis_words(kind, basis, get_language() or "zh"),
    )
    env.filters.update(day=words.day, moment=words.moment, number=words.number, percent=words.percent)
    return env
