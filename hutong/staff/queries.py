"""Lists of people, posts and vacancies, inside the asker's area."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from hutong.kernel.scope import Range, Scope
from hutong.places.models import Division
from hutong.staff.models import Post


def within(ranges: Iterable[Range], field: str = "division") -> Q:
    """A condition for the given half-open ranges; none of them matches nothing."""
    inside = Q(pk__in=[])
    for low, high in ranges:
        inside |= Q(**{f"{field}__gte": low, f"{field}__lt": high})
    return inside


def held_on(day: date) -> Q:
    """Posts in force on a day."""
    return Q(start__lte=day) & (Q(end=None) | Q(end__gt=day))


def posts_in(scope: Scope, *, on: date, role: str = "", under: Range | None = None, name: str = "", ended: bool = False) -> QuerySet[Post]:  # fmt: skip
    """Posts of the area, by place: those held on the day, or those that ended."""
    rows = Post.objects.filter(within(scope.area)).select_related("user", "organisation")
    rows = rows.filter(end__lte=on) if ended else rows.filter(Q(end=None) | Q(end__gt=on))
    if role:
        rows = rows.filter(role=role)
    if under:
        rows = rows.filter(division__gte=under[0], division__lt=under[1])
    if name:
        rows = rows.filter(Q(user__name__contains=name) | Q(user__username=name))
    return rows.order_by("division", "role", "start", "pk")


def directors_of(village: int, *, on: date, scope: Scope) -> list[str]:
    """Names of who is child director of a village of the area on a day, or will be."""
    rows = Post.objects.filter(within(scope.area), Q(end=None) | Q(end__gt=on), role="director", division=village)
    return list(rows.order_by("start", "pk").values_list("user__name", flat=True))


def without_director(scope: Scope, *, on: date, under: Range | None = None) -> QuerySet[Division]:
    """Villages of the area that nobody is child director of on the day."""
    held = Post.objects.filter(held_on(on), role="director", division=OuterRef("code"))
    rows = Division.objects.filter(within(scope.area, "code"), level=Division.Level.VILLAGE, valid_to=None)
    if under:
        rows = rows.filter(code__gte=under[0], code__lt=under[1])
    return rows.filter(~Exists(held)).order_by("code")
