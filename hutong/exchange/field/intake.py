"""Taking what a phone sends: each operation in its own transaction, claimed by its id, answered once and for good.

Owns claiming, repeating, setting apart, routing. What an operation means is the kind's.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

import structlog
from django.db import IntegrityError, InterfaceError, OperationalError, transaction
from pydantic import ValidationError

from hutong.exchange.field.kind import Context, Outcome, Routed, Sent
from hutong.exchange.field.kinds import all_kinds
from hutong.exchange.field.review import put_before_supervisor, tell_supervisors
from hutong.exchange.models import FieldOperation
from hutong.exchange.sealing import seal_json
from hutong.kernel import ciphers, events, letters, plans
from hutong.kernel.refusals import Refusal
from hutong.kernel.scope import Scope, acting
from hutong.staff.devices import skew
from hutong.staff.models import Device, User

log = structlog.get_logger(__name__)
DEEPEST = 12
SEALED = "sealed"
# What becomes of an operation; what was sent is never written again.
ANSWERED = ["status", "code", "message", "receipt", "made_kind", "made_id", "file_id", "version"]
Status = FieldOperation.Status


class Malformed(Refusal):
    """Not an operation at all: it cannot be kept here, so the phone keeps it."""

    code = "malformed"

    def __init__(self) -> None:
        super().__init__("这条记录的格式不对，没有收下，内容还在手机里。请更新程序后重传，或导出交给督导员。")


class Unopened(Refusal):
    """Sealed to a key that is not here, or damaged: the phone keeps it."""

    code = "sealed"

    def __init__(self) -> None:
        super().__init__(
            "这条加密的记录打不开，没有收下，内容还加密存在手机里。请把手机交给督导员，导出文件后报告县（区）民政局。"
        )


def take(
    items: Iterable[Any], *, device: Device, clock: datetime, by: User, at: datetime, scope: Scope
) -> list[dict[str, Any]]:
    """Answers in order, one for each. One bad item never blocks the next; a database that is gone stops all."""
    return [_answer(item, device=device, clock=clock, by=by, at=at, scope=scope) for item in items]


def _answer(item: Any, *, device: Device, clock: datetime, by: User, at: datetime, scope: Scope) -> dict[str, Any]:
    op = item.get("op") if isinstance(item, dict) and isinstance(item.get("op"), str) else None
    try:
        sent = opened(read(item))
    except Refusal as refusal:
        return _plain(op and op[:40], Status.REJECTED, refusal.code, refusal.sentence)
    try:
        return _take(sent, device=device, clock=clock, by=by, at=at, scope=scope)
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        log.exception("field.operation.failed", op=str(sent.op))
        return _plain(
            str(sent.op), Status.REJECTED, "fault", "系统出了问题，这条没有写入，内容还在手机里，稍后会自动再传。"
        )


def read(item: Any) -> Sent:
    """The frame of an operation. Raises Malformed."""
    if not isinstance(item, dict) or not _sound(item):
        raise Malformed
    try:
        moment = datetime.fromisoformat(item["at"])
        seq, base, kind = item.get("seq", 0), item.get("base"), item["kind"]
        sound = _int(seq) and (base is None or _int(base)) and isinstance(kind, str) and isinstance(item["body"], dict)
        if not sound or moment.tzinfo is None or not 1900 <= moment.year <= 9000:
            raise Malformed
        return Sent(UUID(item["op"]), seq, kind[:20], moment, base, item["body"])
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Malformed from error


def opened(sent: Sent) -> Sent:
    """The operation inside a sealed one, or the same. What comes sealed now and plain later is one operation. Raises Malformed."""
    if sent.kind != SEALED:
        return sent
    try:
        inner = read({**json.loads(letters.open_letter(sent.body)), "seq": sent.seq})
    except (ciphers.Unsealable, ValueError, TypeError, RecursionError) as error:
        raise Unopened from error
    if inner.op != sent.op or inner.kind == SEALED:
        raise Malformed
    return inner


def _int(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**31


def _sound(value: Any, deep: int = 0) -> bool:
    """Text that can be encoded, numbers that are numbers, no deeper than any form of ours."""
    if deep > DEEPEST:
        return False
    if isinstance(value, dict):
        return all(_sound(k, deep + 1) and _sound(v, deep + 1) for k, v in value.items())
    if isinstance(value, list):
        return all(_sound(one, deep + 1) for one in value)
    if isinstance(value, str):
        return not any("\ud800" <= c <= "\udfff" or c == "\x00" for c in value)
    return not isinstance(value, float) or math.isfinite(value)


def digest(sent: Sent) -> str:
    """Equal for equal content, whatever order the keys came in; keyed, since contents are few enough to guess."""
    content = [sent.kind, sent.at.isoformat(), sent.base, sent.body]
    return ciphers.blind(json.dumps(content, ensure_ascii=False, sort_keys=True), "field operation")


def _take(sent: Sent, *, device: Device, clock: datetime, by: User, at: datetime, scope: Scope) -> dict[str, Any]:
    with acting(scope), plans.kept():  # a phone's statements find by key: each connection plans them once
        row, fresh = _claim(sent, device=device, clock=clock, by=by, at=at)
        if row.reused:
            return _plain(str(sent.op), Status.REJECTED, row.code, row.message)
        if not fresh and row.status in {Status.APPLIED, Status.NEEDS_REVIEW}:
            return _said(row, "duplicate" if row.status == Status.APPLIED else row.status)
        outcome = _apply(Context(sent=sent, row=row, device=device, by=by, at=at, scope=scope))
        _keep(row, outcome)
        return _said(row, row.status)


def _claim(sent: Sent, *, device: Device, clock: datetime, by: User, at: datetime) -> tuple[FieldOperation, bool]:
    """The row of this operation, locked, and whether it is new. Two requests at once: the second waits here for the first."""
    row = FieldOperation(
        op=sent.op, digest=digest(sent), user=by, device=device, division=device.division, seq=sent.seq, kind=sent.kind,
        happened_at=sent.at, entered_at=at, skew_seconds=skew(clock, at), base=sent.base, body_sealed=seal_json(sent.body),
    )  # fmt: skip
    try:
        with transaction.atomic():
            row.save(force_insert=True)
        return row, True
    except IntegrityError:
        found = FieldOperation.objects.select_for_update().get(user=by, op=sent.op, reused=False)
        return (found, False) if found.digest == row.digest else (_second(row), False)


def _second(row: FieldOperation) -> FieldOperation:
    """The id came before with other content: both are kept, and it is written down."""
    row.reused, row.status, row.code = True, Status.REJECTED, "op_reused"
    row.message = "同一个编号传来了两份不同的内容。两份都已保留，以先收到的为准，已通知督导员。"
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        return row  # this second content came before, too
    events.record(
        kind="exchange.field.op_reused", subject=("exchange.field_operation", row.pk), division=row.division, domain="care",
        by=row.user_id, at=row.entered_at, data={"op": str(row.op), "kind": row.kind},
    )  # fmt: skip
    tell_supervisors(
        row.division, kind="field.op_reused", text="有一条手机记录的编号重复而内容不同，请核对。", at=row.entered_at
    )
    return row


def _apply(context: Context) -> Outcome:
    kind = all_kinds().get(context.sent.kind)
    if kind is None:
        return Outcome(
            Status.REJECTED, code="kind", message="系统还不认识这种记录。内容已收下，手机里的也请保留，系统更新后再传。"
        )
    try:
        body = kind.body.model_validate(context.sent.body)
    except ValidationError as error:
        where = ".".join(str(part) for part in error.errors()[0]["loc"][:2])
        return Outcome(
            Status.REJECTED,
            code="bad_body",
            message=f"有一项填得不对（{where[:40]}）。没有写入，内容还在手机里，请改好再传。",
        )
    try:
        with transaction.atomic():
            return kind.apply(body, context)
    except Routed as routed:
        return _route(routed, context)
    except Refusal as refusal:
        return Outcome(Status.REJECTED, code=refusal.code, message=refusal.sentence)


def _route(routed: Routed, context: Context) -> Outcome:
    row = context.row
    put_before_supervisor(context, kind=routed.kind, file=routed.file, division=row.division)
    row.file_id = routed.file
    return Outcome(Status.NEEDS_REVIEW, code=f"child_{routed.kind}", message=routed.message)


def _keep(row: FieldOperation, outcome: Outcome) -> None:
    row.status, row.code, row.message, row.receipt = (
        outcome.status,
        outcome.code,
        outcome.message[:300],
        outcome.receipt,
    )
    if outcome.made:
        row.made_kind, row.made_id = outcome.made
    if outcome.file:
        outcome.file.refresh_from_db(fields=["version"])
        row.file_id, row.version = outcome.file.pk, outcome.file.version
    row.save(update_fields=ANSWERED)


def _said(row: FieldOperation, status: str) -> dict[str, Any]:
    said = _plain(str(row.op), status, row.code, row.message)
    return {
        **said,
        "version": row.version,
        "receipt": row.receipt or None,
        "file": str(row.file_id) if row.file_id else None,
    }


def _plain(op: str | None, status: str, code: str, message: str) -> dict[str, Any]:
    reason = {"code": code, "message": message} if code else None
    return {"op": op, "status": str(status), "reason": reason, "version": None, "receipt": None}
