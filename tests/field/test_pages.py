"""The supervisor's pages on reports and phones."""

from __future__ import annotations

from uuid import uuid4

import pytest

from hutong.casework.models import Report
from hutong.kernel.models import Access
from hutong.staff.models import Device, Notice
from tests import make
from tests.field.phone import Phone, home

pytestmark = pytest.mark.django_db


def test_the_supervisor_goes_from_the_notice_to_the_report_and_acknowledges_it() -> None:
    lin, _ = home()
    wu = make.wu()
    phone, desk = Phone(lin), Phone(wu, registered=False).client
    phone.one(phone.op("report", {"child_words": "老李家孙女", "situations": ["injury"], "facts": "胳膊青紫"}))
    report = Report.objects.get()
    assert report.receipt in desk.get("/reports/").content.decode()
    notice = Notice.objects.get(user=wu, kind="report.received")
    assert desk.post(f"/notices/{notice.pk}/").status_code in {302, 404}
    page = desk.get(f"/reports/{report.pk}/").content.decode()
    assert "胳膊青紫" in page and "老李家孙女" in page
    assert Access.objects.filter(what="report", user_id=wu.pk).count() == 1
    assert desk.post(f"/reports/{report.pk}/", {"op_id": str(uuid4())}).status_code == 302
    report.refresh_from_db()
    assert report.state == "acknowledged" and report.acknowledged_by == wu
    assert "已接报" in desk.get(f"/reports/{report.pk}/").content.decode()
    assert phone.client.get(f"/reports/{report.pk}/").status_code == 403


def test_the_supervisor_sees_what_a_phone_still_holds_and_takes_a_lost_one_off() -> None:
    lin, _ = home()
    wu = make.wu()
    phone, desk = Phone(lin), Phone(wu, registered=False).client
    phone.send(unsent=37)
    page = desk.get("/devices/").content.decode()
    assert "37" in page and lin.name in page and "红米" in page
    assert desk.post(f"/devices/{phone.device}/revoke/").status_code == 302
    assert Device.objects.get().revoked_by == wu
    assert phone.get(f"pack?device={phone.device}").json()["code"] == "revoked"
    assert "已停用" in desk.get("/devices/").content.decode()


def test_another_county_sees_neither() -> None:
    lin, _ = home()
    phone, desk = Phone(lin), Phone(make.ma(), registered=False).client
    phone.one(phone.op("report", {"child_words": "老李家孙女", "situations": ["injury"], "facts": "胳膊青紫"}))
    assert desk.get(f"/reports/{Report.objects.get().pk}/").status_code == 404
    assert desk.post(f"/devices/{phone.device}/revoke/").status_code == 404
    assert lin.name not in desk.get("/devices/").content.decode()
