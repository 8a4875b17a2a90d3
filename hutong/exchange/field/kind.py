"""The shape of an operation kind, and what it is given: one file a kind, found by its place in the folder `kinds`."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Annotated, Any, TypeVar
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints

from hutong.exchange.models import Conflict, FieldOperation
from hutong.kernel.clock import day
from hutong.kernel.refusals import Refusal
from hutong.kernel.scope import Scope
from hutong.people.models import File
from hutong.policy.field import number
from hutong.staff.models import Device, User


def _printable(text: str) -> str:
    """Without control characters, which no keyboard makes and the database refuses."""
    clean = "".join(c for c in unicodedata.normalize("NFC", text) if c == "\n" or unicodedata.category(c)[0] != "C")
    return clean.strip()


Short = Annotated[str, StringConstraints(max_length=60), AfterValidator(_printable)]
Line = Annotated[str, StringConstraints(max_length=200), AfterValidator(_printable)]
Long = Annotated[str, StringConstraints(max_length=4000), AfterValidator(_printable)]
RELATIVE = timedelta(days=2)  # today, yesterday, the day before: what the phone offers without a date
Child = Annotated[str, StringConstraints(pattern=r"^(op:)?[0-9a-fA-F-]{36}$")]


class Body(BaseModel):
    """The base of all bodies. Keys of a later version of the app are passed over, not refused."""

    model_config = ConfigDict(extra="ignore", frozen=True)


@dataclass(frozen=True)
class Sent:
    """One operation as the phone named it."""

    op: UUID
    seq: int
    kind: str
    at: datetime
    base: int | None
    body: dict[str, Any]


@dataclass(frozen=True)
class Outcome:
    """What became of an operation."""

    status: str = FieldOperation.Status.APPLIED
    file: File | None = None
    made: tuple[str, UUID] | None = None
    receipt: str = ""
    code: str = ""
    message: str = ""


class Routed(Exception):
    """A record for a child who is no longer there: accepted, and put before the supervisor."""

    def __init__(self, kind: str, file: UUID | None, message: str) -> None:
        super().__init__(kind)
        self.kind, self.file, self.message = kind, file, message


class ChildWaits(Refusal):
    """It belongs to a new child that was itself not taken yet."""

    code = "child_waits"


@dataclass(frozen=True)
class Context:
    """Who sends, from which phone, when it arrived, and the row it is kept in."""

    sent: Sent
    row: FieldOperation
    device: Device
    by: User
    at: datetime
    scope: Scope

    @property
    def moment(self) -> datetime:
        """When it happened by our clock: the phone's error taken off, never in the future, nor long before the phone was registered.

        A phone whose battery was out may begin in 1970 and be right again when it sends; then only that much is known.
        """
        earliest = self.device.registered_at - timedelta(days=number("pack_lives_days", day(self.at)))
        told = min(self.sent.at - timedelta(seconds=self.row.skew_seconds), self.at)
        return told if told >= earliest else self.device.registered_at

    def day_of(self, occurred_on: date) -> date:
        """The day meant: a phone with a wrong date that says "today" or "yesterday" means the day it really was."""
        back = day(self.sent.at) - occurred_on
        return day(self.moment) - back if timedelta(0) <= back <= RELATIVE else occurred_on

    def file(self, child: str) -> File:
        """The open file meant. Raises Routed for one that is closed or not (any more) seen by the sender."""
        identifier = self._made_by(UUID(child[3:])) if child.startswith("op:") else _uuid(child)
        file = File.objects.filter(pk=identifier).select_related("child").first()
        if file is None:
            raise Routed(
                Conflict.Kind.ELSEWHERE, identifier, "这个孩子已不在本村（居）名册。记录已收下，已转督导员处理。"
            )
        if file.closed_on:
            raise Routed(
                Conflict.Kind.CLOSED, file.pk, f"这份档案已于 {file.closed_on} 退出。记录已收下，已转督导员处理。"
            )
        return file

    def _made_by(self, op: UUID) -> UUID:
        found = FieldOperation.objects.filter(user=self.by, op=op, reused=False, made_kind="people.file").first()
        if found is None or found.made_id is None:
            raise ChildWaits("这条记录属于一个新增的孩子，那个孩子还没有登记成功。请先处理那一条，这一条会接着上传。")
        return found.made_id


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise Refusal("看不出是哪个孩子。内容还在手机里。", code="malformed") from error


B = TypeVar("B", bound=Body)


@dataclass(frozen=True)
class Kind:
    """A kind: its name, the shape of its body, and the function that carries it out with the domain's own operations.

    `take`: for kinds with fields that merge, writes what the phone said for one field that had clashed.
    """

    name: str
    body: type[Body]
    apply: Callable[[Any, Context], Outcome]
    take: Callable[[Conflict, Any, Context], None] | None = None
