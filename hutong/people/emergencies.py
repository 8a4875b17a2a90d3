"""Emergency access (破例查阅): somebody opens one file outside his rights, says why, for hours, and is reviewed.

The database writes grant, look and event together (hutong_emergency). Owns who is told and the review.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F, Q, QuerySet

from hutong.kernel import ciphers, events
from hutong.kernel.clock import day
from hutong.kernel.refusals import Denied, Refusal
from hutong.kernel.scope import Scope, acting
from hutong.people import identity
from hutong.places.codes import ancestor, county
from hutong.policy import access
from hutong.staff import rates
from hutong.staff.access import check_can, scope_of
from hutong.staff.models import Grant, Notice, Post, User
from hutong.staff.queries import held_on, within

TOLD = "有人紧急查阅了本地一份儿童档案，请核对理由；数据保护专员三天内复核。"
REVIEWED = "您的一次紧急查阅已由数据保护专员复核。"
SHORTEST = 10


@transaction.atomic
def open_up(
    *, number: str = "", id_number: str = "", name: str = "", because: str, by: User, at: datetime
) -> UUID | None:
    """Open a file by its number, or by identity number and name, for the hours of policy; the file's id,
    or None when there is no such child or not with this name: nothing is raised, so that the try stays written and counted.

    Raises Denied without the right, Refusal for a thin reason.
    """
    check_can(scope_of(by), "emergency")
    if len(because.strip()) < SHORTEST:
        raise Refusal(
            "请写清楚紧急的理由，至少%(SHORTEST)s个字。没有打开任何档案。",
            values={"SHORTEST": SHORTEST},
            field="because",
        )
    rates.take("emergency", user=by.pk, at=at)
    key = _key(id_number) if id_number.strip() else ""
    until = at + timedelta(hours=access.ACCESS.emergency_hours.on(day(at)))
    with connection.cursor() as cursor:
        asked: list[str | datetime] = [number.strip(), key, name.strip(), because.strip()[:200], until]
        cursor.execute("select granted, file, place from hutong_emergency(%s, %s, %s, %s, %s)", asked)
        found = cursor.fetchone()
    if found is None:
        return None
    grant, file, division = found
    _tell(division, "emergency.taken", TOLD, grant, _watchers(division, at) - {by.pk}, at=at)
    return UUID(str(file))


def _key(text: str) -> str:
    read = identity.read_id(text)
    if read.problems:
        raise Refusal(
            "身份证号有问题：%(what)s。没有打开任何档案，请核对后再填。",
            values={"what": read.problems[0]},
            field="id_number",
        )
    return ciphers.blind(read.number, "id_number")


def _watchers(division: int, at: datetime) -> set[UUID]:
    """The officers of the file's county, and the data protection officers of county and city."""
    place = Q(role="county_officer", division=county(division))
    place |= Q(role="dpo", division__in=(county(division), ancestor(division, 2)))
    posts = Post.objects.filter(place, held_on(day(at)), user__is_active=True)
    return set(posts.values_list("user_id", flat=True))


def _tell(division: int, kind: str, text: str, grant: UUID, users: set[UUID], *, at: datetime) -> None:
    Notice.objects.bulk_create(
        Notice(
            user_id=user, kind=kind, text=text, subject_kind="staff.emergency", subject_id=grant, division=division,
            urgent=kind == "emergency.taken", created_at=at,
        )
        for user in sorted(users)
    )  # fmt: skip


@transaction.atomic
def give_up(*, grant: UUID, by: User, at: datetime) -> None:
    """End one's own emergency access early."""
    row = Grant.objects.select_for_update().filter(pk=grant, user=by, kind=Grant.Kind.EMERGENCY, end__gt=at).first()
    if row is None:
        raise Refusal("这次紧急查阅已经结束，没有再改。")
    row.end = at
    row.save(update_fields=["end"])


def taken_by(user: User) -> QuerySet[Grant]:
    """One's own, newest first."""
    return Grant.objects.filter(user=user, kind=Grant.Kind.EMERGENCY).order_by("-start", "pk")


def auditing(scope: Scope) -> Scope:
    """What a reviewer is told to the database as: the post's area, who looked and what was granted, no child."""
    return replace(scope, ranges=scope.area, reads=frozenset({"looks"}), writes=frozenset({"review"}), unshut=True)


def to_review(scope: Scope) -> QuerySet[Grant]:
    """Emergencies of the reviewer's area, open reviews first. Inside `acting(auditing(scope))`."""
    rows = Grant.objects.filter(within(scope.area), kind=Grant.Kind.EMERGENCY).select_related("user", "reviewed_by")
    return rows.order_by(F("reviewed_at").desc(nulls_first=True), "start", "pk")


def due(grant: Grant) -> datetime:
    """Until when it is to be reviewed."""
    return grant.start + timedelta(days=access.ACCESS.emergency_review_days.on(day(grant.start)))


@transaction.atomic
def review(
    *, grant: UUID, verdict: str, note: str, scope: Scope, by: User, at: datetime, op: UUID | None = None
) -> Grant:
    """Judge one emergency, once, with a reason; never one's own. An unjustified one ends at once."""
    check_can(scope, "review_emergency")
    with acting(auditing(scope)):
        row = Grant.objects.select_for_update(of=("self",)).filter(pk=grant, kind=Grant.Kind.EMERGENCY).first()
        if row is None or row.user_id == by.pk:
            raise Denied("这次紧急查阅不在您的复核范围内。没有改动任何内容。")
        if events.repeated(op) or (row.verdict and row.reviewed_by_id == by.pk and row.verdict == verdict):
            return row
        _check_review(row, verdict, note)
        row.verdict, row.review_note, row.reviewed_at, row.reviewed_by = verdict, note.strip()[:200], at, by
        if verdict == Grant.Verdict.UNJUSTIFIED and (row.end is None or row.end > at):
            row.end = at
        row.save(update_fields=["verdict", "review_note", "reviewed_at", "reviewed_by", "end"])
        events.record(
            kind="people.file.emergency_reviewed", subject=("people.file", row.subject_id), division=row.division,
            by=by.pk, at=at, op=op, data={"verdict": verdict},
        )  # fmt: skip
        _tell(row.division, "emergency.reviewed", REVIEWED, row.pk, {row.user_id}, at=at)
    return row


def _check_review(row: Grant, verdict: str, note: str) -> None:
    if row.verdict:
        raise Refusal("这次紧急查阅已由别人复核，没有再改。请刷新后查看。")
    if verdict not in Grant.Verdict.values:
        raise Refusal("请选择理由是否成立。没有保存。", field="verdict")
    if len(note.strip()) < 2:
        raise Refusal("请写明复核意见。没有保存。", field="note")
