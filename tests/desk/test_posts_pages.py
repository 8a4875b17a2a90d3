"""People and posts in a browser: appoint, print the slip, activate, sign in, hand over."""

from __future__ import annotations

import os
import re
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from django.test import Client

from hutong.kernel.clock import today
from hutong.people.models import File
from hutong.places.models import Division
from hutong.staff.models import Post, Session, User
from tests import make
from tests.browser import DESK, PHONE, faults, overflows, sign_in

OWN = "一句自己的口令 9"


def _signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def _picture(page: Any, name: str) -> None:
    if folder := os.environ.get("HUTONG_PICTURES"):
        page.screenshot(path=f"{folder}/{name}.png")


def test_from_appointment_to_first_sign_in(site: str, open_at: Any) -> None:
    zhou = make.zhou()
    village = Division.objects.get(code=make.HERE)
    town = Division.objects.get(code=village.parent)
    office = open_at(size=DESK)
    sign_in(office, site, zhou.username, make.PASSWORD)
    office.goto(f"{site}/posts/new/")
    office.fill("#id_name", "合成新人")
    office.fill("#id_phone", "138 0000 0021")
    office.select_option("#id_role", "director")
    office.fill("#id_town", town.name)
    office.fill("#id_village", village.name)
    assert faults(office) == []
    office.click("main .btn.pri")
    office.on("dialog", lambda dialog: dialog.accept())
    office.click("main form .btn")
    code = office.locator(".slip .code").inner_text()
    _picture(office, "slip")
    assert faults(office) == []

    phone = open_at(f"{site}/account/login/", PHONE)
    phone.click("text=第一次登录")
    for field, value in {"phone": "13800000021", "code": code, "password": OWN, "again": OWN}.items():
        phone.fill(f"#id_{field}", value)
    assert faults(phone) == []
    assert overflows(phone) <= 0
    phone.click("main .btn.pri")
    sign_in(phone, site, "13800000021", OWN)
    phone.goto(f"{site}/account/me/")
    assert village.short_name in phone.inner_text("main")
    assert faults(phone) == []
    _picture(phone, "me_360")


def test_a_village_gets_a_second_director_only_when_the_officer_says_so(db: None) -> None:
    zhou, lin = make.zhou(), make.lin()
    village = Division.objects.get(code=make.HERE)
    client = _signed_in(zhou)
    said = {
        "name": "合成新人", "phone": "13800000022", "role": "director", "start": today().isoformat(),
        "town": Division.objects.get(code=village.parent).name, "village": village.name,
    }  # fmt: skip
    answer = client.post("/posts/new/", said)
    assert f"这个村已有儿童主任：{lin.name}。" in answer.content.decode()
    assert 'name="second"' in answer.content.decode() and "13800000022" in answer.content.decode()
    assert Post.objects.filter(division=make.HERE, role="director").count() == 1
    assert not User.objects.filter(username="13800000022").exists()
    assert client.post("/posts/new/", {**said, "second": "on"}).status_code == 302
    assert Post.objects.filter(division=make.HERE, role="director").count() == 2


def test_the_list_and_the_gaps_fit_both_sizes(site: str, open_at: Any) -> None:
    zhou = make.zhou()
    make.lin()
    for size in (DESK, PHONE):
        page = open_at(size=size)
        sign_in(page, site, zhou.username, make.PASSWORD)
        for path in ("posts/", "posts/vacant/", "posts/list/"):
            page.goto(f"{site}/{path}")
            _picture(page, f"{path.strip('/').replace('/', '_')}_{size['width']}")
            assert faults(page) == [], path
            assert overflows(page) <= 0, path


@pytest.mark.django_db
def test_a_successor_gets_files_by_the_form_and_twice_is_once() -> None:
    zhou, lin = make.zhou(), make.lin()
    with make.as_(zhou):
        file = make.file(zhou)
    post, client = lin.posts.get(), _signed_in(zhou)
    sent = {
        "name": "合成接任", "phone": "13800000031", "on": str(today()), "because": "换届",
        "op_id": "01931d2c-0000-7000-8000-000000000001",
    }  # fmt: skip
    first = client.post(f"/posts/{post.pk}/hand-over/", sent)
    again = client.post(f"/posts/{post.pk}/hand-over/", sent)
    assert (first.status_code, first["Location"]) == (302, again["Location"])
    assert File.objects.get(pk=file.pk).director.name == "合成接任"
    assert Post.objects.filter(division=make.HERE, end=None).count() == 1


@pytest.mark.django_db
def test_a_list_of_people_is_read_and_answers_row_by_row() -> None:
    village = Division.objects.get(code=make.HERE)
    town = Division.objects.get(code=village.parent)
    book, out = openpyxl.Workbook(), BytesIO()
    book.active.append(["姓名", "手机号", "岗位", "乡镇", "村"])
    book.active.append(["合成甲", "13800000041", "儿童主任", town.name, village.name])
    book.active.append(["合成乙", "138", "儿童主任", town.name, village.name])
    book.save(out)
    out.seek(0)
    out.name = "名单.xlsx"
    page = _signed_in(make.zhou()).post("/posts/list/", {"book": out}).content.decode()
    assert "开通 1 人" in page
    assert "没有办成 1 行" in page
    assert Post.objects.filter(user__username="13800000041", division=make.HERE).exists()


@pytest.mark.django_db
def test_what_is_no_workbook_ends_as_a_sentence() -> None:
    file = BytesIO(b"not a workbook")
    file.name = "x.xlsx"
    answer = _signed_in(make.zhou()).post("/posts/list/", {"book": file})
    assert answer.status_code == 200
    assert "没有读取" in answer.content.decode()


@pytest.mark.django_db
def test_a_post_of_another_county_is_not_found() -> None:
    there = make.user("director", make.THERE).posts.get()
    client = _signed_in(make.zhou())
    for page in ("", "hand-over/", "end/"):
        assert client.get(f"/posts/{there.pk}/{page}").status_code == 404
    assert client.post(f"/posts/{there.pk}/slip/").status_code == 404


@pytest.mark.django_db
def test_a_supervisor_prints_a_slip_for_a_director_and_ends_the_directors_sessions() -> None:
    wu, lin = make.wu(), make.lin()
    _signed_in(lin)
    assert Session.objects.filter(user_id=lin.pk).exists()
    page = _signed_in(wu).post(f"/posts/{lin.posts.get().pk}/slip/").content.decode()
    assert re.search(r"[2-9A-Z]{4}-[2-9A-Z]{4}", page)
    assert not Session.objects.filter(user_id=lin.pk).exists()
    lin.refresh_from_db()
    assert _signed_in(lin).get("/posts/").status_code == 403


@pytest.mark.django_db
def test_the_first_administrator_of_the_city_can_appoint_officers_of_each_county() -> None:
    admin = make.user("admin", 371700000000)
    client = _signed_in(admin)
    assert client.get("/")["Location"] == "/posts/"
    sent = {"name": "合成县干", "phone": "13800000051", "role": "county_officer", "start": str(today())}
    unsaid = client.post("/posts/new/", sent)
    assert "没有写县（区）" in unsaid.content.decode()
    assert client.post("/posts/new/", {**sent, "county": "鄄城县"}).status_code == 302
    assert Post.objects.get(user__username="13800000051").division == 371726000000


@pytest.mark.django_db
def test_an_officer_of_one_county_is_not_asked_for_the_county() -> None:
    assert 'name="county"' not in _signed_in(make.zhou()).get("/posts/new/").content.decode()


@pytest.mark.django_db
def test_a_list_for_the_whole_city_names_the_county_of_each_row() -> None:
    book, out = openpyxl.Workbook(), BytesIO()
    book.active.append(["姓名", "手机号", "岗位", "县（区）", "乡镇（街道）", "村（居）"])
    book.active.append(["合成甲", "13800000061", "县区民政干部", "鄄城县", "", ""])
    book.active.append(["合成乙", "13800000062", "儿童督导员", "曹县", "陈王街道", ""])
    book.save(out)
    out.seek(0)
    out.name = "名单.xlsx"
    page = _signed_in(make.user("admin", 371700000000)).post("/posts/list/", {"book": out}).content.decode()
    assert "开通 1 人" in page
    assert "没有办成 1 行" in page
    assert Post.objects.get(user__username="13800000061").division == 371726000000
