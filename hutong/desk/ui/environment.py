"""The Jinja2 environment of all pages: unknown variables are errors."""

from __future__ import annotations

from typing import Any

from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from jinja2 import Environment, StrictUndefined

from hutong.desk.help.topics import help_for
from hutong.desk.ui import words
from hutong.desk.ui.frame import Frame
from hutong.desk.ui.icons import icon
from hutong.kernel.clock import today
from hutong.kernel.ids import uuid7


def environment(**options: Any) -> Environment:
    """What Django's Jinja2 backend calls once."""
    env = Environment(
        **{**options, "undefined": StrictUndefined, "trim_blocks": True, "lstrip_blocks": True},
        extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
    )
    env.install_gettext_callables(gettext, ngettext, newstyle=True)  # type: ignore[attr-defined]
    env.globals.update(
        static=static,
        url=lambda name, *args, **kwargs: reverse(name, args=args, kwargs=kwargs),
        icon=icon,
        frame_of=Frame,
        help_for=help_for,
        today=today,
        due=words.due,
        age=words.age,
        with_query=words.with_query,
        op_id=uuid7,
    )
    env.filters.update(day=words.day, moment=words.moment, number=words.number, percent=words.percent)
    return env
