"""Whether leads and decisions fall on some groups more than on others: counts by place, sex and disability, small ones hidden."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from hutong.discovery.queries import groups
from hutong.insight.suppression import hidden
from hutong.kernel.scope import Scope
from hutong.places.queries import name_of
from hutong.policy.access import suppressed_below


@dataclass(frozen=True)
class Line:
    """A group. None: hidden, because the count or what is left of it is small."""

    kind: str
    name: str
    leads: int | None
    decided: int | None
    precision: int | None


def table(scope: Scope, on: date) -> list[Line]:
    """The groups, those of one kind together."""
    found = groups(scope)
    words = {
        "place": (_("地区"), lambda key: name_of(int(key))),
        "sex": (_("性别"), lambda key: {"1": _("男"), "2": _("女")}.get(key, _("不详"))),
        "disability": (_("残疾登记"), lambda key: {"True": _("有"), "False": _("没有")}.get(key, _("不详"))),
    }
    return [
        line for kind, rows in found.items() for line in _lines(words[kind][0], {words[kind][1](k): v for k, v in rows.items()}, on)
    ]  # fmt: skip


def _lines(kind: str, rows: dict[str, tuple[int, int, int]], on: date) -> list[Line]:
    """A group's counts, and its share of true ones where neither part of the decided is small."""
    below = suppressed_below(on)
    total = sum(leads for leads, _decided, _true in rows.values())
    few = (
        hidden({name: (row[0], total - row[0]) for name, row in rows.items()}, below) if len(rows) > 1 else frozenset()
    )
    undecided = hidden({name: (row[2], row[1] - row[2]) for name, row in rows.items()}, below)
    return [
        Line(
            kind, name, None if name in few else leads, None if name in few | undecided else decided,
            None if name in few | undecided or not decided else 100 * true // decided,
        )
        for name, (leads, decided, true) in rows.items()
    ]  # fmt: skip
