"""How values are put into words on a page: days, moments, figures, how late something is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache

from django.http import HttpRequest
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from hutong.kernel.clock import ZONE

DASH = "—"


def day(value: date | datetime | None) -> str:
    """A calendar day in China as 2026-11-23."""
    if value is None:
        return DASH
    return f"{value.astimezone(ZONE) if isinstance(value, datetime) else value:%Y-%m-%d}"


def moment(value: datetime | None) -> str:
    """A moment in China as 2026-11-23 08:05."""
    return DASH if value is None else f"{value.astimezone(ZONE):%Y-%m-%d %H:%M}"


def number(value: int | float | Decimal | None) -> str:
    """1284 → 1,284; nothing known → a dash."""
    return DASH if value is None else f"{value:,}"


def percent(value: float | Decimal | None) -> str:
    """0.974 → 97.4%; a rate without a denominator has no value and says so."""
    return _("无数据") if value is None else f"{100 * value:.1f}%"


def aged(born: date | None, on: date) -> str:
    """The age in words; an infant is not nought years old. Empty when the birth date is unknown."""
    years = age(born, on)
    return "" if years is None else _years(years, get_language())


@lru_cache(maxsize=256)
def _years(years: int, language: str | None) -> str:
    # A page asks for fifty; Django's way through its catalogues is long.
    return _("%(n)s 岁") % {"n": years} if years else _("不满 1 岁")


def age(born: date | None, on: date) -> int | None:
    """Full years on a day."""
    if born is None:
        return None
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


@dataclass(frozen=True)
class Due:
    """A deadline in words, with the class that colours it."""

    words: str
    css: str


def due(deadline: date, today: date) -> Due:
    """How a deadline stands today: late (red), today (brown), soon, or just the day."""
    days = (deadline - today).days
    if days < 0:
        return Due(ngettext("逾期 %(days)s 天", "逾期 %(days)s 天", -days) % {"days": -days}, "overdue")
    if days == 0:
        return Due(_("今天到期"), "today")
    if days <= 7:
        return Due(ngettext("还有 %(days)s 天", "还有 %(days)s 天", days) % {"days": days}, "soon")
    return Due(_("%(day)s 前") % {"day": day(deadline)}, "later")


def with_query(request: HttpRequest, **changes: object) -> str:
    """The page's query string with some values changed; None removes one. Filters live in the address."""
    query = request.GET.copy()
    for key, value in changes.items():
        if value is None:
            query.pop(key, None)
        else:
            query[key] = str(value)
    return "?" + query.urlencode()
