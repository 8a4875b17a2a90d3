"""Categories of a file: rules propose from facts, one officer proposes, another decides. Nothing starts or ends by itself."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q

from hutong.kernel import events, reactions
from hutong.kernel.refusals import Denied, Refusal
from hutong.kernel.scope import current
from hutong.people import files
from hutong.people.models import Category, Circumstance, File, Kinship
from hutong.people.models import Person as Row
from hutong.policy import circumstances, codes
from hutong.policy.categories import UNKNOWN, Child, Episode, Fact, Outcome, Person, Proposal, propose
from hutong.staff.models import User

# GB/T 4761: what the relative is to the child.
_FATHERS, _MOTHERS = frozenset({"51"}), frozenset({"52"})
_SHOWN = frozenset({Outcome.PROPOSE, Outcome.REVIEW, Outcome.NEED_EVIDENCE, Outcome.PROMPT_END})


class AlreadyDecided(Refusal):
    """Somebody else decided a moment ago."""

    code = "already_decided"


class SamePerson(Denied):
    """Who proposed may not confirm."""

    code = "same_person"


def child_of(file: File, on: date) -> Child:
    """All that the rules may look at, from the facts the asker may read; `unseen` names the domains that were closed."""
    kin = list(Kinship.objects.filter(Q(end=None) | Q(end__gt=on), child=file.child_id).order_by("start", "pk"))
    people = [file.child_id, *(k.relative_id for k in kin)]
    facts = Circumstance.objects.filter(person__in=people, withdrawn_at=None).order_by("start", "pk")
    by_person: dict[UUID, list[Fact]] = {}
    for row in facts:
        by_person.setdefault(row.person_id, []).append(
            Fact(row.kind, row.value, row.start, row.end, row.source, str(row.pk))
        )
    child = Row.objects.get(pk=file.child_id)
    confirmed = Category.objects.filter(file=file, state="confirmed", end=None).order_by("start", "pk")
    needed = {circumstances.domain_of(kind) for kind in circumstances.KINDS}

    def someone(relations: frozenset[str]) -> Person:
        found = next((k for k in kin if k.relation in relations), None)
        return Person(tuple(by_person.get(found.relative_id, ()))) if found else UNKNOWN

    carer = next((k for k in kin if k.carer), None)
    return Child(
        birth_date=child.birth_date,
        birth_precision=child.birth_precision,
        me=Person(tuple(by_person.get(child.pk, ()))),
        father=someone(_FATHERS),
        mother=someone(_MOTHERS),
        carer=Person(tuple(by_person.get(carer.relative_id, ()))) if carer else None,
        hukou_kind=child.hukou_kind,
        hukou_division=child.hukou_division,
        division=file.division,
        confirmed=tuple(Episode(c.kind, c.start or file.opened_on) for c in confirmed),
        unseen=frozenset(needed - current().reads) if current().user else frozenset(),
    )


def proposals(file: File, on: date) -> list[Proposal]:
    """What the rules say of the child on a day and an officer should see: proposals, reviews, gaps and prompts."""
    return [p for p in propose(child_of(file, on), on) if p.outcome in _SHOWN]


@transaction.atomic
def propose_category(
    *,
    file: File,
    kind: str,
    basis: str = "",
    evidence: str = "",
    start: date | None = None,
    proposal: Proposal | None = None,
    by: User,
    at: datetime,
    op: UUID | None = None,
) -> Category:
    """Put a category forward for another officer to confirm, with the rule's facts and gaps when it came from a rule."""
    if done := events.repeated(op):
        return Category.objects.get(pk=done.subject_id)
    files.check_open(file)
    running = Category.objects.filter(file=file, kind=kind, state__in=("proposed", "confirmed"), end=None).first()
    if running:
        raise Refusal(
            "“%(what)s”已经%(what2)s，没有重复提出。请打开该条办理。",
            values={"what": codes.label("category", kind), "what2": running.get_state_display()},
        )
    row = Category(
        file=file, division=file.division, kind=kind, basis=basis or (proposal.basis if proposal else ""), start=start,
        evidence=evidence, proposed_by=by, proposed_at=at,
        rule_version=proposal.rule_version if proposal else "",
        facts=[_fact(fact) for fact in proposal.used] if proposal else [],
        missing=list(proposal.missing) if proposal else [],
        prompt_on=proposal.prompt_on if proposal else None,
    )  # fmt: skip
    row.save(force_insert=True)
    _tell("people.category.proposed", row, by=by, at=at, op=op)
    return row


def _fact(fact: Fact) -> dict[str, object]:
    return {
        "kind": fact.kind, "value": dict(fact.value), "source": fact.source, "id": fact.id,
        "start": fact.start and str(fact.start), "end": fact.end and str(fact.end),
    }  # fmt: skip


@transaction.atomic
def decide(
    *, category: Category, confirm: bool, on: date, reason: str = "", by: User, at: datetime, op: UUID | None = None
) -> Category:
    """Confirm or refuse a proposal. Raises SamePerson for the proposer's own, AlreadyDecided for a second decision."""
    if events.repeated(op):
        return Category.objects.get(pk=category.pk)
    row = Category.objects.select_for_update().get(pk=category.pk)
    if row.state != Category.State.PROPOSED:
        raise AlreadyDecided(
            "这条建议刚刚已由别人办理（%(what)s），没有再改。请刷新后查看。", values={"what": row.get_state_display()}
        )
    if row.proposed_by_id == by.pk:
        raise SamePerson("认定要由另一位同志确认：提出人不能确认自己的建议。没有改动，请交给其他干部办理。")
    if not confirm and not reason.strip():
        raise Refusal("不予认定要写明理由。没有保存，填写的内容还在。", field="reason")
    row.state = Category.State.CONFIRMED if confirm else Category.State.REFUSED
    row.start = (row.start or on) if confirm else row.start
    row.decided_by, row.decided_at, row.reason = by, at, reason[:200]
    _write(row)
    _tell("people.category.confirmed" if confirm else "people.category.refused", row, by=by, at=at, op=op)
    return row


def _write(row: Category) -> None:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise AlreadyDecided("这条类别刚刚有别人办理过，没有再改。请刷新后查看。") from error


def decide_all(
    *, rows: Iterable[Category], confirm: bool, on: date, reason: str = "", by: User, at: datetime
) -> list[tuple[Category, str]]:
    """Decide several, each on its own: what cannot be decided is returned with its sentence, the others are done."""
    refused: list[tuple[Category, str]] = []
    for row in rows:
        try:
            decide(category=row, confirm=confirm, on=on, reason=reason, by=by, at=at)
        except Refusal as refusal:
            refused.append((row, refusal.sentence))
    return refused


@transaction.atomic
def end(*, category: Category, on: date, reason: str, by: User, at: datetime, op: UUID | None = None) -> Category:
    """End a confirmed category with a reason of the exit list; an officer's act, also after a prompt."""
    if events.repeated(op):
        return Category.objects.get(pk=category.pk)
    row = Category.objects.select_for_update().get(pk=category.pk)
    if row.state != Category.State.CONFIRMED:
        raise AlreadyDecided("这条类别现在不是“已确认”，没有改动。请刷新后查看。")
    if reason not in codes.codes("exit_reason"):
        raise Refusal("请从列表里选择退出原因。没有保存。", field="reason")
    if row.start and on < row.start:
        raise Refusal("退出日期早于认定日期。没有保存，请核对日期。", field="on")
    row.state, row.end, row.reason = Category.State.ENDED, on, reason
    row.decided_by, row.decided_at = by, at
    _write(row)
    _tell("people.category.ended", row, by=by, at=at, op=op, data={"reason": reason})
    return row


def _tell(
    kind: str, row: Category, *, by: User, at: datetime, op: UUID | None, data: dict[str, object] | None = None
) -> None:
    events.record(
        kind=kind, subject=("people.category", row.pk), division=row.division, domain="category", by=by.pk, at=at, op=op,
        about=row.file_id,
        data={"category": row.kind, **(data or {})},
    )  # fmt: skip
    reactions.react("people.file", row.file_id, by=by, at=at)
