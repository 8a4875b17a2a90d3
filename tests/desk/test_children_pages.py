"""Officers and directors find, open and decide on pages, without script."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from hutong.duties import operations
from hutong.duties.models import Duty
from hutong.kernel.clock import now, today
from hutong.kernel.models import Access
from hutong.people import categories
from hutong.people.models import Category, File
from hutong.places.models import Division
from hutong.staff.models import User
from tests import make
from tests.make import AT, HERE

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
    with make.as_(zhou):
        return make.file(zhou, name="张小合")


def test_the_list_shows_files_of_the_area_with_a_count(zhou: User, file: File) -> None:
    page = browser(zhou).get("/children/").content.decode()
    assert "张小合" in page and "共 1 份" in page


def test_the_list_of_another_county_is_empty_and_says_so(file: File) -> None:
    page = browser(make.ma()).get("/children/").content.decode()
    assert "张小合" not in page and "没有符合条件的档案" in page


@pytest.mark.parametrize(
    "query", ["place=1", "place=９", "attention=%00", "page=-1", "page=x", "category='", "state=zzz"]
)
def test_a_strange_filter_is_ignored(zhou: User, file: File, query: str) -> None:
    assert browser(zhou).get(f"/children/?{query}").status_code == 200


def test_opening_a_file_is_written_down(zhou: User, file: File) -> None:
    assert browser(zhou).get(f"/children/{file.pk}/").status_code == 200
    assert Access.objects.filter(what="file", subject_id=file.pk, user_id=zhou.pk).count() == 1


def test_a_new_child_gets_a_file_once_however_often_it_is_sent(zhou: User) -> None:
    data = {"name": "李小合", "id_number": make.id_number(), "division": HERE, "hukou_kind": "rural", "op_id": uuid4()}
    client = browser(zhou)
    for _ in range(2):
        assert client.post("/children/new/", data).status_code == 302
    assert File.objects.filter(child__name="李小合").count() == 1


def test_a_wrong_number_keeps_what_was_typed_and_says_what_to_do(zhou: User) -> None:
    data = {"name": "李小合", "id_number": "371726201502081231", "division": HERE, "op_id": uuid4()}
    page = browser(zhou).post("/children/new/", data).content.decode()
    assert "校验码" in page and "李小合" in page and not File.objects.exists()


def test_one_proposes_and_another_confirms_on_the_page(zhou: User, file: File) -> None:
    qin = make.qin()
    with make.as_(zhou):
        row = categories.propose_category(file=file, kind="LEFT_BEHIND", by=zhou, at=AT)
    decision = {"verdict": "confirm", "on": "2026-11-02", "op_id": uuid4()}
    assert "要由另一位同志" in browser(zhou).get(f"/proposals/{row.pk}/").content.decode()
    browser(zhou).post(f"/proposals/{row.pk}/", decision)
    assert Category.objects.get(pk=row.pk).state == "proposed"
    assert browser(qin).post(f"/proposals/{row.pk}/", {**decision, "op_id": uuid4()}).status_code == 302
    assert Category.objects.get(pk=row.pk).state == "confirmed"


def test_several_are_confirmed_after_a_preview_that_names_them(zhou: User, file: File) -> None:
    qin = make.qin()
    with make.as_(zhou):
        row = categories.propose_category(file=file, kind="LEFT_BEHIND", by=zhou, at=AT)
    client = browser(qin)
    assert "张小合" in client.post("/proposals/bulk/", {"category": [row.pk]}).content.decode()
    assert Category.objects.get(pk=row.pk).state == "proposed"
    client.post("/proposals/bulk/", {"category": [row.pk], "sure": "yes"})
    assert Category.objects.get(pk=row.pk).state == "confirmed"


def test_the_search_page_finds_by_pinyin(zhou: User, file: File) -> None:
    assert "张小合" in browser(zhou).get("/search/?q=zhangxiaohe").content.decode()


def test_the_whole_number_is_shown_only_after_saying_what_for(zhou: User, file: File) -> None:
    client = browser(zhou)
    assert make.id_number()[:10] not in client.get(f"/children/{file.pk}/reveal/").content.decode()
    page = client.post(f"/children/{file.pk}/reveal/", {"purpose": "办理低保核对"}).content.decode()
    assert file.child.id_tail in page
    assert Access.objects.get(what="reveal").purpose == "办理低保核对"


def test_who_looked_is_seen_by_who_may(zhou: User, file: File) -> None:
    browser(zhou).get("/search/?q=zhang")
    assert zhou.name in browser(zhou).get("/looks/").content.decode()


def test_the_rules_page_says_what_they_used_and_lack(zhou: User, file: File) -> None:
    with make.as_(zhou):
        make.parents_away(file, zhou)
    page = browser(zhou).get(f"/children/{file.pk}/rules/").content.decode()
    assert "建议认定" in page and "外出务工" in page


def test_the_supervisor_rechecks_a_file_and_the_duty_of_that_name_is_settled(zhou: User) -> None:
    supervisor = make.wu()
    with make.as_(zhou):
        file = make.file(zhou, name="张小合", on=today() - timedelta(days=330))
        make.parents_away(file, zhou)
    operations.run(on=today(), at=now())
    duty = Duty.objects.get(file=file, obligation="file.recheck")
    client = browser(supervisor)
    assert reverse("children:recheck", args=[file.pk]) in client.get(f"/duties/{duty.pk}/").content.decode()
    page = client.get(f"/children/{file.pk}/recheck/").content.decode()
    assert "张小合" in page and "已逐项核对" in page and "父亲" in page
    sent = {"agrees": "on", "note": "到村里核对", "op_id": uuid4()}
    assert client.post(f"/children/{file.pk}/recheck/", sent).status_code == 302
    duty.refresh_from_db()
    assert (duty.state, duty.owner) == ("done", supervisor)


def test_a_review_without_the_tick_settles_nothing(zhou: User, file: File) -> None:
    page = browser(make.wu()).post(f"/children/{file.pk}/recheck/", {"note": "看过", "op_id": uuid4()})
    assert "还不能保存" in page.content.decode()
    file.refresh_from_db()
    assert file.rechecked_on is None


def test_a_director_notes_that_a_file_is_up_to_date(file: File) -> None:
    client = browser(make.lin())
    sent = {"agrees": "on", "note": "问过奶奶", "op_id": uuid4()}
    assert client.post(f"/children/{file.pk}/update/", sent).status_code == 302
    file.refresh_from_db()
    assert file.updated_on is not None
    assert "问过奶奶" in client.get(f"/children/{file.pk}/").content.decode()


def test_in_english_what_policy_names_is_english_too(zhou: User) -> None:
    with make.as_(zhou):
        file = make.file(zhou, name="张小合", on=today() - timedelta(days=3))
        make.parents_away(file, zhou)
    operations.run(on=today(), at=now())
    client = browser(zhou)
    client.post("/account/language/", {"language": "en", "next": "/"})
    page = client.get(f"/children/{file.pk}/").content.decode()
    assert not [word for word in ("first visit", "file opened", "father", "visit record") if word not in page]
    assert not [word for word in ("首次走访", "建立档案", "走访记录") if word in page]


@pytest.mark.django_db
def test_who_may_not_know_the_category_is_not_told_that_it_is_undecided() -> None:
    zhou, qin = make.zhou(), make.qin()
    with make.as_(zhou):
        file = make.file(zhou)
    make.left_behind(file, zhou, qin)
    liaison = browser(make.user("education_liaison", 371726000000)).get("/children/").content.decode()
    assert file.child.name in liaison
    assert "待认定" not in liaison and 'name="category"' not in liaison
    assert "留守儿童" in browser(zhou).get("/children/").content.decode()


@pytest.mark.django_db
def test_a_move_is_told_by_the_names_of_places() -> None:
    zhou = make.zhou()
    with make.as_(zhou):
        file = make.file(zhou)
    client, there = browser(zhou), Division.objects.get(code=make.NEXT)
    town = Division.objects.get(code=there.parent)
    sent = {"county": 371726000000, "because": "随奶奶搬家", "op_id": uuid4()}
    wrong = client.post(f"/children/{file.pk}/move/", {**sent, "place": "没有的村"}).content.decode()
    assert "没有叫“没有的村”的村（居）" in wrong and "随奶奶搬家" in wrong
    assert (
        client.post(f"/children/{file.pk}/move/", {**sent, "place": f"{town.name}{there.short_name}"}).status_code
        == 302
    )
    file.refresh_from_db()
    assert file.division == make.NEXT


@pytest.mark.django_db
def test_a_file_is_not_closed_for_a_reason_nobody_chose() -> None:
    zhou = make.zhou()
    with make.as_(zhou):
        file = make.file(zhou)
    sent = {"reason": "", "on": "2026-11-20", "op_id": uuid4()}
    assert browser(zhou).post(f"/children/{file.pk}/close/", sent).status_code == 200
    file.refresh_from_db()
    assert file.closed_on is None


def test_the_list_of_looks_says_whose_file_to_who_may_see_it_and_a_number_to_others() -> None:
    zhou, dpo = make.zhou(), make.user("dpo", 371726000000)
    with make.as_(zhou):
        file = make.file(zhou)
    officer = browser(zhou)
    officer.get(f"/children/{file.pk}/")
    assert file.child.name in officer.get("/looks/").content.decode()
    page = browser(dpo).get("/looks/").content.decode()
    assert file.child.name not in page
    assert f"…{str(file.pk)[-8:]}" in page
