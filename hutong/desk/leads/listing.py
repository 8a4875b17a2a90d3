"""The lines of the list of leads: why each stands where it stands, whose it is and by when."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import QueryDict
from django.utils.translation import get_language, gettext_noop
from django.utils.translation import gettext as _

from hutong.desk.request import Request
from hutong.desk.ui.words import aged
from hutong.discovery.models import Lead
from hutong.discovery.pipelines.rules import by_id, rules
from hutong.discovery.queries import capacity, due_on, severity
from hutong.kernel.clock import today
from hutong.places.queries import town_and_village
from hutong.policy.access import ROLES

SIZE = 50
WAITING = (Lead.State.OPEN, Lead.State.UNSURE)
SEVERITY = {"high": gettext_noop("情形严重"), "middle": gettext_noop("情形较重"), "low": gettext_noop("提示核对")}
_CERTAINTY = {"sure": gettext_noop("证据齐全"), "review": gettext_noop("情况不全")}


@dataclass(frozen=True)
class Line:
    """A lead as the list shows it. `ends_week`: the last one that this week's capacity reaches."""

    row: Lead
    title: str
    reasons: list[str]
    due: date | None
    ends_week: bool


def title_of(rule: str) -> str:
    """A rule in words."""
    found = by_id(rule)
    if found is None:
        return rule
    return found.head.en if get_language() == "en" else found.head.zh


def owner_of(rule: str) -> str:
    """Whose the leads of a rule are."""
    found = by_id(rule)
    role = ROLES.get(found.head.owner) if found else None
    return "" if role is None else role.en if get_language() == "en" else role.zh


def reasons(row: Lead, on: date) -> list[str]:
    """What the order is made of: how grave, how certain, how young."""
    said = (_(SEVERITY[severity(row)]), _(_CERTAINTY.get(row.certainty, row.certainty)), aged(row.birth_date, on))
    return [words for words in said if words]


def page(request: Request, asked: QueryDict, *, ticked: Collection[UUID] = (), reason: str = "") -> dict[str, Any]:
    """What the page shows; `ticked` and `reason` stay when a review of many was refused."""
    state, rule, on = asked.get("state", "open"), asked.get("rule", ""), today()
    state = state if state in Lead.State.values else "open"
    rows = Lead.objects.visible_to(request.scope).filter(state=state).order_by("-weight", "first_found_on", "pk")
    rule = rule if by_id(rule) else ""
    if rule:
        rows = rows.filter(rule=rule)
    found = Paginator(rows, SIZE).get_page(asked.get("page", "1"))
    reach = capacity(request.scope, on) if state == "open" and not rule else None
    first = found.start_index()
    return {
        "page": found,
        "lines": [_line(row, on, first + nth == reach) for nth, row in enumerate(found)],
        "state": state,
        "rule": rule,
        "rules": [(r.head.id, title_of(r.head.id)) for r in rules()],
        "tabs": [(f"?state={s}", label, None, s == state) for s, label in Lead.State.choices],
        "waiting": state in WAITING,
        "place_of": town_and_village,
        "on": on,
        "capacity": reach,
        "ticked": ticked,
        "reason": reason,
    }


def _line(row: Lead, on: date, ends_week: bool) -> Line:
    return Line(row, title_of(row.rule), reasons(row, on), due_on(row) if row.state in WAITING else None, ends_week)


def same_child(request: Request, row: Lead) -> list[Lead]:
    """Other leads of the same name, day of birth and village: most likely the same child."""
    if row.birth_date is None:
        return []
    rows = Lead.objects.visible_to(request.scope).filter(
        name=row.name, birth_date=row.birth_date, division=row.division
    )
    return list(rows.exclude(pk=row.pk).order_by("-weight", "pk")[:20])
