"""An urgent report. It is taken also for a child who has moved, whose file is closed, or who has none."""

from __future__ import annotations

from pydantic import AwareDatetime, Field

from hutong.casework import reports
from hutong.exchange.field.kind import Body, Child, ChildWaits, Context, Kind, Line, Long, Outcome, Routed, Short
from hutong.people.models import File


class Reporter(Body):
    """Who told, if it was not the sender."""

    name: Short
    phone: Short = ""


class Report(Body):
    """See the contract."""

    child: Child | None = None
    child_words: Line = ""
    place_words: Line = ""
    situations: list[Short] = Field(default_factory=list, max_length=20)
    facts: Long = ""
    reporter: Reporter | None = None
    occurred_at: AwareDatetime | None = None


def apply(body: Report, context: Context) -> Outcome:
    """Never held up by what is wrong with the child's file."""
    file = _file(body, context)
    named = body.child_words or (f"手机上的儿童编号 {body.child}" if body.child and not file else "")
    told = reports.Told(
        facts=body.facts, situations=tuple(body.situations), child_words=named, place_words=body.place_words,
        reporter=(body.reporter.name, body.reporter.phone) if body.reporter else None,
        occurred_at=body.occurred_at and context.moment - (context.sent.at - body.occurred_at),
    )  # fmt: skip
    row = reports.report(
        told=told, file=file, division=context.device.division, reported_at=context.moment, by=context.by, at=context.at,
        op=context.sent.op,
    )  # fmt: skip
    return Outcome(made=("casework.report", row.pk), receipt=row.receipt)


def _file(body: Report, context: Context) -> File | None:
    try:
        return context.file(body.child) if body.child else None
    except ChildWaits:
        return None
    except Routed as routed:
        return File.objects.filter(pk=routed.file).first() if routed.file else None


KIND = Kind("report", Report, apply)
