"""A change in a child's home, told between visits: moved, a parent back, another carer.

That it happened is a fact and is always taken. The address and the carer are fields: they merge three ways, and what
changed on both sides waits for the town's supervisor with both values (`settle`).
"""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from django.db.models import Q
from pydantic import Field

from hutong.exchange.field.kind import Body, Child, Context, Kind, Line, Outcome, Short
from hutong.exchange.field.merging import Clash, Edit, merge
from hutong.exchange.field.review import put_before_supervisor
from hutong.exchange.models import Conflict
from hutong.kernel.clock import day
from hutong.kernel.refusals import Refusal
from hutong.people import persons
from hutong.people.models import Address, File, Kinship
from hutong.wellbeing import changes

UNKNOWN = "80"  # 其他: what the carer is to the child was not said; 99 would say that they are not related


class Edited(Body):
    """A field as the phone had seen it, and now."""

    was: Line | None = None
    now: Line | None = None


class Change(Body):
    """`carer_relation` and `carer_phone` belong to the carer named in `carer`."""

    child: Child
    what: Literal["moved", "parent_back", "carer_changed"]
    fields: dict[Literal["address", "father", "mother", "carer", "carer_relation", "carer_phone"], Edited] = Field(
        default_factory=dict
    )
    occurred_on: date
    note: Line = ""

    def now(self, name: str) -> str:
        """What the phone says of a field; empty for nothing."""
        edited = self.fields.get(name)  # type: ignore[call-overload]
        return (edited.now or "").strip() if edited else ""

    def edits(self) -> dict[str, Edit]:
        """The fields that merge."""
        wanted = {"moved": "address", "carer_changed": "carer"}.get(self.what, "")
        return {name: Edit(one.was, one.now) for name, one in self.fields.items() if name == wanted}


def apply(body: Change, context: Context) -> Outcome:
    """Take the fact, merge the fields, and put what clashes before the supervisor."""
    file = context.file(body.child)
    _complete(body)
    merged = merge(body.edits(), _ours(file, day(context.at)))
    _record(body, file, context, carer="carer" in merged.taken)
    if "address" in merged.taken:
        _live(body, file, context)
    for name, clash in merged.clashes.items():
        _put(name, clash, file, context)
    if not merged.clashes:
        return Outcome(file=file)
    message = "系统里已有另一处改动，您填的没有覆盖它；两边的内容都已留下，由督导员决定。"
    return Outcome("needs_review", file=file, code="conflict", message=message)


def take(conflict: Conflict, body: Change, context: Context) -> None:
    """The supervisor takes what the phone said for one field."""
    file = context.file(str(conflict.file_id))
    if conflict.field == "address":
        _live(body, file, context)
    else:
        _record(body, file, context, carer=True)


def _complete(body: Change) -> None:
    needed = {"moved": ("address",), "parent_back": ("father", "mother"), "carer_changed": ("carer",)}[body.what]
    if not any(body.now(name) for name in needed):
        raise Refusal("没有写清变成了什么样。没有写入，内容还在手机里，请补上再传。", field="fields")


def _ours(file: File, on: date) -> dict[str, str | None]:
    home = _home(file)
    carer = _carers(file, on).filter(carer=True).order_by("start", "pk").last()
    return {"address": home.detail if home else None, "carer": carer.relative.name if carer else None}


def _home(file: File) -> Address | None:
    return Address.objects.filter(person=file.child_id, end=None).order_by("start", "pk").last()


def _carers(file: File, on: date) -> Any:
    running = Q(end=None) | Q(end__gt=on)
    return Kinship.objects.filter(running, child=file.child_id).select_related("relative")


def _record(body: Change, file: File, context: Context, *, carer: bool) -> None:
    """The fact itself, through the same door as the desk."""
    what = {
        "moved": ["moved"],
        "parent_back": [f"{parent}_home" for parent in ("father", "mother") if body.now(parent)],
        "carer_changed": ["carer"] if carer else [],
    }[body.what]
    if not what:
        return
    answers = {"what": what, "moved_where": body.now("address")[:120], "note": body.note}
    changes.record_change(
        file=file, occurred_on=context.day_of(body.occurred_on), by=context.by, at=context.at, op=context.row.pk,
        answers={key: value for key, value in answers.items() if value},
        carer=_new_carer(body, file, context) if carer else None,
    )  # fmt: skip


def _new_carer(body: Change, file: File, context: Context) -> changes.NewCarer:
    name = body.now("carer")
    kin = _carers(file, day(context.at)).filter(relative__name=name).first()
    if kin:
        return changes.NewCarer(relation=kin.relation, person=kin.relative)
    relation = body.now("carer_relation") or UNKNOWN
    return changes.NewCarer(relation=relation, name=name, phone=body.now("carer_phone"))


def _live(body: Change, file: File, context: Context) -> None:
    """From the day of the move, or from the day of what stood here when that is later: what was chosen stands now."""
    home, moved = _home(file), context.day_of(body.occurred_on)
    on = max(moved, home.start) if home and home.start else moved
    persons.set_address(
        person=file.child, detail=body.now("address"), on=on, source="field",
        by=context.by, at=context.at,
    )  # fmt: skip


def _put(name: Short, clash: Clash, file: File, context: Context) -> None:
    put_before_supervisor(
        context, kind=Conflict.Kind.FIELD, file=file.pk, division=file.division, field=name,
        was=clash.was, ours=clash.ours, theirs=clash.theirs,
    )  # fmt: skip


KIND = Kind("change", Change, apply, take)
