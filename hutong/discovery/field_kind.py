"""A look at home told from the phone. This room stands above the phone's intake, so it hands its kind in (apps.py)."""

from __future__ import annotations

from uuid import UUID

from hutong.discovery import homechecks
from hutong.discovery.models import HomeCheck
from hutong.exchange.field.kind import Body, Context, Kind, Line, Outcome, Short
from hutong.kernel.refusals import Refusal


class Check(Body):
    """Which look, what was found (HomeCheck.Found), and a few words."""

    check: UUID
    found: Short
    words: Line = ""


def apply(body: Check, context: Context) -> Outcome:
    """Through the same door as the desk. Raises Refusal for a look that is not the sender's or has ended."""
    row = HomeCheck.objects.filter(pk=body.check).first()
    if row is None:
        raise Refusal("这次核实不在您的村（居）了，没有写入，内容还在手机里。请打电话告诉督导员。")
    homechecks.answer(
        check=row, found=body.found, words=body.words, by=context.by, at=context.at, op=context.sent.op
    )  # fmt: skip
    return Outcome(made=("discovery.check", row.pk))


KIND = Kind("check", Check, apply)
