"""The rows of a worklist: filters from the address, deadline first, then attention."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Prefetch, Q, QuerySet
from django.http import QueryDict

from hutong.duties.models import Duty
from hutong.kernel.scope import Scope
from hutong.people.models import File
from hutong.places.codes import subtree
from hutong.places.queries import town_and_village
from hutong.policy.obligations import OBLIGATIONS, RULES

SIZE = 50
VIEWS = ("late", "today", "week", "all", "missed")


@dataclass(frozen=True)
class Filters:
    """What the address asks for; what is not understood counts as not asked."""

    view: str
    place: int | None
    obligation: str
    attention: str
    parents: bool
    after: tuple[date, int, UUID] | None

    @classmethod
    def read(cls, query: QueryDict) -> Filters:
        """From the address."""
        place = query.get("place", "")
        return cls(
            view=query.get("view", "all") if query.get("view") in VIEWS else "all",
            place=int(place) if place.isascii() and place.isdigit() and len(place) == 12 else None,
            obligation=query.get("obligation", "") if query.get("obligation") in OBLIGATIONS else "",
            attention=query.get("attention", "") if query.get("attention") in File.Attention.values else "",
            parents=query.get("bearer") == "parents",
            after=_after(query.get("after", "")),
        )


def _after(text: str) -> tuple[date, int, UUID] | None:
    try:
        on, rank, identifier = text.split("_")
        return date.fromisoformat(on), int(rank), UUID(identifier)
    except (ValueError, OverflowError):
        return None


def duties(filters: Filters, scope: Scope, on: date) -> QuerySet[Duty]:
    """What the asked view may show: what is due, or what was missed of late."""
    return missed_duties(filters, scope, on) if filters.view == "missed" else open_duties(filters, scope)


def open_duties(filters: Filters, scope: Scope) -> QuerySet[Duty]:
    """What is due in the area."""
    return _narrowed(Duty.objects.visible_to(scope).filter(state="due"), filters, scope)


def missed_duties(filters: Filters, scope: Scope, on: date) -> QuerySet[Duty]:
    """What was missed in the area, for good, as far back as policy/obligations.yaml shows."""
    since = on - timedelta(days=RULES.missed_shown_days.on(on))
    return _narrowed(Duty.objects.visible_to(scope).filter(state="missed", due_on__gte=since), filters, scope)


def _narrowed(rows: QuerySet[Duty], filters: Filters, scope: Scope) -> QuerySet[Duty]:
    """By the filters of the address. The parents' own duties stand apart: nobody's worklist counts them.

    A report of a child without a file has a page of its own: a line here leads to a file.
    """
    rows = rows.filter(file__isnull=False)
    rows = rows.filter(bearer="parents") if filters.parents else rows.exclude(bearer="parents")
    if "director" in scope.roles and not filters.parents:
        rows = rows.filter(bearer="director")
    if filters.place:
        low, high = subtree(filters.place)
        rows = rows.filter(division__gte=low, division__lt=high)
    if filters.obligation:
        rows = rows.filter(obligation=filters.obligation)
    if filters.attention:
        rows = rows.filter(rank=File.Attention.values.index(filters.attention))
    return rows


def counts(rows: QuerySet[Duty], on: date) -> dict[str, int]:
    """How many are late, due today, due this week, and all: one query."""
    return rows.aggregate(
        late=Count("pk", filter=Q(due_on__lt=on)),
        today=Count("pk", filter=Q(due_on=on)),
        week=Count("pk", filter=Q(due_on__gte=on, due_on__lte=on + timedelta(days=7))),
        all=Count("pk"),
    )


def in_view(rows: QuerySet[Duty], view: str, on: date) -> QuerySet[Duty]:
    """Only what the tab shows."""
    if view == "late":
        return rows.filter(due_on__lt=on)
    if view == "today":
        return rows.filter(due_on=on)
    return rows.filter(due_on__gte=on, due_on__lte=on + timedelta(days=7)) if view == "week" else rows


def ordered(rows: QuerySet[Duty], view: str) -> QuerySet[Duty]:
    """Deadline first, then attention; of what was missed the latest first."""
    return rows.order_by("-due_on" if view == "missed" else "due_on", "-rank", "pk")


def page(rows: QuerySet[Duty], filters: Filters) -> tuple[list[Duty], str]:
    """One page from where the last one ended, and the mark of where it ends; empty mark on the last page.

    Children and owners are fetched for the page alone: joined before the limit, PostgreSQL would join the whole county.
    """
    if filters.after:
        on, rank, identifier = filters.after
        beyond = Q(due_on__lt=on) if filters.view == "missed" else Q(due_on__gt=on)
        rows = rows.filter(beyond | Q(due_on=on, rank__lt=rank) | Q(due_on=on, rank=rank, pk__gt=identifier))
    rows = ordered(rows, filters.view)
    found = list(rows.prefetch_related(Prefetch("file", File.objects.select_related("child")), "owner")[: SIZE + 1])
    last = found[SIZE - 1] if len(found) > SIZE else None
    return found[:SIZE], f"{last.due_on}_{last.rank}_{last.pk}" if last else ""


def plain(duty: Duty) -> dict[str, Any]:
    """A row for who asks in JSON."""
    return {
        "id": str(duty.pk),
        "obligation": duty.obligation,
        "due_on": duty.due_on.isoformat(),
        "state": duty.state,
        "late_done_on": duty.late_done_on and duty.late_done_on.isoformat(),
        "attention": File.Attention.values[duty.rank],
        "child": duty.file.child.name if duty.file else None,
        "file": str(duty.file_id),
        "place": town_and_village(duty.division),
        "owner": duty.owner.name if duty.owner else None,
    }
