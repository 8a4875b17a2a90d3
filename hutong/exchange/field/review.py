"""What a phone sent and a person must decide: put before the town's supervisor, and settled once.

The phone's words stay sealed in the operation; a conflict holds both values of one field, or says that the child is no
longer in the sender's village.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from pydantic import ValidationError

from hutong.exchange.field.kind import Context, Kind, Routed, Sent
from hutong.exchange.models import Conflict, FieldOperation
from hutong.exchange.sealing import open_json
from hutong.kernel import events
from hutong.kernel.clock import day
from hutong.kernel.refusals import Refusal
from hutong.kernel.scope import Scope, acting
from hutong.places.codes import town
from hutong.staff.models import Notice, Post, User
from hutong.staff.queries import held_on

CHOICES = {"keep": Conflict.State.KEPT, "take": Conflict.State.TAKEN, "noted": Conflict.State.NOTED}


def put_before_supervisor(context: Context, *, kind: str, file: UUID | None, division: int, **values: Any) -> Conflict:
    """Write the conflict down and tell the supervisors of the town, without personal data."""
    row = Conflict.objects.create(
        operation=context.row, kind=kind, division=division, file_id=file, made_at=context.at, **values
    )
    if kind == Conflict.Kind.FIELD:
        notice = ("field.conflict", "有一条手机记录与系统里的不同，请处理。")
    else:
        notice = ("field.routed", "有一条手机记录的孩子已不在该村名册，请处理。")
    tell_supervisors(division, kind=notice[0], text=notice[1], at=context.at)
    return row


def tell_supervisors(division: int, *, kind: str, text: str, at: datetime) -> None:
    """A notice without personal data to the supervisors of the town."""
    posts = Post.objects.filter(held_on(day(at)), role="supervisor", division=town(division), user__is_active=True)
    Notice.objects.bulk_create(
        Notice(user_id=user, kind=kind, text=text, subject_kind="exchange.conflicts", division=division, created_at=at)
        for user in posts.order_by("user_id").values_list("user_id", flat=True).distinct()
    )


def said(operation: FieldOperation) -> dict[str, Any]:
    """What the phone sent, opened. Raises cipher errors when the key is not here."""
    body: dict[str, Any] = open_json(operation.body_sealed)
    return body


def choices(conflict: Conflict) -> list[str]:
    """What may be decided: of two values one; another record is tried (again) for the file or noted."""
    if conflict.kind == Conflict.Kind.FIELD:
        return ["keep", "take"]
    if conflict.kind == Conflict.Kind.REFUSED and conflict.operation.reused:
        return ["noted"]  # its id stands for something else already
    return ["noted"] if conflict.kind == Conflict.Kind.CLOSED else ["take", "noted"]


@transaction.atomic
def settle(
    *, conflict: Conflict, choice: str, note: str, kinds: dict[str, Kind], by: User, at: datetime, scope: Scope,
    op: UUID | None = None,
) -> Conflict:  # fmt: skip
    """Decide a conflict once and for good.

    `choice`: keep what stands here, take what the phone said (written under the decider's rights, in the sender's name),
    or noted. Raises Refusal when it was decided before, or when what the phone said can no longer be written; then
    nothing was. Pictures of a record for a child elsewhere are not taken over: they stay with the sender.
    """
    if events.repeated(op):
        return Conflict.objects.get(pk=conflict.pk)
    row = Conflict.objects.select_for_update(of=("self",)).select_related("operation__user", "operation__device").get(
        pk=conflict.pk
    )  # fmt: skip
    if row.state != Conflict.State.OPEN:
        raise Refusal("这一条已经处理过了，没有再改。请刷新页面查看结果。")
    if choice not in choices(row):
        raise Refusal("请选一种处理方式。没有保存。", field="choice")
    if choice == "take":
        _take(row, kinds, at=at, scope=scope)
    row.state, row.note, row.decided_by, row.decided_at = CHOICES[choice], note, by, at
    row.save(update_fields=["state", "note", "decided_by", "decided_at"])
    events.record(
        kind="exchange.conflict.settled", subject=("exchange.conflict", row.pk), division=row.division, by=by.pk, at=at,
        op=op, about=row.file_id, data={"state": row.state, "field": row.field},
    )  # fmt: skip
    return row


def _take(row: Conflict, kinds: dict[str, Kind], *, at: datetime, scope: Scope) -> None:
    sent, kind = _again(row.operation), kinds.get(row.operation.kind)
    if kind is None:
        raise Refusal("系统还不认识这种记录，写不进去，没有改动。可以选“已阅处”，或等系统更新后再试。")
    context = Context(
        sent=sent, row=row.operation, device=row.operation.device, by=row.operation.user, at=at, scope=scope
    )
    try:
        body = kind.body.model_validate(sent.body)
        with acting(replace(scope, user=row.operation.user_id)):  # the sender saw it; the decider's rights reach it
            if row.kind == Conflict.Kind.FIELD and kind.take:
                kind.take(row, body, context)
            else:
                kind.apply(body, context)
    except ValidationError as error:
        raise Refusal("这条记录缺内容或填得不对，写不进去，没有改动。请照内容在电脑上登记，再选“已阅处”。") from error
    except Routed as routed:
        raise Refusal("孩子的档案已退出，或不在您负责的地区，写不进去，没有改动。可以选“已阅处”。") from routed


def _again(operation: FieldOperation) -> Sent:
    body = {**said(operation), "photos": [], "signature": None}
    return Sent(operation.op, operation.seq, operation.kind, operation.happened_at, operation.base, body)
