"""Went there and met nobody."""

from __future__ import annotations

from datetime import date

from hutong.exchange.field.kind import Body, Child, Context, Kind, Line, Outcome
from hutong.wellbeing import operations


class Attempt(Body):
    """See the contract."""

    child: Child
    occurred_on: date
    reason: Line


def apply(body: Attempt, context: Context) -> Outcome:
    """Through the same door as the desk."""
    file = context.file(body.child)
    row = operations.record_attempt(
        file=file, occurred_on=context.day_of(body.occurred_on), reason=body.reason, by=context.by, at=context.at,
        op=context.sent.op,
    )  # fmt: skip
    return Outcome(file=file, made=("wellbeing.attempt", row.pk))


KIND = Kind("attempt", Attempt, apply)
