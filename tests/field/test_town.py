"""The supervisor's overview: what waits in the town, each count a link to a list that holds as many."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from hutong.exchange.models import Conflict
from hutong.people import persons
from hutong.staff.models import Device, User
from tests import make
from tests.browser import PHONE, faults, overflows, sign_in
from tests.field.phone import Phone, clock, home

pytestmark = pytest.mark.django_db


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def busy() -> tuple[User, Phone]:
    """A town with one of each: a late duty, a conflict, a new child, a report, a silent phone that holds work."""
    wu, (lin, file) = make.wu(), home()
    phone = Phone(lin)
    with make.as_(wu):
        then = clock() - timedelta(days=14)
        make.file(wu, name="迟到合", on=then.date(), at=then)
        persons.set_address(person=file.child, detail="东头1号", on=make.ON, source="census", by=wu, at=make.AT)
    edits = {"address": {"was": "老屋", "now": "西头8号"}}
    body = {"child": str(file.pk), "what": "moved", "fields": edits, "occurred_on": clock().date().isoformat()}
    report = {"situations": ["alone"], "facts": "一个人在家", "child_words": "村头的孩子"}
    said = phone.results(
        phone.op("child_new", {"name": "新来合", "sex": "1"}), phone.op("change", body), phone.op("report", report)
    )
    assert [one["status"] for one in said] == ["applied", "needs_review", "applied"]
    Device.objects.filter(pk=phone.device).update(unsent=7, last_sync_at=clock() - timedelta(days=9))
    return wu, phone


def figures(page: str) -> dict[str, tuple[str, int]]:
    """Label → address and number, of the counts."""
    found = re.findall(r'<div class="sub">([^<]+)</div><div class="kpi[^"]*"><a href="([^"]+)">([\d,]+)</a>', page)
    return {label: (href.replace("&amp;", "&"), int(number.replace(",", ""))) for label, href, number in found}


def test_what_waits_is_counted_and_each_count_leads_to_as_many() -> None:
    wu, _ = busy()
    client = browser(wu)
    counts = figures(client.get("/town/").content.decode())
    assert len(counts) == 6 and {number for label, (_, number) in counts.items() if label != "逾期任务"} == {1}
    late = client.get(counts["逾期任务"][0] + "&format=json").json()
    assert late["counts"]["late"] == counts["逾期任务"][1] >= 1
    for label in ("紧急报告待接报", "待核对记录", "新增儿童待核实", "很久没联网的手机", "还有没上传的手机"):
        assert client.get(counts[label][0]).content.decode().count("<tr ") == 1, label
    assert "新来合" in client.get(counts["新增儿童待核实"][0]).content.decode()


def test_each_phone_says_what_it_holds_and_when_it_was_last_heard_of() -> None:
    wu, phone = busy()
    page = browser(wu).get("/town/").content.decode()
    assert "没上传 7 条" in page and "上次上传" in page and phone.user.name in page
    Device.objects.update(unsent=0, last_sync_at=clock())
    assert "没上传 7 条" not in browser(wu).get("/town/").content.decode()


def test_a_confirmed_child_no_longer_waits() -> None:
    from hutong.wellbeing import flags
    from hutong.wellbeing.models import Flag

    wu, _ = busy()
    with make.as_(wu):
        flags.close_flag(flag=Flag.objects.get(kind="child_new"), outcome="属实，已核对户口簿", by=wu, at=clock())
    assert figures(browser(wu).get("/town/").content.decode())["新增儿童待核实"][1] == 0


def test_another_county_counts_nothing_of_it_and_a_director_has_no_such_page() -> None:
    _, phone = busy()
    assert {number for _, number in figures(browser(make.ma()).get("/town/").content.decode()).values()} == {0}
    assert phone.client.get("/town/").status_code == 403
    assert Conflict.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_on_a_phone_it_fits_and_is_readable(open_at: Any, site: str) -> None:
    wu, _ = busy()
    page = open_at(size=PHONE)
    sign_in(page, site, wu.username, make.PASSWORD)
    for path in ("/town/", "/town/new/", "/devices/?view=silent"):
        page.goto(site + path)
        assert not faults(page) and overflows(page) == 0, path
    page.goto(site + "/town/")
    page.click(".fig a >> nth=3")
    page.wait_for_url("**/town/new/")
