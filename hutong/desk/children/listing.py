"""The list of child files: filters from the address, always valid, always within the asker's area."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Exists, OuterRef, QuerySet
from django.http import QueryDict

from hutong.desk.ui import labels
from hutong.kernel.scope import Scope
from hutong.people.models import Category, File
from hutong.places.codes import level, subtree
from hutong.places.models import Division
from hutong.policy import codes

SIZE = 50
STATES = ("open", "closed", "all")


@dataclass(frozen=True)
class Filters:
    """What the address asks for; anything that is not understood counts as not asked."""

    place: int | None
    attention: str
    category: str
    state: str
    director: str

    @classmethod
    def read(cls, query: QueryDict) -> Filters:
        """From the address."""
        place = query.get("place", "")
        return cls(
            place=int(place) if place.isascii() and place.isdigit() and len(place) == 12 else None,
            attention=query.get("attention", "") if query.get("attention") in File.Attention.values else "",
            category=query.get("category", "") if query.get("category") in codes.codes("category") else "",
            state=query.get("state", "open") if query.get("state") in STATES else "open",
            director=query.get("director", "") if query.get("director") in {"none"} else "",
        )


def files(filters: Filters, scope: Scope) -> QuerySet[File]:
    """Files that fit, the highest attention first."""
    rows = File.objects.visible_to(scope).order_by("-attention_rank", "division", "id")
    if filters.place:
        low, high = subtree(filters.place)
        rows = rows.filter(division__gte=low, division__lt=high)
    if filters.attention:
        rows = rows.filter(attention=filters.attention)
    if filters.state != "all":
        rows = rows.filter(closed_on__isnull=filters.state == "open")
    if filters.director == "none":
        rows = rows.filter(director=None)
    if filters.category:
        running = Category.objects.filter(file=OuterRef("pk"), kind=filters.category, state="confirmed", end=None)
        rows = rows.filter(Exists(running))
    return rows


def page_of(rows: QuerySet[File], number: str) -> Page[File]:
    """One page; a number out of range gives the nearest.

    First the keys, then their rows: joined in one statement, row security's estimates make PostgreSQL join the whole county
    before it sorts (298 ms where the two take 40).
    """
    page: Page[Any] = Paginator(rows.values_list("pk", flat=True), SIZE).get_page(number)
    keys = list(page.object_list)
    found = File.objects.select_related("child", "director").in_bulk(keys)
    page.object_list = [found[key] for key in keys if key in found]
    return page


def places(scope: Scope) -> list[tuple[int, str]]:
    """What the place filter offers: towns for a county, villages for a town."""
    if not scope.ranges:
        return []
    top = scope.ranges[0][0]
    below = Division.objects.filter(parent=top, valid_to=None).order_by("code").values_list("code", "name")
    return list(below) if level(top) < Division.Level.VILLAGE else []


def running_categories(rows: list[File], on: date) -> dict[object, list[str]]:
    """Words of the confirmed categories of the files of one page."""
    found: dict[object, list[str]] = {}
    kinds = Category.objects.filter(file__in=[row.pk for row in rows], state="confirmed", end=None).order_by("kind")
    for file, kind in kinds.values_list("file_id", "kind"):
        found.setdefault(file, []).append(labels.label("category", kind))
    return found
