"""Flags: signs that somebody must look. Red ones page the supervisor and the county at once, in the same transaction.

Owns raising, paging and closing. A case follows in casework; nothing here decides about a child.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from hutong.kernel import events, reactions
from hutong.kernel.clock import day
from hutong.kernel.refusals import Refusal
from hutong.people.models import File
from hutong.places.codes import county, town
from hutong.staff.models import Notice, Post, User
from hutong.wellbeing.models import Flag


class FlagClosed(Refusal):
    """Somebody closed the flag before."""

    code = "flag_closed"


@dataclass(frozen=True, slots=True)
class Sign:
    """What was noticed: kind, severity (amber, red), data domain, and the sentence shown."""

    kind: str
    severity: str
    domain: str
    text: str


def raise_all(
    file: File, signs: Iterable[Sign], *, source: tuple[str, UUID | None], by: User | None, at: datetime
) -> list[Flag]:
    """Raise what was noticed. An amber sign already open is not raised twice; a red one always pages again."""
    signs = list(signs)
    amber = [sign.kind for sign in signs if sign.severity == "amber"]
    known = Flag.objects.filter(file=file, closed_at=None, severity="amber", kind__in=amber)
    open_kinds = set(known.values_list("kind", flat=True)) if amber else set()
    rows = [
        Flag(
            file=file, division=file.division, domain=sign.domain, kind=sign.kind, severity=sign.severity,
            text=sign.text, source_kind=source[0], source_id=source[1], raised_at=at, raised_by=by,
        )
        for sign in signs
        if sign.severity == "red" or sign.kind not in open_kinds
    ]  # fmt: skip
    if rows:
        Flag.objects.bulk_create(rows)
    if any(row.severity == "red" for row in rows):
        _page(file, at=at)
    return rows


def _page(file: File, *, at: datetime) -> None:
    """The notice names neither the child nor what was seen: it points to the file, which checks who opens it."""
    text = "紧急：走访中发现孩子可能受到伤害或有自伤迹象，请立即打开档案查看并处理；有危险先报110。"
    Notice.objects.bulk_create(
        Notice(
            user_id=user, kind="red_flag", text=text, subject_kind="people.file", subject_id=file.pk,
            division=file.division, urgent=True, created_at=at,
        )
        for user in _watchers(file, at=at)
    )  # fmt: skip


def tell_supervisor(file: File, *, kind: str, text: str, at: datetime) -> None:
    """A notice, not urgent, to the supervisors of the child's town."""
    Notice.objects.bulk_create(
        Notice(
            user_id=user, kind=kind, text=text, subject_kind="people.file", subject_id=file.pk,
            division=file.division, created_at=at,
        )
        for user in _holders(file, at=at, supervisors_only=True)
    )  # fmt: skip


def _watchers(file: File, *, at: datetime) -> list[UUID]:
    return _holders(file, at=at, supervisors_only=False)


def _holders(file: File, *, at: datetime, supervisors_only: bool) -> list[UUID]:
    on = day(at)
    place = Q(role="supervisor", division=town(file.division))
    if not supervisors_only:
        place |= Q(role="county_officer", division=county(file.division))
    posts = Post.objects.filter(place, Q(end=None) | Q(end__gt=on), start__lte=on, user__is_active=True)
    return list(posts.order_by("user_id").values_list("user_id", flat=True).distinct())


@transaction.atomic
def close_flag(*, flag: Flag, outcome: str, by: User, at: datetime, op: UUID | None = None) -> Flag:
    """Somebody looked and says what came of it. The flag stays on the file."""
    if events.repeated(op):
        return Flag.objects.get(pk=flag.pk)
    row = Flag.objects.select_for_update().get(pk=flag.pk)
    if row.closed_at:
        raise FlagClosed("这条预警刚刚已由别人办结，没有再改。请刷新后查看。")
    if not outcome.strip():
        raise Refusal("请写明核实的结果和采取的措施。没有保存。", field="outcome")
    row.closed_at, row.closed_by, row.outcome = at, by, outcome.strip()[:200]
    row.save(update_fields=["closed_at", "closed_by", "outcome"])
    events.record(
        kind="wellbeing.flag.closed", subject=("wellbeing.flag", row.pk), division=row.division, domain=row.domain,
        by=by.pk, at=at, op=op, about=row.file_id, data={"file": str(row.file_id), "flag": row.kind},
    )  # fmt: skip
    reactions.react("people.file", row.file_id, by=by, at=at)
    return row
