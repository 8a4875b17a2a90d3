"""A child met in the village who is not yet registered."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from hutong.exchange.field.kind import Body, Context, Kind, Line, Outcome, Short
from hutong.kernel.clock import day
from hutong.kernel.refusals import Refusal
from hutong.people import circumstances, duplicates, files, persons
from hutong.people.models import File, Person
from hutong.policy import codes
from hutong.wellbeing import flags


class Guardian(Body):
    """Who answers for the child."""

    name: Short
    relation: Short
    phone: Short = ""


class ChildNew(Body):
    """Circumstances are words for the supervisor, who confirms; the rules read what the first visit records."""

    name: Short = Field(min_length=1)
    sex: Literal["0", "1", "2", "9", ""] = ""
    birth_date: date | None = None
    id_number: Short | None = None
    guardian: Guardian | None = None
    circumstances: list[Line] = Field(default_factory=list, max_length=20)
    note: Line = ""


def apply(body: ChildNew, context: Context) -> Outcome:
    """Person, file, guardian; the supervisor is told, and pairs that may be one child go before the county."""
    by, at = context.by, context.at
    if body.birth_date and body.birth_date > day(at):
        raise Refusal("出生日期还没有到。没有写入，内容还在手机里，请改好再传。", field="birth_date")
    child = persons.register_person(
        division=context.device.division, name=body.name, sex=body.sex or "0", birth_date=body.birth_date,
        id_number=body.id_number or "", by=by, at=at, op=context.sent.op,
    )  # fmt: skip
    file = files.open_file(child=child, on=day(context.moment), by=by, at=at)
    if body.guardian and body.guardian.name:
        _guardian(body.guardian, child, context)
    _tell(body, file, context)
    return Outcome(file=file, made=("people.file", file.pk))


def _guardian(told: Guardian, child: Person, context: Context) -> None:
    if told.relation not in codes.codes("relation"):
        raise Refusal("请选监护人与孩子的关系。没有写入，内容还在手机里。", field="relation")
    adult = persons.register_person(
        division=child.division, name=told.name, phone=told.phone, by=context.by, at=context.at
    )
    circumstances.add_kin(
        child=child, relative=adult, relation=told.relation, guardian=True, source="field", by=context.by, at=context.at
    )


def _tell(body: ChildNew, file: File, context: Context) -> None:
    duplicates.note(person=file.child, scope=context.scope)
    said = "；".join([*body.circumstances, *([body.note] if body.note else [])])[:160]
    sign = flags.Sign("child_new", "amber", "care", f"手机新增的儿童，请核实情况。{said}")
    flags.raise_all(file, [sign], source=("people.file", file.pk), by=context.by, at=context.at)
    flags.tell_supervisor(file, kind="child_new", text="手机上新增了一名儿童，请核实确认。", at=context.at)


KIND = Kind("child_new", ChildNew, apply)
