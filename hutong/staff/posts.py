"""Posts: who holds which role where, from when to when; handing over to a successor."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from hutong.kernel import events, reactions
from hutong.kernel.clock import day
from hutong.kernel.refusals import Refusal
from hutong.kernel.scope import Scope
from hutong.places.codes import level
from hutong.places.models import Division, Organisation
from hutong.policy.access import ROLES
from hutong.staff.accounts import tell
from hutong.staff.models import Post, User
from hutong.staff.queries import directors_of
from hutong.staff.rights import check_manages

_LEVELS = {2: "city", 3: "county", 4: "town", 5: "village"}
_AT = {"director": "村（居）", "supervisor": "镇（街）"}


class WrongPlace(Refusal):
    """The role is not held at such a place."""

    code = "wrong_place"


class PostHeld(Refusal):
    """The person holds this post already."""

    code = "post_held"


class SecondDirector(Refusal):
    """The village has a child director: most likely somebody is to be handed over to, and nobody comes in addition."""

    code = "second_director"

    def __init__(self, names: list[str]) -> None:
        super().__init__(
            "这个村已有儿童主任：%(names)s。没有登记，填的内容都还在。要换人，请打开原来的岗位点“交接”；村里确实要两名，请勾选“另加一名”再保存。",
            values={"names": "、".join(names)},
        )


def check_vacant(*, village: int, on: date, scope: Scope) -> None:
    """Raise SecondDirector where the village has, or will have, a child director. For who has not said that it is to have two."""
    if names := directors_of(village, on=on, scope=scope):
        raise SecondDirector(names)


@transaction.atomic
def appoint(
    *, user: User, role: str, division: int, start: date, by: User, at: datetime,
    organisation: Organisation | None = None, op: UUID | None = None,
) -> Post:  # fmt: skip
    """Give a person a post at a place from a day. Files and duties of the place follow (reactions).

    Raises Denied, WrongPlace, PostHeld.
    """
    if done := events.repeated(op):
        return Post.objects.get(pk=done.data["post"])
    check_manages(by, role, division)
    _not_later(start, day(at), "start")
    _check_place(role, division, start)
    if ROLES[role].office and (organisation is None or organisation.division != division):
        raise Refusal(
            "%(zh)s要写明是哪个部门的。没有保存，请选择部门。",
            values={"zh": ROLES[role].zh},
            code="no_office",
            field="office",
        )
    if Post.objects.filter(user=user, role=role, division=division, end=None).exists():
        raise PostHeld("%(name)s 已经在这个岗位上，没有重复登记。", values={"name": user.name})
    if not user.is_active:
        user.is_active = True
        user.save(update_fields=["is_active"])
    post = Post.objects.create(user=user, role=role, organisation=organisation, division=division, start=start)
    tell("staff.post.filled", user, division=division, by=by, at=at, op=op, post=str(post.pk), role=role)
    reactions.react("staff.post", post.pk, by=by, at=at)
    return post


def _not_later(on: date, today: date, field: str) -> None:
    # Files and duties change hands in the same step, so the day must have come.
    if on > today:
        raise Refusal("日期不能晚于今天，请到那一天再办理。没有保存。", code="bad_day", field=field)


def _check_place(role: str, division: int, on: date) -> None:
    place = Division.objects.filter(Q(valid_to=None) | Q(valid_to__gt=on), code=division).first()
    if place is None or _LEVELS.get(level(division), "") not in ROLES[role].levels:
        where = _AT.get(role, "县（区）或市")
        raise WrongPlace(
            "%(zh)s的岗位要设在%(where)s。没有保存，请重新选择地区。",
            values={"zh": ROLES[role].zh, "where": where},
            field="division",
        )


@transaction.atomic
def end_post(*, post: Post, on: date, because: str, by: User, at: datetime, op: UUID | None = None) -> Post:
    """End a post: from `on` the person no longer holds it. What was done stays under the person's name. Raises Denied."""
    if events.repeated(op):
        return Post.objects.get(pk=post.pk)
    check_manages(by, post.role, post.division)
    _not_later(on, day(at), "on")
    row = Post.objects.select_for_update().get(pk=post.pk)
    if row.end is not None:
        raise Refusal("这个岗位已在 %(end)s 结束，没有重复办理。", values={"end": row.end}, code="post_ended")
    if on < row.start:
        raise Refusal("离任日期早于到任日期，没有保存。请检查日期。", code="bad_day", field="on")
    row.end = on
    row.save(update_fields=["end"])
    tell(
        "staff.post.ended",
        row.user,
        division=row.division,
        by=by,
        at=at,
        op=op,
        post=str(row.pk),
        because=because[:200],
    )
    reactions.react("staff.post", row.pk, by=by, at=at)
    return row


@transaction.atomic
def hand_over(*, post: Post, to: User, on: date, because: str, by: User, at: datetime, op: UUID | None = None) -> Post:
    """The holder leaves, a successor takes over on the same day: files and open duties go to the successor."""
    if done := events.repeated(op):
        return Post.objects.get(pk=done.data["post"])
    if to.pk == post.user_id:
        raise Refusal("接任的人和离任的人是同一个人，没有保存。", code="same_person", field="to")
    next_one = Post.objects.filter(user=to, role=post.role, division=post.division, end=None).first()
    next_one = next_one or appoint(user=to, role=post.role, division=post.division, start=on, by=by, at=at, organisation=post.organisation)  # fmt: skip
    end_post(post=post, on=on, because=because, by=by, at=at)
    tell("staff.post.handed_over", to, division=post.division, by=by, at=at, op=op, post=str(next_one.pk), left=str(post.user_id))  # fmt: skip
    return next_one
