"""Proof that nobody rewrote the past: closed days of events and accesses, as row digests chained day by day.

Sealing happens after commit, because chaining inside each transaction would make every write wait for the last one.
The chain is over row digests, so that retention may destroy a payload and the chain still holds.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F, Max, Min
from django.db.models.functions import TruncDate

from hutong.kernel.clock import ZONE, day
from hutong.kernel.models import Access, Event, Seal

_SOURCES: dict[str, tuple[type[Event] | type[Access], str]] = {"event": (Event, "written_at"), "access": (Access, "at")}
_START = "0" * 64


@dataclass(frozen=True)
class Fault:
    """Where the proof fails, in a sentence."""

    kind: str
    day: date
    sentence: str


def seal(*, at: datetime) -> int:
    """Seal every closed day (yesterday and before) that has rows and no seal. Returns how many days were sealed."""
    return sum(_seal_day(kind, on, at) for kind in _SOURCES for on in _open_days(kind, day(at)))


def verify() -> Iterator[Fault]:
    """Recompute every seal and yield what does not agree. Nothing yielded: the record is as it was written."""
    for kind in _SOURCES:
        previous = _START
        for row in Seal.objects.filter(kind=kind).order_by("day"):
            digests = _digests(kind, row.day)
            if row.previous != previous or row.digest != _chain(previous, kind, row.day, bytes(row.digests)):
                yield Fault(kind, row.day, "封存链断了：这一天或它前一天的封存记录被改动过。")
            if b"".join(digests) != bytes(row.digests):
                yield Fault(
                    kind, row.day, f"记录与封存时不同：封存 {row.count} 条，现有 {len(digests)} 条，或内容被改动过。"
                )
            previous = row.digest


def _open_days(kind: str, today: date) -> list[date]:
    model, moment = _SOURCES[kind]
    last = Seal.objects.filter(kind=kind).aggregate(last=Max("day"))["last"]
    rows = model.objects.filter(**{f"{moment}__lt": _midnight(today)})
    if last:
        rows = rows.filter(**{f"{moment}__gte": _midnight(last + timedelta(days=1))})
    if not rows.aggregate(first=Min(moment))["first"]:
        return []
    return sorted(rows.annotate(on=TruncDate(F(moment), tzinfo=ZONE)).values_list("on", flat=True).distinct())


@transaction.atomic
def _seal_day(kind: str, on: date, at: datetime) -> int:
    last = Seal.objects.filter(kind=kind).order_by("-day").first()
    previous = last.digest if last else _START
    digests = _digests(kind, on)
    body = b"".join(digests)
    Seal.objects.create(
        kind=kind,
        day=on,
        count=len(digests),
        digests=body,
        previous=previous,
        digest=_chain(previous, kind, on, body),
        sealed_at=at,
    )
    return 1


def _midnight(on: date) -> datetime:
    return datetime(on.year, on.month, on.day, tzinfo=ZONE)


def _digests(kind: str, on: date) -> list[bytes]:
    model, moment = _SOURCES[kind]
    names = [field.attname for field in model._meta.concrete_fields]
    rows = model.objects.filter(**{f"{moment}__gte": _midnight(on), f"{moment}__lt": _midnight(on + timedelta(days=1))})
    return [_row(dict(zip(names, row, strict=True))) for row in rows.order_by("pk").values_list(*names).iterator()]


def _row(values: dict[str, Any]) -> bytes:
    # The division follows the child when it moves; what was done, by whom and when does not.
    values.pop("division")
    text = json.dumps(values, default=_plain, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).digest()


def _plain(value: Any) -> str:
    if isinstance(value, datetime):
        return value.astimezone(ZONE).isoformat()
    if isinstance(value, UUID | date):
        return str(value)
    raise TypeError(type(value))


def _chain(previous: str, kind: str, on: date, body: bytes) -> str:
    return hashlib.sha256(f"{previous}\x00{kind}\x00{on}\x00".encode() + body).hexdigest()
