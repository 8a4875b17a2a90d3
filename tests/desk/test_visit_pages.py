"""A director records on pages, without script."""

from __future__ import annotations

import io
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from PIL import Image

from hutong.duties.models import Duty
from hutong.kernel.clock import now, today, week
from hutong.kernel.models import Access
from hutong.people.models import Circumstance, File, Kinship
from hutong.staff.models import User
from hutong.wellbeing.models import Agreement, Attempt, Contact, Flag, Photo, Visit
from tests import make

pytestmark = pytest.mark.django_db


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def zhou() -> User:
    return make.zhou()


@pytest.fixture
def file(zhou: User) -> File:
    row = make.file(zhou, name="张小合")
    make.parents_away(row, zhou)
    return row


@pytest.fixture
def lin(file: File) -> Client:
    return browser(make.lin())


def answers(**more: Any) -> dict[str, Any]:
    return {"occurred_on": today().isoformat(), "op_id": str(uuid4()), "seen": ["child"], "lives_with": "same", **more}


def sent(client: Client, file: File, page: str, data: dict[str, Any]) -> Any:
    return client.post(f"/children/{file.pk}/{page}/", data)


@pytest.mark.parametrize("page", ["visit", "attempt", "contact", "change", "agreement"])
def test_each_page_opens_with_the_child_s_name(lin: Client, file: File, page: str) -> None:
    shown = lin.get(f"/children/{file.pk}/{page}/")
    assert shown.status_code == 200
    assert "张小合" in shown.content.decode()


def test_a_visit_is_recorded_once_however_often_it_is_sent(lin: Client, file: File) -> None:
    data = answers(study="in", wish="想要书包")
    for _ in range(2):
        assert sent(lin, file, "visit", data).status_code == 302
    visit = Visit.objects.get()
    shown = lin.get(f"/visits/{visit.pk}/").content.decode()
    assert "想要书包" in shown
    assert "正常上学" in shown


def test_what_was_typed_survives_a_mistake_and_the_sentence_stands_beside_the_question(lin: Client, file: File) -> None:
    page = sent(lin, file, "visit", answers(seen=[], wish="想要书包", occurred_on="2099-01-01")).content.decode()
    assert "想要书包" in page
    assert "请回答这一项" in page or "还没有到" in page
    assert not Visit.objects.exists()


def test_after_a_mistake_the_operation_is_still_the_same(lin: Client, file: File) -> None:
    data = answers(seen=["neighbour"])
    page = sent(lin, file, "visit", data).content.decode()
    assert data["op_id"] in page
    assert "只见到邻居" in page


@pytest.mark.parametrize(
    "changes",
    [
        {"occurred_on": "0000-00-00"}, {"occurred_on": "9999-12-31"}, {"occurred_on": "昨天"}, {"op_id": "x"},
        {"seen": ["'; drop table"]}, {"father": "<script>alert(1)</script>"}, {"wish": "想" * 5000}, {"lives_with": "\x00"},
        {"signs": ["self_harm", "ghost"]},
    ],
)  # fmt: skip
def test_strange_input_is_answered_with_a_page_and_keeps_nothing(
    lin: Client, file: File, changes: dict[str, Any]
) -> None:
    page = sent(lin, file, "visit", answers(**changes))
    assert page.status_code == 200
    assert "<script>alert" not in page.content.decode()
    assert not Visit.objects.exists()


def test_a_sign_of_harm_tells_the_director_to_call_the_police_first(lin: Client, file: File) -> None:
    page = lin.post(f"/children/{file.pk}/visit/", answers(danger=["injury"]))
    assert page.status_code == 302
    assert Flag.objects.get().severity == "red"


def test_the_director_does_not_read_back_what_was_seen_of_the_mind_and_the_county_does(
    lin: Client, file: File, zhou: User
) -> None:
    sent(lin, file, "visit", answers(signs=["crying"]))
    visit = Visit.objects.get()
    assert "老是哭" not in lin.get(f"/visits/{visit.pk}/").content.decode()
    assert "老是哭" in browser(zhou).get(f"/visits/{visit.pk}/").content.decode()


def picture() -> io.BytesIO:
    out = io.BytesIO()
    Image.new("RGB", (50, 40), (9, 9, 9)).save(out, "JPEG")
    out.seek(0)
    out.name = "p.jpg"
    return out


def test_photos_are_kept_and_a_file_that_is_none_is_told_without_losing_the_visit(
    lin: Client, file: File, settings: Any, tmp_path: Any, zhou: User
) -> None:
    settings.ATTACHMENTS = tmp_path
    lie = io.BytesIO(b"<?php echo 1; ?>")
    lie.name = "photo.jpg"
    sent(lin, file, "visit", answers(photos=[picture(), lie]))
    photo = Photo.objects.get()
    shown = browser(zhou).get(f"/photos/{photo.pk}/")
    assert shown["Content-Type"] == "image/jpeg"
    assert "no-store" in shown["Cache-Control"]
    assert browser(make.ma()).get(f"/photos/{photo.pk}/").status_code == 404
    assert Access.objects.filter(what="photo", user_id=zhou.pk).count() == 1


def test_an_attempt_is_recorded_and_is_no_visit(lin: Client, file: File) -> None:
    sent(lin, file, "attempt", {"occurred_on": today().isoformat(), "why": "门锁着，没人", "op_id": uuid4()})
    assert Attempt.objects.count() == 1
    assert not Visit.objects.exists()


def test_both_directions_of_a_week_are_recorded_in_one_sending(lin: Client, file: File) -> None:
    last = week(today() - timedelta(weeks=1))
    data = {"week_key": last, "child": "done", "carer": "missed", "channel": "phone", "urged": "on", "op_id": uuid4()}
    for _ in range(2):
        assert sent(lin, file, "contact", data).status_code == 302
    page = lin.get(f"/children/{file.pk}/").content.decode()
    assert "父母与孩子 · 联系了" in page and "父母与照护人 · 没有联系" in page
    assert set(Contact.objects.values_list("direction", "state")) == {
        ("parent_child", "done"), ("parent_carer", "missed"), ("director_parent", "done"),
    }  # fmt: skip
    assert (
        Contact.objects.get(direction="director_parent").occurred_on == today()
    )  # settles the director's duty to urge


def test_another_carer_is_recorded(lin: Client, file: File) -> None:
    data = {
        "occurred_on": today().isoformat(),
        "what": ["carer"],
        "carer": "new",
        "name": "孙姥合",
        "relation": "64",
        "op_id": uuid4(),
    }
    assert sent(lin, file, "change", data).status_code == 302
    assert Kinship.objects.get(carer=True, end=None).relative.name == "孙姥合"


def test_a_change_of_carer_without_a_name_is_asked_for_and_nothing_is_kept(lin: Client, file: File) -> None:
    data = {"occurred_on": today().isoformat(), "what": ["carer", "father_home"], "op_id": uuid4()}
    page = sent(lin, file, "change", data)
    assert page.status_code == 200
    assert "请选或填写" in page.content.decode()
    assert not Circumstance.objects.filter(source="change").exists()


def agreement(file: File, **more: Any) -> dict[str, Any]:
    carer = Kinship.objects.get(child=file.child, carer=True).relative_id
    on = today().isoformat()
    return {
        "carer": str(carer), "start": on, "reason": "父母在苏州务工", "bar_a": "no", "bar_b": "no", "bar_c": "no", "bar_d": "no",
        "signed_on": on, "village_told_on": on, "op_id": uuid4(), **more,
    }  # fmt: skip


def test_an_agreement_is_in_force_when_signed_and_told(lin: Client, file: File) -> None:
    data = agreement(file)
    for _ in range(2):
        assert sent(lin, file, "agreement", data).status_code == 302
    assert Agreement.objects.get().state == "active"


def test_a_carer_who_gambles_is_barred_and_nothing_is_kept(lin: Client, file: File) -> None:
    page = sent(lin, file, "agreement", agreement(file, bar_b="yes"))
    assert page.status_code == 200
    assert "依法不得" in page.content.decode()
    assert not Agreement.objects.exists()


def test_the_supervisor_closes_a_flag_and_the_director_may_not(lin: Client, file: File) -> None:
    sent(lin, file, "visit", answers(danger=["hungry"]))
    flag = Flag.objects.get()
    data = {"because": "已送米面，列入帮扶", "op_id": uuid4()}
    assert lin.post(f"/flags/{flag.pk}/", data).status_code == 403
    assert browser(make.wu()).post(f"/flags/{flag.pk}/", data).status_code == 302
    assert Flag.objects.get().closed_at


def test_what_was_typed_survives_the_end_of_the_session(lin: Client, file: File) -> None:
    page = lin.get(f"/children/{file.pk}/visit/").content.decode()
    mark = page.split('name="_who" value="')[1].split('"')[0]
    lin.logout()
    late = lin.post(f"/children/{file.pk}/visit/", answers(wish="想要书包", _who=mark))
    assert late.status_code == 302
    assert "login" in late["Location"]
    assert "kept" in late["Location"]


def test_a_visit_settles_the_first_visit_on_the_spot(zhou: User) -> None:
    file = make.file(zhou, on=today(), at=now())
    lin = browser(make.lin())
    sent(lin, file, "visit", answers())
    first = Duty.objects.get(file=file, obligation="visit.first")
    assert (first.state, first.done_on) == ("done", today())


def test_a_visit_can_be_told_as_json_and_is_answered_as_json(lin: Client, file: File) -> None:
    told = lin.post(f"/children/{file.pk}/visit/?format=json", answers())
    assert (told.status_code, told.json()["id"]) == (201, str(Visit.objects.get().pk))
    wrong = lin.post(f"/children/{file.pk}/visit/?format=json", answers(seen=[], occurred_on=""))
    assert wrong.status_code == 422
    assert "occurred_on" in wrong.json()["problems"]


def test_a_draft_with_a_barred_carer_says_at_once_that_it_can_never_be_signed(lin: Client, file: File) -> None:
    unsigned = agreement(file, bar_b="yes", signed_on="", village_told_on="")
    page = lin.get(sent(lin, file, "agreement", unsigned)["Location"]).content.decode()
    assert Agreement.objects.get().state == "draft"
    assert "不能签字生效" in page and "赌博" in page
    assert "不能签字生效" not in lin.get(sent(lin, file, "agreement", agreement(file))["Location"]).content.decode()


@pytest.mark.parametrize("day", ["0001-01-01", "2001-01-01", "9999-12-31"])
def test_a_visit_on_an_impossible_day_is_refused_with_a_sentence_and_keeps_what_was_typed(
    lin: Client, file: File, day: str
) -> None:
    page = sent(lin, file, "visit", answers(occurred_on=day, wish="想要书"))
    assert page.status_code == 200
    assert "填写的内容还在" in page.content.decode() and "想要书" in page.content.decode()
    assert not Visit.objects.exists()


def test_a_visit_before_the_rules_began_is_refused(lin: Client) -> None:
    lin_user, zhou = make.lin(), make.zhou()
    with make.as_(zhou):
        old = make.file(zhou, born=date(2010, 5, 4))
    page = sent(browser(lin_user), old, "visit", answers(occurred_on="2012-01-01"))
    assert page.status_code == 200 and "太早了" in page.content.decode()
