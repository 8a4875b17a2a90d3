"""A home visit recorded on the phone. Its pictures may come before or after it."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from pydantic import Field

from hutong.exchange.field import joining
from hutong.exchange.field.kind import Body, Child, Context, Kind, Outcome
from hutong.kernel.clock import day
from hutong.wellbeing import operations


class Visit(Body):
    """`together` marks visits to siblings said in one go; each is an operation of its own."""

    child: Child
    questionnaire: str = Field("home_visit", pattern="^home_visit$")
    version: int = 1
    answers: dict[str, Any]
    occurred_on: date
    photos: list[UUID] = Field(default_factory=list, max_length=20)
    signature: UUID | None = None
    together: UUID | None = None


def apply(body: Visit, context: Context) -> Outcome:
    """Through the same door as the desk: facts, flags, duties follow."""
    file, on = context.file(body.child), context.day_of(body.occurred_on)
    visit = operations.record_visit(
        file=file, occurred_on=on, answers=body.answers, by=context.by, at=context.at, op=context.sent.op,
        occurred_at=context.moment if day(context.moment) == on else None, questionnaire=body.questionnaire,
    )  # fmt: skip
    named = [(blob, "photo") for blob in body.photos] + ([(body.signature, "signature")] if body.signature else [])
    joining.expect(named, visit=visit, context=context)
    return Outcome(file=file, made=("wellbeing.visit", visit.pk))


KIND = Kind("visit", Visit, apply)
