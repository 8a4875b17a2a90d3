"""New children, unfit carers and urgent reports, as a director sends them from the village."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from hutong.casework import reports
from hutong.casework.models import Report
from hutong.duties.models import Duty
from hutong.kernel.models import Event
from hutong.kernel.refusals import Refusal
from hutong.people.models import File, Kinship
from hutong.staff.models import Notice
from hutong.wellbeing.models import Flag, Visit
from tests import make
from tests.field.phone import Phone, clock, home, visit

pytestmark = pytest.mark.django_db
FACTS = {"child_words": "村东头老李家的孙女，七八岁", "situations": ["injury"], "facts": "胳膊上有几处青紫。"}


@pytest.fixture
def village() -> Any:
    class Village:
        lin, file = home()
        wu, zhou, ma = make.wu(), make.zhou(), make.ma()
        phone = Phone(lin)

    return Village


def test_a_new_child_and_the_visit_to_it_are_sent_in_one_go(village: Any) -> None:
    body = {
        "name": "陈小合", "sex": "1", "birth_date": "2018-03-04", "id_number": None, "circumstances": ["父母都在外面"], "note": "",
        "guardian": {"name": "陈爷合", "relation": "61", "phone": "13800138000"},
    }  # fmt: skip
    new = village.phone.op("child_new", body)
    first, second = village.phone.results(
        new, village.phone.op("visit", {**visit(village.file), "child": f"op:{new['op']}"})
    )
    assert (first["status"], second["status"]) == ("applied", "applied"), (first, second)
    file = File.objects.get(pk=first["file"])
    assert file.child.name == "陈小合" and file.division == make.HERE and Visit.objects.get().file == file
    assert Kinship.objects.get(child=file.child).guardian
    assert Notice.objects.filter(user=village.wu, kind="child_new").count() == 1
    assert village.phone.one(new)["status"] == "duplicate" and File.objects.count() == 2


def test_a_new_child_with_a_known_number_is_sent_back_with_the_reason(village: Any) -> None:
    number = make.id_number()
    body = {"name": "陈小合", "id_number": number}
    assert village.phone.one(village.phone.op("child_new", body))["status"] == "applied"
    again = village.phone.one(village.phone.op("child_new", body))
    assert (again["status"], again["reason"]["code"]) == ("rejected", "known_already")


def test_a_carer_who_beats_pages_supervisor_and_county(village: Any) -> None:
    body = {"child": str(village.file.pk), "carer": None, "signs": ["beats"], "note": "邻居听见"}
    assert village.phone.one(village.phone.op("carer_unfit", body))["status"] == "applied"
    assert Flag.objects.get(kind="carer_unfit").severity == "red"
    told = set(Notice.objects.filter(urgent=True).values_list("user_id", flat=True))
    assert told == {village.wu.pk, village.zhou.pk}
    odd = village.phone.one(village.phone.op("carer_unfit", {**body, "signs": ["x"]}))
    assert odd["status"] == "rejected"


def test_an_urgent_report_gets_a_receipt_two_notices_and_one_duty(village: Any) -> None:
    item = village.phone.op("report", {**FACTS, "reporter": {"name": "邻居合", "phone": "13800138000"}})
    said = village.phone.one(item)
    assert said["status"] == "applied" and said["receipt"].startswith("JB371726")
    again = village.phone.one(item)
    assert (again["status"], again["receipt"]) == ("duplicate", said["receipt"])
    report = Report.objects.get()
    assert report.file is None and report.division == make.HERE and report.receipt == said["receipt"]
    notices = Notice.objects.filter(kind="report.received")
    assert {n.user_id for n in notices} == {village.wu.pk, village.zhou.pk}
    assert not any(word in n.text for n in notices for word in ("老李", "青紫", "邻居合"))
    duty = Duty.objects.get(obligation="report.acknowledge")
    assert (duty.owner, duty.file, duty.state, duty.subject_id) == (village.wu, None, "due", report.pk)
    assert b"13800138000" not in bytes(report.reporter_sealed or b"")


def test_only_who_reads_cases_there_reads_the_report_not_even_who_sent_it(village: Any) -> None:
    village.phone.one(village.phone.op("report", FACTS))
    for who, seen in ((village.lin, False), (village.wu, True), (village.zhou, True), (village.ma, False)):
        with make.as_(who):
            assert Report.objects.exists() is seen
            assert Event.objects.filter(kind="casework.report.received").exists() is seen


def test_one_acknowledges_once_and_the_duty_is_done(village: Any) -> None:
    village.phone.one(village.phone.op("report", FACTS))
    with make.as_(village.wu):
        reports.acknowledge(report=Report.objects.get(), by=village.wu, at=clock())
    duty = Duty.objects.get(obligation="report.acknowledge")
    assert duty.state == "done"
    with make.as_(village.zhou), pytest.raises(Refusal):
        reports.acknowledge(report=Report.objects.get(), by=village.zhou, at=clock())


def test_an_acknowledgement_too_late_is_said_to_be_late(village: Any) -> None:
    village.phone.one(village.phone.op("report", FACTS))
    with make.as_(village.wu):
        reports.acknowledge(report=Report.objects.get(), by=village.wu, at=clock() + timedelta(days=5))
    duty = Duty.objects.get(obligation="report.acknowledge")
    assert duty.state == "missed" and duty.late_done_on


@pytest.mark.parametrize("child", ["elsewhere", "waiting"])
def test_a_report_is_taken_whatever_is_wrong_with_the_child(village: Any, child: str) -> None:
    named = {"elsewhere": str(uuid4()), "waiting": f"op:{uuid4()}"}[child]
    said = village.phone.one(
        village.phone.op("report", {"child": named, "situations": ["alone"], "facts": "一个人在家"})
    )
    assert said["status"] == "applied" and said["receipt"]


def test_a_report_of_a_known_child_points_to_the_file(village: Any) -> None:
    body = {**FACTS, "child": str(village.file.pk)}
    assert village.phone.one(village.phone.op("report", body))["status"] == "applied"
    assert Report.objects.get().file == village.file
    assert Duty.objects.get(obligation="report.acknowledge").file == village.file


@pytest.mark.parametrize("body", [{}, {"facts": "x"}, {"situations": ["nonsense"], "child_words": "a"}])
def test_a_report_that_says_nothing_is_sent_back(village: Any, body: dict[str, Any]) -> None:
    said = village.phone.one(village.phone.op("report", body))
    assert said["status"] == "rejected" and said["reason"]["message"].endswith("。")


def test_the_supervisors_worklist_stands_whatever_is_reported(village: Any) -> None:
    village.phone.results(
        village.phone.op("report", FACTS), village.phone.op("report", {**FACTS, "child": str(village.file.pk)})
    )
    page = Phone(village.wu, registered=False).client.get("/")
    assert page.status_code == 200 and "紧急报告接报" in page.content.decode()
