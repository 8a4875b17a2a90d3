"""Everything the page of one file shows, in few queries. Answers of visits are not here: they have their own page and rights."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from hutong.desk.ui import labels, words
from hutong.duties.models import Duty
from hutong.kernel.clock import day
from hutong.kernel.composed import composed
from hutong.kernel.models import Event
from hutong.kernel.scope import Scope
from hutong.people.models import Category, Circumstance, File, Kinship, Person
from hutong.places.queries import full_name
from hutong.policy.completeness import CONTENTS
from hutong.wellbeing import completeness
from hutong.wellbeing.models import Agreement, Contact, Flag, Visit

VISITS = 20
EVENTS = 40
_OPEN = ("due",)
# What the page shows of each row, and no more: composing and reading all columns was most of its cost, and neither a sealed
# number nor a password is wanted here.
_KIN = ("relation", "guardian", "carer", "start", "source", "relative", "relative__name")
_CATEGORY = (
    "kind", "basis", "evidence", "state", "start", "end", "proposed_at", "decided_at", "proposed_by", "proposed_by__name",
    "decided_by", "decided_by__name",
)  # fmt: skip
_DUTY = ("obligation", "bearer", "due_on", "state")
_VISIT = ("occurred_on", "entered_at", "child_seen", "attention", "by", "by__name")
_AGREEMENT = ("relation", "state", "start", "end", "carer", "carer__name")
_FLAG = ("kind", "severity", "text", "raised_at")
_FACT = ("person", "kind", "value", "start", "end", "source")
_EVENT = ("kind", "happened_at", "entered_at", "data")


@composed
def _kin(child: UUID) -> QuerySet[Kinship]:
    rows = Kinship.objects.filter(child=child, end=None).select_related("relative").only(*_KIN)
    return rows.order_by("-carer", "relation", "pk")


@composed
def _categories(file: UUID) -> QuerySet[Category]:
    rows = Category.objects.filter(file=file).select_related("proposed_by", "decided_by").only(*_CATEGORY)
    return rows.order_by("-proposed_at", "pk")


@composed
def _duties(file: UUID) -> QuerySet[Duty]:
    return Duty.objects.filter(file=file).only(*_DUTY).order_by("due_on", "pk")


@composed
def _visits(file: UUID) -> QuerySet[Visit]:
    wrong = Exists(Visit.objects.filter(corrects=OuterRef("pk")))
    rows = Visit.objects.filter(file=file).annotate(wrong=wrong).select_related("by").only(*_VISIT)
    return rows.order_by("-occurred_on", "-entered_at")[:VISITS]


@composed
def _agreements(file: UUID) -> QuerySet[Agreement]:
    rows = Agreement.objects.filter(file=file).select_related("carer").only(*_AGREEMENT)
    return rows.order_by("-start", "pk")


@composed
def _flags(file: UUID) -> QuerySet[Flag]:
    rows = Flag.objects.filter(file=file, closed_at=None).only(*_FLAG)
    return rows.order_by("-severity", "-raised_at", "pk")


@composed
def _circumstances(persons: list[UUID]) -> QuerySet[Circumstance]:
    rows = Circumstance.objects.filter(person__any=persons, withdrawn_at=None).only(*_FACT)
    return rows.order_by("-start", "pk")


@composed
def _events(file: UUID) -> QuerySet[Event]:
    return Event.objects.filter(about=file).only(*_EVENT).order_by("-entered_at", "pk")[:EVENTS]


@dataclass(frozen=True)
class Said:
    """A fact in words, with its source and dates."""

    who: str
    text: str
    since: date | None
    until: date | None
    source: str
    id: UUID


@dataclass(frozen=True)
class Moment:
    """One line of the timeline."""

    title: str
    when: datetime | date
    text: str
    who: str
    kind: str = ""
    href: str = ""


class FilePage:
    """One file as its page shows it, for one scope, on one day. The file comes with its items (wellbeing.completeness)."""

    def __init__(self, file: File, scope: Scope, on: date) -> None:
        self.file, self.scope, self.on = file, scope, on
        self.child: Person = file.child
        self.place = full_name(file.division)
        self.kin = _kin(self.child.pk)
        self.categories = _categories(file.pk)
        self.duties = _duties(file.pk)
        self.visits = _visits(file.pk)
        self.agreements = _agreements(file.pk)
        lacks = completeness.measure(file, on).missing if not file.closed_on else ()
        self.lacks = [labels.said(CONTENTS.items[key]) for key in lacks]
        self.flags = _flags(file.pk)
        self.facts = self._facts()
        self.events = _events(file.pk)

    @property
    def age(self) -> str:
        """In years, for the header."""
        return words.aged(self.child.birth_date, self.on) or _("年龄不详")

    @property
    def headline(self) -> list[str]:
        """The constant header: sex, age, number, place, director."""
        director = self.file.director.name if self.file.director else _("未指派")
        return [
            self.child.get_sex_display(),
            self.age,
            _("档案号 %(n)s") % {"n": self.file.number},
            self.place,
            _("儿童主任 %(name)s") % {"name": director},
        ]

    @property
    def alert(self) -> tuple[str, str] | None:
        """The most pressing thing: a red flag, else the first deadline that has passed."""
        if red := next((flag for flag in self.flags if flag.severity == "red"), None):
            return _("紧急"), labels.kept(red.text)
        late = next((duty for duty in self.open_duties if duty.due_on < self.on and duty.bearer != "parents"), None)
        return (words.due(late.due_on, self.on).words, self.title_of(late)) if late else None

    @property
    def open_duties(self) -> list[Duty]:
        """What is still owed, soonest first."""
        return [duty for duty in self.duties if duty.state in _OPEN]

    @property
    def past_duties(self) -> list[Duty]:
        """What became of the others, newest first."""
        return [duty for duty in reversed(self.duties) if duty.state not in _OPEN][:20]

    def title_of(self, duty: Duty) -> str:
        """What is owed, in words."""
        from hutong.policy.obligations import OBLIGATIONS

        entry = OBLIGATIONS.get(duty.obligation)
        return labels.said(entry) if entry else duty.obligation

    @property
    def running(self) -> list[Category]:
        """Confirmed and not ended."""
        return [row for row in self.categories if row.state == "confirmed" and row.end is None]

    @property
    def running_words(self) -> str:
        """The running categories in one line."""
        return _("、").join(labels.label("category", row.kind) for row in self.running)

    def _facts(self) -> list[Said]:
        names = {kin.relative_id: f"{labels.label('relation', kin.relation)} {kin.relative.name}" for kin in self.kin}
        names[self.child.pk] = _("本人")
        return [
            Said(names[row.person_id], _sentence(row), row.start, row.end, labels.label("source", row.source), row.pk)
            for row in _circumstances([*names])
        ]

    @property
    def timeline(self) -> list[Moment]:
        """Visits and events, newest first."""
        moments = [*map(self._visit, self.visits), *self._events()]
        return sorted(moments, key=lambda moment: str(moment.when), reverse=True)

    def _visit(self, visit: Visit) -> Moment:
        if visit.wrong:  # type: ignore[attr-defined]
            return Moment(
                _("入户走访（已更正）"),
                visit.occurred_on,
                _("登记有误，不再算数"),
                visit.by.name,
                "",
                self._href(visit),
            )
        seen = _("见到孩子") if visit.child_seen else _("没有见到孩子")
        late = (day(visit.entered_at) - visit.occurred_on).days
        entered = _("，%(n)s 天后登记") % {"n": late} if late > 1 else ""
        moment = (_("入户走访"), visit.occurred_on, f"{seen}{entered}", visit.by.name, visit.attention)
        return Moment(*moment, self._href(visit))

    @staticmethod
    def _href(visit: Visit) -> str:
        return reverse("visits:show", kwargs={"visit": visit.pk})

    def _events(self) -> Iterable[Moment]:
        for event in self.events:
            if event.kind == "wellbeing.visit.recorded":
                continue
            yield Moment(words_of(event.kind), event.happened_at, _detail(event.data), "")


def _sentence(row: Circumstance) -> str:
    return labels.fact(row.kind, row.value)


def words_of(kind: str) -> str:
    """An event's kind in words; an unknown one as it is, never hidden."""
    return labels.label("event", kind)


def _detail(data: dict[str, Any]) -> str:
    parts = []
    if "category" in data:
        parts.append(labels.label("category", data["category"]))
    if data.get("direction") in Contact.Direction.values:
        parts += [str(Contact.Direction(data["direction"]).label), str(Contact.State(data["state"]).label)]
    if "reason" in data:
        parts.append(labels.label("exit_reason", data["reason"]))
    if data.get("because"):
        parts.append(str(data["because"]))
    return " · ".join(parts)


def visit_url(file: File) -> str:
    """Where a visit is recorded."""
    return reverse("visits:visit", kwargs={"file": file.pk})
