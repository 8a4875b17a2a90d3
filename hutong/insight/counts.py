"""Counting for boards: one set-based statement a figure, grouped by the divisions below a place.

Each returns `{division: (part, whole)}`; for a plain count both are the count. Runs under the scope in force, so that
row security decides which rows are counted.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet
from django.db.models.fields import BigIntegerField

from hutong.duties.models import Duty
from hutong.kernel.clock import week
from hutong.kernel.scope import Scope
from hutong.people.models import Category, File
from hutong.policy import obligations
from hutong.policy.boards import BOARDS
from hutong.wellbeing.models import Agreement, Contact

Counts = dict[int, tuple[int, int]]
_DIFFICULTY = ("IN_DIFFICULTY", "ORPHAN", "DE_FACTO_UNSUPPORTED", "PRIORITY")
_RUNNING = ("signed", "notified", "active")


@dataclass(frozen=True)
class Place:
    """What is counted: rows of `scope`, on a day, grouped by the divisions of `unit` (a power of ten)."""

    scope: Scope
    on: date
    unit: int


def _group(rows: QuerySet, place: Place, part: Q | None = None) -> Counts:
    # Integer division: the code's ancestor at the level of the unit.
    below = ExpressionWrapper(F("division") / place.unit * place.unit, output_field=BigIntegerField())
    counted = (
        rows.annotate(below=below).values("below").annotate(whole=Count("pk"), part=Count("pk", filter=part or Q()))
    )
    return {row["below"]: (row["part"], row["whole"]) for row in counted.order_by("below")}


def _open_files(place: Place) -> QuerySet[File]:
    return File.objects.visible_to(place.scope).filter(closed_on=None)


def _having(place: Place, kinds: tuple[str, ...]) -> QuerySet[File]:
    running = Category.objects.visible_to(place.scope).filter(state="confirmed", kind__in=kinds, end=None)
    return _open_files(place).filter(pk__in=running.values("file"))


def _visits(place: Place) -> QuerySet[Duty]:
    kinds = [key for key, rule in obligations.OBLIGATIONS.items() if rule.settled_by == "visit"]
    return Duty.objects.visible_to(place.scope).filter(obligation__in=kinds)


def files(place: Place) -> Counts:
    """Open files."""
    return _group(_open_files(place), place)


def left_behind(place: Place) -> Counts:
    """Open files with a confirmed left-behind episode."""
    return _group(_having(place, ("LEFT_BEHIND",)), place)


def in_difficulty(place: Place) -> Counts:
    """Open files with a confirmed episode of difficulty, each child once."""
    return _group(_having(place, _DIFFICULTY), place)


def visits(place: Place) -> Counts:
    """Visit duties that fell due this month up to the day or were done in it, and those of them done on time."""
    month = place.on.replace(day=1)
    due = Q(due_on__gte=month, due_on__lt=place.on) | Q(done_on__gte=month, done_on__lte=place.on)
    return _group(_visits(place).filter(due).exclude(state__in=("waived", "not_applicable")), place, Q(state="done"))


def overdue(place: Place) -> Counts:
    """Visit duties past their day, neither done nor waived."""
    since = place.on - timedelta(days=BOARDS.overdue_for_days.on(place.on))
    late = Q(state="due", due_on__lt=place.on) | Q(state="missed", late_done_on=None, due_on__gte=since)
    return _group(_visits(place).filter(late), place)


def contact(place: Place) -> Counts:
    """Left-behind children, and those whose parents spoke with child and carer in the last full week."""
    last = week(place.on - timedelta(days=7))
    spoke = Contact.objects.filter(file=OuterRef("pk"), week=last, state="done")
    both = Q(Exists(spoke.filter(direction="parent_child"))) & Q(Exists(spoke.filter(direction="parent_carer")))
    return _group(_having(place, ("LEFT_BEHIND",)), place, both)


def agreements(place: Place) -> Counts:
    """Left-behind children, and those with a running agreement."""
    running = Agreement.objects.filter(file=OuterRef("pk"), state__in=_RUNNING)
    return _group(_having(place, ("LEFT_BEHIND",)), place, Q(Exists(running)))


def complete(place: Place) -> Counts:
    """Open files, and those complete enough."""
    return _group(_open_files(place), place, Q(completeness__gte=BOARDS.complete_from.on(place.on)))


COUNTS: dict[str, Callable[[Place], Counts]] = {
    "files": files,
    "left_behind": left_behind,
    "in_difficulty": in_difficulty,
    "visits": visits,
    "overdue": overdue,
    "contact": contact,
    "agreements": agreements,
    "complete": complete,
}
