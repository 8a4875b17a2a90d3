"""The addresses of the phone's API: read, check, one call into a room below, answer."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.http import HttpResponse
from django.middleware.csrf import get_token
from ninja import Schema
from pydantic import AwareDatetime, Field

from hutong.exchange.field import blobs, intake
from hutong.field import pack, people
from hutong.field.door import Request, TooLarge, api, whole
from hutong.kernel import letters
from hutong.kernel.clock import day, now
from hutong.kernel.refusals import Refusal
from hutong.kernel.scope import acting
from hutong.policy.field import CONTRACT, number
from hutong.staff import devices


class Phone(Schema):
    """A phone that registers."""

    id: UUID
    name: str = Field(max_length=80)
    store: Literal["browser", "wechat"]
    v: int = Field(ge=0, le=1000)


class Batch(Schema):
    """What a phone sends. Items are read one by one, so that one bad item does not hold up the others."""

    device: UUID
    v: int = Field(ge=0, le=1000)
    clock: AwareDatetime
    unsent: int = Field(ge=0, le=1_000_000)
    operations: list[Any]


class Named(Schema):
    """A village by code, or whoever signed in by id."""

    name: str
    code: str | None = None
    id: str | None = None


class Called(Schema):
    """Somebody to call."""

    name: str
    phone: str


class PublicKey(Schema):
    """The server's key: its number, and a JSON Web Key (RFC 7517)."""

    id: str
    jwk: dict[str, str]


class Hello(Schema):
    """Who is signed in, where, whom to call; the token for writing, and the contract the server speaks."""

    user: Named
    village: Named
    supervisor: Called | None
    csrf: str
    server_time: str
    v: int
    server_key: PublicKey


class Registered(Schema):
    """A phone that is known now, and the key that its unsent work is sealed to."""

    device: str
    server_key: PublicKey
    revoked: bool


class Reason(Schema):
    """Why an operation was not simply applied."""

    code: str
    message: str


class Result(Schema):
    """What became of one operation."""

    op: str | None
    status: Literal["applied", "duplicate", "needs_review", "rejected"]
    reason: Reason | None
    version: int | None
    receipt: str | None
    file: str | None = None


class Answer(Schema):
    """The answers, in the order of the items."""

    results: list[Result]
    server_time: datetime


def _spoken(version: int) -> None:
    """Refuse an app older than policy carries, or newer than this server."""
    if not CONTRACT - number("contract_versions_back", day(now())) <= version <= CONTRACT:
        raise Refusal("手机程序和系统的版本不一致，请更新程序。内容都还在手机里。", code="version")


@api.get("/hello", response=Hello)
@whole
def hello(request: Request) -> dict[str, Any]:
    """Who is signed in, where, whom to call, and what to seal to: a changed key reaches phones registered long ago."""
    at, user = now(), request.user
    division = people.place_of(user, day(at))
    return {
        "user": {"id": str(user.pk), "name": user.get_full_name()}, "village": people.village(division),
        "supervisor": people.supervisor(division, day(at)), "csrf": get_token(request), "server_time": at.isoformat(), "v": CONTRACT,
        "server_key": letters.server_key(),
    }  # fmt: skip


@api.post("/devices", response=Registered)
@whole
def register(request: Request, phone: Phone) -> dict[str, Any]:
    """Register a phone; a revoked one learns here that it is."""
    at = now()
    _spoken(phone.v)
    division = people.place_of(request.user, day(at))
    row = devices.register(
        device=phone.id, name=phone.name, store=phone.store, version=phone.v, division=division, by=request.user, at=at,
    )  # fmt: skip
    if row.revoked_at:
        raise devices.Revoked
    return {"device": str(row.pk), "server_key": letters.server_key(), "revoked": False}


@api.get("/pack")
@whole
def children(request: Request, device: UUID, cursor: str = "") -> dict[str, Any]:
    """The children of the sender's area, or what changed of them."""
    row = devices.of(device, by=request.user)
    return pack.make(device=row, cursor=cursor[:20], by=request.user, at=now(), scope=request.scope)


@api.post("/operations", response={200: Answer, 409: Answer})
def operations(request: Request, batch: Batch, response: HttpResponse) -> Any:
    """Take operations in order, each in its own transaction; answer each."""
    at, by, scope = now(), request.user, request.scope
    _spoken(batch.v)
    if len(batch.operations) > number("operations_at_once", day(at)):
        raise TooLarge
    with acting(scope):
        device = devices.of(batch.device, by=by)
    results = intake.take(batch.operations, device=device, clock=batch.clock, by=by, at=at, scope=scope)
    with acting(scope):
        devices.synced(device, unsent=batch.unsent - _taken(results), clock=batch.clock, at=at)
    alone = len(results) == 1 and (results[0]["reason"] or {}).get("code") == "op_reused"
    return 409 if alone else 200, {"results": results, "server_time": at}


def _taken(results: list[dict[str, Any]]) -> int:
    """How many the phone will hold no longer: it counts those of this batch among the unsent."""
    return sum(one["status"] != "rejected" for one in results)


class Standing(Schema):
    """Where a picture stands."""

    received: int
    whole: bool


@api.get("/blobs/{blob}", response=Standing)
@whole
def picture_standing(request: Request, blob: UUID, device: UUID) -> blobs.Standing:
    """Where to go on with a picture."""
    devices.of(device, by=request.user)
    return blobs.standing(blob, by=request.user)


@api.put("/blobs/{blob}", response=Standing)
@whole
def picture(request: Request, blob: UUID, device: UUID, offset: int, total: int, sha256: str) -> Any:
    """Take one piece of a picture, the raw body."""
    row = devices.of(device, by=request.user)
    chunk = blobs.Chunk(offset, total, sha256.lower(), request.body)
    return blobs.put(blob, chunk, device=row, by=request.user, at=now())
