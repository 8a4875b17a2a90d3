"""Accounts without e-mail, posts with periods, and what follows when a director leaves."""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO

import openpyxl
import pytest

from hutong.kernel.ids import uuid7
from hutong.kernel.refusals import Denied, Refusal
from hutong.people.models import File
from hutong.staff import accounts, posts, queries, roster
from hutong.staff.access import scope_of
from hutong.staff.models import Post, User
from tests import make

pytestmark = pytest.mark.django_db
OWN = "自己的口令 8 位以上"


def _new(by: User, phone: str = "13800000001", name: str = "合成新人") -> User:
    return accounts.open_account(name=name, phone=phone, division=make.HERE, by=by, at=make.AT)


def test_a_slip_opens_the_account_once_and_with_a_password_of_ones_own() -> None:
    zhou = make.zhou()
    with make.as_(zhou):
        user = _new(zhou)
        posts.appoint(user=user, role="director", division=make.HERE, start=make.ON, by=zhou, at=make.AT)
        code = accounts.print_slip(user=user, by=zhou, at=make.AT)
    assert code.replace("-", "") not in User.objects.get(pk=user.pk).slip_hash
    accounts.activate(phone="13800000001", code=code.lower(), password=OWN, at=make.AT)
    assert User.objects.get(pk=user.pk).check_password(OWN)
    with pytest.raises(accounts.BadSlip):
        accounts.activate(phone="13800000001", code=code, password=OWN, at=make.AT)


@pytest.mark.parametrize(
    "change", [{"code": "AAAA-AAAA"}, {"phone": "13800000002"}, {"at": make.AT + timedelta(days=15)}]
)
def test_a_wrong_or_old_slip_opens_nothing(change: dict[str, object]) -> None:
    zhou = make.zhou()
    user = _new(zhou)
    posts.appoint(user=user, role="director", division=make.HERE, start=make.ON, by=zhou, at=make.AT)
    code = accounts.print_slip(user=user, by=zhou, at=make.AT)
    with pytest.raises(accounts.BadSlip):
        accounts.activate(**{"phone": "13800000001", "code": code, "password": OWN, "at": make.AT, **change})  # type: ignore[arg-type]


def test_a_weak_password_leaves_the_slip_valid() -> None:
    zhou = make.zhou()
    user = _new(zhou)
    posts.appoint(user=user, role="director", division=make.HERE, start=make.ON, by=zhou, at=make.AT)
    code = accounts.print_slip(user=user, by=zhou, at=make.AT)
    with pytest.raises(accounts.WeakPassword):
        accounts.activate(phone="13800000001", code=code, password="12345678", at=make.AT)
    assert accounts.activate(phone="13800000001", code=code, password=OWN, at=make.AT)


def test_a_supervisor_resets_his_directors_and_nobody_else() -> None:
    wu, lin, other = make.wu(), make.lin(), make.user("director", make.THERE)
    with make.as_(wu):
        assert accounts.print_slip(user=lin, by=wu, at=make.AT)
        for user in (other, make.zhou(), wu):
            with pytest.raises(Denied):
                accounts.print_slip(user=user, by=wu, at=make.AT)
    assert not User.objects.get(pk=lin.pk).has_usable_password()


def test_posts_are_filled_only_inside_the_area_and_only_below_oneself() -> None:
    zhou, ma = make.zhou(), make.ma()
    user = _new(zhou)
    with make.as_(zhou):
        with pytest.raises(Denied):
            posts.appoint(user=user, role="director", division=make.THERE, start=make.ON, by=zhou, at=make.AT)
        with pytest.raises(Denied):
            posts.appoint(user=user, role="county_officer", division=371726000000, start=make.ON, by=zhou, at=make.AT)
        with pytest.raises(posts.WrongPlace):
            posts.appoint(user=user, role="director", division=371726001000, start=make.ON, by=zhou, at=make.AT)
    with make.as_(ma), pytest.raises(Denied):
        posts.appoint(user=user, role="director", division=make.HERE, start=make.ON, by=ma, at=make.AT)
    assert not Post.objects.filter(user=user).exists()


def test_files_go_to_the_successor_when_a_director_leaves() -> None:
    zhou, lin = make.zhou(), make.lin()
    with make.as_(zhou):
        file = make.file(zhou)
        assert file.director_id == lin.pk
        next_one = _new(zhou)
        post, op = lin.posts.get(), uuid7()
        posts.hand_over(post=post, to=next_one, on=make.ON, because="调离", by=zhou, at=make.AT, op=op)
        posts.hand_over(post=post, to=next_one, on=make.ON, because="调离", by=zhou, at=make.AT, op=op)
    assert File.objects.get(pk=file.pk).director_id == next_one.pk
    assert Post.objects.get(pk=post.pk).end == make.ON
    assert Post.objects.filter(user=next_one).count() == 1


def test_an_administrator_who_sees_no_child_can_still_hand_a_post_over() -> None:
    zhou, lin = make.zhou(), make.lin()
    admin = make.user("admin", 371700000000)
    with make.as_(zhou):
        file = make.file(zhou)
    with make.as_(admin) as scope:
        assert scope.ranges == ()
        assert not File.objects.exists()
        posts.end_post(post=lin.posts.get(), on=make.ON, because="离职", by=admin, at=make.AT)
        assert [v.code for v in queries.without_director(scope, on=make.ON, under=(make.HERE, make.HERE + 1))] == [
            make.HERE
        ]
    assert File.objects.get(pk=file.pk).director_id is None
    with make.as_(admin):
        new = _new(admin)
        posts.appoint(user=new, role="director", division=make.HERE, start=make.ON, by=admin, at=make.AT)
    assert File.objects.get(pk=file.pk).director_id == new.pk


def test_the_door_for_files_moves_nothing_that_posts_do_not_say() -> None:
    """Called directly, with a director still in post, it changes nothing."""
    from django.db import connection

    zhou, lin, wu = make.zhou(), make.lin(), make.wu()
    with make.as_(zhou):
        file = make.file(zhou)
    with make.as_(wu), connection.cursor() as cursor:
        cursor.execute("select hutong_directors_follow(%s, %s, %s)", [make.HERE, lin.pk, make.ON])
    assert File.objects.get(pk=file.pk).director_id == lin.pk


def test_a_day_to_come_is_refused() -> None:
    zhou, lin = make.zhou(), make.lin()
    with make.as_(zhou), pytest.raises(Refusal):
        posts.end_post(post=lin.posts.get(), on=make.ON + timedelta(days=1), because="", by=zhou, at=make.AT)


def _book(rows: list[list[object]]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_list_makes_accounts_and_says_for_every_row_what_became_of_it() -> None:
    from hutong.places.models import Division

    zhou = make.zhou()
    town, village = Division.objects.get(code=make.HERE // 1000 * 1000), Division.objects.get(code=make.HERE)
    content = _book(
        [
            ["鄄城县儿童主任名单"],
            ["序号", "岗位", "姓 名", "手机号", "乡镇（街道）", "村（居）"],
            [1, "儿童主任", "合成 甲", 13800000011, town.name, village.name],
            [2, "督导员", "合成乙", "138-0000-0012", town.short_name, ""],
            [3, "儿童主任", "合成丙", "12345", town.name, village.name],
            [4, "儿童主任", "合成丁", "13800000014", town.name, "没有这个村"],
            [5, "门卫", "合成戊", "13800000015", town.name, ""],
            [6, "儿童主任", "合成己", "13800000011", town.name, village.name],
            [None, None, None, None, None, None],
            [7, "儿童主任", "合成庚", "13800000017", "牡丹街道", "东关"],
        ]
    )
    with make.as_(zhou):
        lines = roster.apply(lines=roster.read(content), by=zhou, at=make.AT)
        again = roster.apply(lines=roster.read(content), by=zhou, at=make.AT)
    assert [(line.row, line.status) for line in lines] == [
        (3, "ok"), (4, "ok"), (5, "refused"), (6, "refused"), (7, "refused"), (8, "refused"), (10, "refused"),
    ]  # fmt: skip
    assert [line.status for line in again[:2]] == ["same", "same"]
    assert all(line.reason for line in lines if line.status == "refused")
    assert Post.objects.get(user__username="13800000011").division == make.HERE
    assert not User.objects.filter(username__in=["13800000014", "13800000015", "13800000017"]).exists()


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 not a workbook", _book([["a", "b"], [1, 2]]), b"x" * 6_000_000])
def test_what_is_no_list_is_refused_with_a_sentence(content: bytes) -> None:
    with pytest.raises(roster.BadList) as refusal:
        roster.read(content)
    assert "没有读取" in refusal.value.sentence


def test_who_left_no_longer_signs_in() -> None:
    zhou, lin = make.zhou(), make.lin()
    with make.as_(zhou):
        accounts.switch_off(user=lin, because="离职", by=zhou, at=make.AT)
    assert not User.objects.get(pk=lin.pk).is_active


def test_a_post_list_stays_inside_the_area() -> None:
    zhou, lin = make.zhou(), make.lin()
    make.user("director", make.THERE)
    held = queries.posts_in(scope_of(zhou), on=date(2026, 11, 2), role="director")
    assert [post.user_id for post in held] == [lin.pk]
