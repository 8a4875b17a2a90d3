"""Restricted files: closed to everybody, wherever they hold a post, except the persons named.

Owns the restriction and who is named. What is closed with a file, the database decides (kernel.rowsecurity.Shut).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from hutong.kernel import events
from hutong.kernel.clock import day
from hutong.kernel.refusals import Refusal
from hutong.people.models import File, Person
from hutong.places.codes import ancestor, county, town
from hutong.policy import access
from hutong.staff.access import check_can, scope_of
from hutong.staff.models import Grant, Notice, Post, User
from hutong.staff.queries import held_on

NAMED = "您被指定可以查阅一份限制档案，请打开查看。"


class NotRestricted(Refusal):
    """Readers are named for restricted files only."""

    code = "not_restricted"


@transaction.atomic
def restrict(
    *, file: File, because: str, readers: Iterable[User] = (), by: User, at: datetime, op: UUID | None = None
) -> File:
    """Close the child's files to all but `by` and `readers`. Raises Denied without the right, Refusal without a reason."""
    row = _may(file, by)
    if events.repeated(op):
        return row
    if row.restricted:
        raise Refusal("这份档案已经是限制档案，没有改动。可以在这里增减查阅人。")
    reason = _reason(because)
    for user in {by.pk: by, **{reader.pk: reader for reader in readers}}.values():
        _name(row, user, reason, by=by, at=at)
    _set(row, restricted=True)
    _tell(row, "people.file.restricted", by=by, at=at, op=op, data={"because": reason})
    return File.objects.get(pk=row.pk)


@transaction.atomic
def lift(*, file: File, because: str, by: User, at: datetime, op: UUID | None = None) -> File:
    """Open the child's files again to whoever is responsible for the place."""
    row = _may(file, by)
    if events.repeated(op):
        return row
    _restricted(row)
    reason = _reason(because)
    _set(row, restricted=False)
    _tell(row, "people.file.restriction_lifted", by=by, at=at, op=op, data={"because": reason})
    readers(row, at).update(end=at)
    return File.objects.get(pk=row.pk)


@transaction.atomic
def give(*, file: File, reader: User, because: str, by: User, at: datetime, op: UUID | None = None) -> None:
    """Name one more person who may see the restricted file."""
    row = _may(file, by)
    if events.repeated(op):
        return
    _restricted(row)
    _name(row, reader, _reason(because), by=by, at=at)
    _tell(row, "people.file.grant_given", by=by, at=at, op=op, data={"user": str(reader.pk)})


@transaction.atomic
def take(*, file: File, grant: UUID, by: User, at: datetime, op: UUID | None = None) -> None:
    """Name a person no longer. The last reader stays: somebody must be able to lift the restriction."""
    row = _may(file, by)
    if events.repeated(op):
        return
    running = list(readers(row, at).select_for_update())
    found = next((held for held in running if held.pk == grant), None)
    if found is None:
        raise Refusal("这位查阅人已经取消，没有再改。请刷新后查看。")
    if found.user_id == by.pk:
        raise Refusal("不能取消您自己：取消后这份档案您就打不开了。没有改动。请由另一位查阅人办理。")
    found.end = at
    found.save(update_fields=["end"])
    _tell(row, "people.file.grant_ended", by=by, at=at, op=op, data={"user": str(found.user_id)})


def readers(file: File, at: datetime) -> QuerySet[Grant]:
    """The persons named for the file and not ended, earliest first."""
    running = Q(end=None) | Q(end__gt=at)
    return Grant.objects.filter(running, subject_id=file.pk, kind=Grant.Kind.NAMED).order_by("start", "pk")


def candidates(file: File, at: datetime) -> QuerySet[User]:
    """Who may be named: the director, supervisors of the town, officers of county and city who are responsible for the place."""
    places = [file.division, town(file.division), county(file.division), ancestor(file.division, 2)]
    roles = [
        name
        for name, role in access.ROLES.items()
        if (role.cases and "care" in role.reads) or "emergency" in role.verbs
    ]
    posts = Post.objects.filter(held_on(day(at)), division__in=places, role__in=roles, user__is_active=True)
    return User.objects.filter(pk__in=posts.values("user_id")).order_by("name", "pk")


def _may(file: File, by: User) -> File:
    check_can(scope_of(by), "restrict", division=file.division)
    return File.objects.select_for_update().get(pk=file.pk)


def _restricted(file: File) -> None:
    if not file.restricted:
        raise NotRestricted("这份档案不是限制档案，没有改动。请刷新后查看。")


def _reason(because: str) -> str:
    if len(because.strip()) < 4:
        raise Refusal("请写明理由，至少4个字。没有改动。", field="because")
    return because.strip()[:200]


def _set(file: File, *, restricted: bool) -> None:
    for row in File.objects.select_for_update().filter(child=file.child_id):
        row.restricted, row.version = restricted, row.version + 1
        row.save(update_fields=["restricted", "version"])
    Person.objects.filter(pk=file.child_id).update(restricted=restricted)


def _name(file: File, reader: User, because: str, *, by: User, at: datetime) -> None:
    if not candidates(file, at).filter(pk=reader.pk).exists():
        raise Refusal("只能指定负责这个孩子所在村、镇、县或市的同志。没有改动，请重新选择。", field="readers")
    if readers(file, at).filter(user=reader).exists():
        return
    Grant.objects.create(
        user=reader, subject_id=file.pk, division=file.division, start=at, because=because, given_by=by
    )
    if reader.pk != by.pk:
        Notice.objects.create(
            user=reader, kind="grant.given", text=NAMED, subject_kind="people.file", subject_id=file.pk,
            division=file.division, created_at=at,
        )  # fmt: skip


def _tell(file: File, kind: str, *, by: User, at: datetime, op: UUID | None, data: dict[str, object]) -> None:
    events.record(
        kind=kind, subject=("people.file", file.pk), division=file.division, by=by.pk, at=at, op=op, data=data
    )  # fmt: skip
