"""What of an area waits for a person: counted in the database, one statement a list."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from django.db.models import Count, QuerySet
from django.http import QueryDict

from hutong.casework.models import Report
from hutong.desk.worklist import listing
from hutong.exchange.models import Conflict
from hutong.kernel.clock import day
from hutong.kernel.scope import Scope
from hutong.places.codes import level, town
from hutong.places.models import Division
from hutong.staff import devices
from hutong.staff.models import Device
from hutong.wellbeing.models import Flag

MOST = 8  # lines below a count; the list behind it has all


@dataclass(frozen=True)
class Waiting:
    """The area of a scope at a moment."""

    scope: Scope
    at: datetime

    @property
    def on(self) -> date:
        """The day."""
        return day(self.at)

    @cached_property
    def late(self) -> list[tuple[int, int]]:
        """Overdue duties by village (by town for a county): code and number, the most first."""
        rows = listing.open_duties(listing.Filters.read(QueryDict("view=late")), self.scope)
        found = rows.filter(due_on__lt=self.on).values_list("division").annotate(n=Count("pk"))
        sums: Counter[int] = Counter()
        for division, number in found:
            sums[town(division) if self._above_towns else division] += number
        return sorted(sums.items(), key=lambda pair: (-pair[1], pair[0]))

    @property
    def _above_towns(self) -> bool:
        return any(level(low) < Division.Level.TOWN for low, _ in self.scope.ranges)

    @cached_property
    def conflicts(self) -> int:
        """Records from phones that somebody must decide."""
        return Conflict.objects.visible_to(self.scope).filter(state="open").count()

    @cached_property
    def reports(self) -> int:
        """Urgent reports that nobody has yet."""
        return Report.objects.visible_to(self.scope).filter(state="received").count()

    @property
    def new(self) -> QuerySet[Flag]:
        """Children added on phones whom nobody has confirmed yet, the oldest first."""
        rows = Flag.objects.visible_to(self.scope).filter(kind="child_new", closed_at=None)
        return rows.select_related("file__child", "raised_by").order_by("raised_at", "pk")

    @cached_property
    def phones(self) -> QuerySet[Device]:
        """All phones of the area."""
        return devices.listed(self.scope)

    @cached_property
    def silent(self) -> QuerySet[Device]:
        """Phones not heard of for longer than policy allows, those that hold most unsent first."""
        return devices.silent_of(self.phones, self.at)

    @cached_property
    def holding(self) -> QuerySet[Device]:
        """Phones that said they hold unsent work, revoked ones too."""
        return devices.holding(self.phones)
