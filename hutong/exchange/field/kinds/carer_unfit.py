"""A carer who seems unfit: the supervisor and the county are paged; a running agreement is put on alert (arts. 22, 43)."""

from __future__ import annotations

from uuid import UUID

from pydantic import Field

from hutong.exchange.field.kind import Body, Child, Context, Kind, Line, Outcome, Short
from hutong.kernel.refusals import Refusal
from hutong.policy import codes
from hutong.wellbeing import agreements, flags
from hutong.wellbeing.models import Agreement


class CarerUnfit(Body):
    """See the contract."""

    child: Child
    carer: UUID | None = None
    signs: list[Short] = Field(default_factory=list, max_length=20)
    note: Line = ""


def apply(body: CarerUnfit, context: Context) -> Outcome:
    """A flag, red where the child is beaten; nothing here decides about the carer."""
    file, by, at = context.file(body.child), context.by, context.at
    if not body.signs and not body.note:
        raise Refusal("请选一项情况或写一句说明。没有写入，内容还在手机里。", field="signs")
    if set(body.signs) - set(codes.codes("unfit_sign")):
        raise Refusal("有一项情况系统不认识。没有写入，内容还在手机里，请改选后再传。", field="signs")
    seen = "、".join([*(codes.label("unfit_sign", sign) for sign in body.signs), *([body.note] if body.note else [])])
    severity = "red" if {"beats", "barred"} & set(body.signs) else "amber"
    sign = flags.Sign("carer_unfit", severity, "safety", f"照护人可能不适合：{seen}"[:200])
    raised = flags.raise_all(file, [sign], source=("exchange.field_operation", context.row.pk), by=by, at=at)
    flags.tell_supervisor(file, kind="carer_unfit", text="有照护人可能不适合照看孩子，请核实。", at=at)
    for running in Agreement.objects.filter(file=file, state__in=("signed", "notified", "active")):
        if body.carer in {None, running.carer_id}:
            agreements.alert(agreement=running, because=seen, by=by, at=at)
    return Outcome(file=file, made=("wellbeing.flag", raised[0].pk) if raised else None)


KIND = Kind("carer_unfit", CarerUnfit, apply)
