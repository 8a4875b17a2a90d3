"""Whether leads and decisions fall on some groups more than on others: counts by place, sex and disability, small ones hidden."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from hutong.discovery.pipelines.rules import Rule
from hutong.discovery.queries import Done, groups
from hutong.discovery.queries import by_rule as done
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
    few = hidden({name: (row[0], total - row[0]) for name, row in rows.items()}, below)
    undecided = hidden({name: (row[2], row[1] - row[2]) for name, row in rows.items()}, below)
    return [
        Line(
            kind, name, None if name in few else leads, None if name in few | undecided else decided,
            None if name in few | undecided or not decided else 100 * true // decided,
        )
        for name, (leads, decided, true) in rows.items()
    ]  # fmt: skip


@dataclass(frozen=True)
class Shown:
    """How a rule has done, as it may be shown. None: hidden, or nothing to show."""

    rule: Rule
    leads: int | None
    waiting: int | None
    decided: int | None
    precision: int | None
    took: timedelta | None


def by_rule(scope: Scope, on: date) -> list[Shown]:
    """Each rule, those with most waiting first; small counts only for those who see the leads themselves."""
    rows = sorted(done(scope), key=lambda row: (-row.waiting, -row.leads))
    few, undecided = _few(rows, on) if "confirm" not in scope.verbs else (frozenset[str](), frozenset[str]())
    return [_shown(row, row.rule.head.id in few, row.rule.head.id in few | undecided) for row in rows]


def _few(rows: list[Done], on: date) -> tuple[frozenset[str], frozenset[str]]:
    below, total = suppressed_below(on), sum(row.leads for row in rows)
    few = hidden({row.rule.head.id: (row.leads, total - row.leads) for row in rows}, below)
    few |= hidden({row.rule.head.id: (row.waiting, row.leads - row.waiting) for row in rows}, below)
    return few, hidden({row.rule.head.id: (row.true, row.decided - row.true) for row in rows}, below)


def _shown(row: Done, few: bool, undecided: bool) -> Shown:
    return Shown(
        row.rule, None if few else row.leads, None if few else row.waiting, None if undecided else row.decided,
        None if undecided else row.precision, None if undecided else row.took,
    )  # fmt: skip
