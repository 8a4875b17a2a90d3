"""What is told outside: one digest a person a day, and an urgent notice at once. Counts and a request to sign in, no more.

Channels are off unless HUTONG_NOTICES names them (docs/notices.md), and always off in the demonstration.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.db.models import Q

from hutong.duties.models import Duty
from hutong.gateway.channels import Channel, Unsent, channels
from hutong.kernel.clock import day
from hutong.kernel.scope import Scope, acting
from hutong.policy.notices import NOTICES
from hutong.staff.access import scope_of
from hutong.staff.models import Message, Notice, Post, User
from hutong.staff.queries import held_on

URGENT = "【护童】您有一条紧急提醒，请立即登录平台查看处理。本短信不含个人信息，请勿回复。"
DIGEST = (
    "【护童】您有{notices}条未读提醒（紧急{urgent}条），{due}件事今天到期，{late}件已逾期。请登录平台查看，请勿回复。"
)


def on() -> dict[str, Channel]:
    """The channels in use."""
    return {} if settings.DEMO else channels(settings.NOTICES)


def digest(at: datetime) -> list[tuple[UUID, UUID]]:
    """Write today's lines for whoever has something to read; (message, user) of those to send. Twice a day writes once."""
    return [pair for user in _to_tell(urgent=False, since=at - _news(at)) for pair in _digest_of(user, at)]


def urgent(at: datetime) -> list[tuple[UUID, UUID]]:
    """Write a line for each urgent notice that has just come and is not read yet."""
    return [pair for user in _to_tell(urgent=True, since=at - _just(at)) for pair in _urgent_of(user, at)]


def deliver(message: UUID, *, user: UUID, at: datetime, last: bool) -> None:
    """Hand one line to its channel and keep the receipt. Raises Unsent to be tried again, unless it is in vain or `last`."""
    with acting(_as(user)):
        row = Message.objects.select_related("user").get(pk=message)
    channel = on().get(row.channel)
    if row.state == Message.State.SENT or channel is None:
        return
    row.tries += 1
    try:
        row.receipt = channel.send(phone=row.user.phone, text=row.text, number=row.pk)
        row.state, row.sent_at, row.trouble = Message.State.SENT, at, ""
    except Unsent as trouble:
        row.trouble = str(trouble)[:200]
        row.state = Message.State.WAITING if trouble.again and not last else Message.State.FAILED
    with acting(_as(user)):
        row.save(update_fields=["tries", "receipt", "state", "sent_at", "trouble"])
    if row.state == Message.State.WAITING:
        raise Unsent(row.trouble, again=True)


def _as(user: UUID) -> Scope:
    return Scope(user=user, role="hutong_worker", purpose="notices")


def _news(at: datetime) -> timedelta:
    return timedelta(days=NOTICES.digest_days.on(day(at)))


def _just(at: datetime) -> timedelta:
    return timedelta(minutes=NOTICES.urgent_minutes.on(day(at)))


def _to_tell(*, urgent: bool, since: datetime) -> list[UUID]:
    with acting(Scope(role="hutong_worker")), connection.cursor() as cursor:
        cursor.execute("select hutong_to_tell(%s, %s)", [urgent, since])
        return sorted(row[0] for row in cursor.fetchall())


def _digest_of(user: UUID, at: datetime) -> Iterator[tuple[UUID, UUID]]:
    scope = replace(scope_of(User.objects.get(pk=user), "notices"), role="hutong_worker")
    with acting(scope):
        unread = Notice.objects.filter(user=user, read_at=None, created_at__gte=at - _news(at))
        mine = Duty.objects.filter(owner=user, state="due").filter(Q(due_on__lte=day(at)))
        text = DIGEST.format(
            notices=unread.count(), urgent=unread.filter(urgent=True).count(),
            due=mine.filter(due_on=day(at)).count(), late=mine.filter(due_on__lt=day(at)).count(),
        )  # fmt: skip
        yield from _write(user, f"digest:{day(at)}", text, at)


def _urgent_of(user: UUID, at: datetime) -> Iterator[tuple[UUID, UUID]]:
    with acting(_as(user)):
        rows = Notice.objects.filter(user=user, read_at=None, urgent=True, created_at__gte=at - _just(at))
        for notice in rows.values_list("pk", flat=True):
            yield from _write(user, f"urgent:{notice}", URGENT, at)


def _place(user: UUID, at: datetime) -> int:
    """Where the official works: who manages people there sees what was sent."""
    posts = Post.objects.filter(held_on(day(at)), user=user).order_by("start", "pk")
    return posts.values_list("division", flat=True).first() or 0


def _write(user: UUID, key: str, text: str, at: datetime) -> Iterator[tuple[UUID, UUID]]:
    for channel in on():
        row, _made = Message.objects.get_or_create(
            user_id=user,
            channel=channel,
            key=key,
            defaults={"text": text, "created_at": at, "division": _place(user, at)},
        )
        if row.state == Message.State.WAITING and not row.tries:  # also one whose job a stop lost
            yield row.pk, user
