"""A change told between visits: a parent back or gone, another carer, moved, out of school.

Owns turning what was told into facts, a new carer and flags. Moving a file is people's; a flag asks the supervisor.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from hutong.kernel import events, reactions
from hutong.kernel.ids import uuid7
from hutong.kernel.refusals import Refusal
from hutong.people import circumstances, files, observations, persons
from hutong.people.models import File, Person
from hutong.policy import codes, questionnaires
from hutong.policy.questionnaires import Checked, Questionnaire
from hutong.staff.models import User
from hutong.wellbeing import days, flags
from hutong.wellbeing.agreements import PARENTS
from hutong.wellbeing.operations import BadAnswers, given


@dataclass(frozen=True, slots=True)
class NewCarer:
    """Who cares now: somebody already registered as kin, or a new person by name."""

    relation: str
    person: Person | None = None
    name: str = ""
    phone: str = ""


@transaction.atomic
def record_change(
    *,
    file: File,
    occurred_on: date,
    answers: Mapping[str, Any],
    by: User,
    at: datetime,
    op: UUID | None = None,
    carer: NewCarer | None = None,
) -> UUID:
    """Record what changed since `occurred_on`. Returns the id of the change, the subject of its event."""
    if done := events.repeated(op):
        return done.subject_id
    row = File.objects.select_for_update(of=("self",)).select_related("child").get(pk=file.pk)
    days.check(row, occurred_on, at=at)
    asked = questionnaires.load("change")
    checked = _checked(asked, answers, carer, given(row, occurred_on))
    change = uuid7()
    if carer and "carer" in checked.answers["what"]:
        _set_carer(row, carer, on=occurred_on, by=by, at=at)
    _follow(row, asked, checked, change, on=occurred_on, by=by, at=at, op=op)
    reactions.react("people.file", row.pk, by=by, at=at)
    return change


def _checked(
    asked: Questionnaire, answers: Mapping[str, Any], carer: NewCarer | None, known: Mapping[str, Any]
) -> Checked:
    checked = questionnaires.check(asked, answers, known)
    what = checked.answers.get("what", [])
    for parent, words in (("father", "爸爸"), ("mother", "妈妈")):
        if len({f"{parent}_home", f"{parent}_away", f"{parent}_dead"} & set(what)) > 1:
            checked.problems["what"] = f"{words}不会同时在家又不在家，请只选一个。"
    if "carer" in what and not (carer and (carer.person or carer.name.strip())):
        checked.problems["carer"] = "请选或填写现在照看孩子的人。"
    if checked.problems:
        raise BadAnswers(checked.problems)
    return checked


def _set_carer(file: File, carer: NewCarer, *, on: date, by: User, at: datetime) -> None:
    if carer.relation not in codes.codes("relation"):
        raise Refusal("请选照看的人与孩子的关系。没有保存，填写的内容还在。", field="relation")
    person = carer.person or persons.register_person(
        division=file.division, name=carer.name, phone=carer.phone, by=by, at=at
    )
    circumstances.add_kin(
        child=file.child, relative=person, relation=carer.relation, carer=True,
        guardian=carer.relation in PARENTS, start=on, source="change", by=by, at=at,
    )  # fmt: skip


def _follow(
    file: File,
    asked: Questionnaire,
    checked: Checked,
    change: UUID,
    *,
    on: date,
    by: User,
    at: datetime,
    op: UUID | None,
) -> None:
    scored = questionnaires.score(asked, checked.answers, given(file, on))
    seen = [observations.Seen(f.of, f.kind, f.value, f.lasts_days, f.ends) for f in scored.facts]
    observations.observe(file=file, seen=seen, on=on, source="change", source_id=change, by=by, at=at)
    signs = [flags.Sign(f.kind, f.severity, f.domain, f.text_zh) for f in scored.flags]
    flags.raise_all(file, signs, source=("wellbeing.change", change), by=by, at=at)
    if "moved" in checked.answers["what"]:
        flags.tell_supervisor(file, kind="moved", text="有孩子搬走或被接走，请核实去向。", at=at)
    files.touch(file, on=on)
    events.record(
        kind="wellbeing.change.recorded", subject=("wellbeing.change", change), division=file.division, domain="care",
        by=by.pk, at=at, op=op, happened=days.moment(on, at), about=file.pk, data={"file": str(file.pk), **checked.answers},
    )  # fmt: skip
