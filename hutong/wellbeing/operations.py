"""Recording a home visit, and an attempt that met nobody. One transaction, one event; the rooms above react inside it.

A failed attempt is no visit and a phone call is no visit. Other records are in noun files: contacts, agreements, photos, flags.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from hutong.kernel import events, reactions
from hutong.kernel.composed import composed
from hutong.kernel.ids import uuid7
from hutong.kernel.refusals import Refusal
from hutong.people import files, observations
from hutong.people.models import File
from hutong.policy import questionnaires
from hutong.policy.categories.facts import Child
from hutong.policy.categories.settings import first_day
from hutong.policy.questionnaires import Checked, Questionnaire, Scored
from hutong.policy.visits import number
from hutong.staff.models import User
from hutong.wellbeing import days, flags
from hutong.wellbeing.models import Answer, Attempt, Visit

HOME = frozenset({"child", "carer", "parent"})


class BadAnswers(Refusal):
    """Answers that do not fit the questions; `problems` says what, by question."""

    code = "bad_answers"

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__("有几项填得不对，没有保存，填写的内容还在。请改好标出的地方再保存。")
        self.problems = dict(problems)


class NobodyOfTheHome(Refusal):
    """A visit at which only a neighbour or a teacher was met is an attempt."""

    code = "nobody_of_the_home"


def given(file: File, on: date) -> dict[str, Any]:
    """What the questionnaire's conditions may ask beside the answers: the child's age and the day."""
    child = Child(file.child.birth_date, file.child.birth_precision)
    told = max(on, first_day())  # a day that is refused later must not break the page that says so
    age = next((years for years in range(19) if child.under(years + 1, told)), None)
    return {"child_age": age, "today": on.isoformat()}


def _locked(file: File) -> File:
    """The file with its child as they are now, held until the transaction ends. Raises File.DoesNotExist."""
    found = _held(file.pk)
    if not found:
        raise File.DoesNotExist
    return found[0]


@composed
def _held(file: UUID) -> QuerySet[File]:
    return File.objects.select_for_update(of=("self",)).select_related("child").filter(pk=file)


@transaction.atomic
def record_visit(
    *,
    file: File,
    occurred_on: date,
    answers: Mapping[str, Any],
    by: User,
    at: datetime,
    op: UUID | None = None,
    occurred_at: datetime | None = None,
    questionnaire: str = "home_visit",
    corrects: Visit | None = None,
) -> Visit:
    """Record a home visit: answers by data domain, facts, flags, attention. Entry time is `at`.

    Raises BadAnswers, BadDay, NobodyOfTheHome, FileClosed; then nothing is written. A visit can raise the attention
    level; only an officer lowers it.
    """
    if done := events.repeated(op):
        return Visit.objects.get(pk=done.subject_id)
    row = _locked(file)
    days.check(row, occurred_on, at=at, met=True)
    asked = questionnaires.load(questionnaire)
    checked = _checked(asked, answers, row, occurred_on)
    scored = questionnaires.score(asked, checked.answers, given(row, occurred_on))
    visit = _write(row, asked, checked, scored, on=occurred_on, moment=occurred_at, corrects=corrects, by=by, at=at)
    _follow(row, visit, scored, by=by, at=at, op=op)
    reactions.react("people.file", row.pk, by=by, at=at)
    return visit


def _checked(asked: Questionnaire, answers: Mapping[str, Any], file: File, on: date) -> Checked:
    checked = questionnaires.check(asked, answers, given(file, on))
    if checked.problems:
        raise BadAnswers(checked.problems)
    if not HOME & set(checked.answers["seen"]):
        raise NobodyOfTheHome(
            "只见到邻居或老师，不算入户走访。没有保存为走访，填写的内容还在；请改用“没见到人”登记。", field="seen"
        )
    return checked


def _write(
    file: File,
    asked: Questionnaire,
    checked: Checked,
    scored: Scored,
    *,
    on: date,
    moment: datetime | None,
    corrects: Visit | None,
    by: User,
    at: datetime,
) -> Visit:
    visit = Visit(
        id=uuid7(), file=file, division=file.division, occurred_on=on, occurred_at=moment, entered_at=at, by=by,
        questionnaire=asked.id, questionnaire_version=asked.version, child_seen="child" in checked.answers["seen"],
        attention=scored.attention, next_on=on + timedelta(days=scored.next_days) if scored.next_days else None,
        corrects=corrects, synthetic=file.synthetic,
    )  # fmt: skip
    visit.save(force_insert=True)
    Answer.objects.bulk_create(
        Answer(visit=visit, file=file, division=file.division, domain=domain, answers=part)
        for domain, part in checked.by_domain(asked).items()
    )
    return visit


def _follow(file: File, visit: Visit, scored: Scored, *, by: User, at: datetime, op: UUID | None) -> None:
    """What follows from a visit: dates, facts, flags, attention, and the one event of it all."""
    on, source = visit.occurred_on, ("wellbeing.visit", visit.pk)
    files.visited(file, on=on)
    seen = [observations.Seen(f.of, f.kind, f.value, f.lasts_days, f.ends) for f in scored.facts]
    new, unfiled = observations.observe(file=file, seen=seen, on=on, source="visit", source_id=visit.pk, by=by, at=at)
    signs = [flags.Sign(f.kind, f.severity, f.domain, f.text_zh) for f in scored.flags]
    raised = flags.raise_all(file, signs, source=source, by=by, at=at)
    events.record(
        kind="wellbeing.visit.recorded", subject=source, division=file.division, domain="care", by=by.pk, at=at, op=op,
        happened=visit.occurred_at or days.moment(on, at),
        about=file.pk,
        data={"file": str(file.pk), "facts": len(new), "unfiled": len(unfiled), "flags": len(raised)},
    )  # fmt: skip
    if files.RANKS.get(scored.attention, 0) > file.attention_rank:
        files.set_attention(file=file, level=scored.attention, because=scored.because_zh, by=by, at=at, react=False)


@transaction.atomic
def record_attempt(
    *, file: File, occurred_on: date, reason: str, by: User, at: datetime, op: UUID | None = None
) -> Attempt:
    """Went there and met nobody. A second one within the policy's window raises an amber flag and tells the supervisor."""
    if done := events.repeated(op):
        return Attempt.objects.get(pk=done.subject_id)
    row = _locked(file)
    days.check(row, occurred_on, at=at, met=True)
    if not reason.strip():
        raise Refusal("请写一句没见到人的原因。没有保存。", field="reason")
    attempt = Attempt.objects.create(
        file=row, division=row.division, occurred_on=occurred_on, entered_at=at, by=by,
        reason=reason.strip()[:200], synthetic=row.synthetic,
    )  # fmt: skip
    _too_many(row, attempt, by=by, at=at)
    events.record(
        kind="wellbeing.attempt.recorded", subject=("wellbeing.attempt", attempt.pk), division=row.division,
        domain="care", by=by.pk, at=at, op=op, happened=days.moment(occurred_on, at), about=row.pk, data={"file": str(row.pk)},
    )  # fmt: skip
    reactions.react("people.file", row.pk, by=by, at=at)
    return attempt


def _too_many(file: File, attempt: Attempt, *, by: User, at: datetime) -> None:
    on = attempt.occurred_on
    window = timedelta(days=number("attempt_window_days", on) - 1)
    recent = Attempt.objects.filter(file=file, occurred_on__gte=on - window, occurred_on__lte=on + window)
    if file.last_visit_on:
        recent = recent.filter(occurred_on__gt=file.last_visit_on)
    if recent.count() < number("attempts_before_flag", on):
        return
    text = "最近几次上门都没有见到人，请督导员了解孩子在哪里、是否安全。"
    sign = flags.Sign("nobody_home", "amber", "safety", text)
    if flags.raise_all(file, [sign], source=("wellbeing.attempt", attempt.pk), by=by, at=at):
        flags.tell_supervisor(file, kind="nobody_home", text=text, at=at)
