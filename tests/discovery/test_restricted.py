"""Restricted leads: nobody sees one before taking it over, and then only who is named."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from hutong.discovery import operations, restricted
from hutong.discovery.models import HomeCheck, Lead
from hutong.duties.models import Duty
from hutong.kernel.models import Event
from hutong.kernel.refusals import Denied, Refusal
from hutong.people.models import File
from hutong.staff.models import Grant, Notice, User
from tests import make
from tests.desk.test_children_pages import browser
from tests.discovery.test_leads import folder, take

__all__ = ["folder"]
pytestmark = pytest.mark.django_db
GIRL = {"rule": "pregnancy_under_14", "domain": "safety", "restricted": True}


def over(by: User, **more: Any) -> Lead:
    with make.as_(by) as scope:
        duty = restricted.waiting(scope).get()
        taken = restricted.take_over(duty=duty, because="分管未成年人保护", by=by, at=make.AT, **more)
    return Lead.objects.get(pk=taken)


def test_what_waits_says_only_that_something_waits(folder: Path) -> None:
    lin, wu, zhou = make.lin(), make.wu(), make.zhou()
    take(folder, **GIRL)
    take(folder, **GIRL)
    duty = Duty.objects.get()
    assert (duty.division % 1_000_000, duty.due_on) == (0, make.ON + timedelta(days=1))
    assert "pregnancy" not in str(vars(duty)) and Notice.objects.get().user_id == zhou.pk
    for user, sees in ((lin, 0), (wu, 0), (zhou, 1)):
        with make.as_(user) as scope:
            assert restricted.waiting(scope).count() == sees
            assert not Lead.objects.exists()
    with make.as_(zhou) as scope, pytest.raises(Refusal, match="至少4个字"):
        restricted.take_over(duty=restricted.waiting(scope).get(), because="我", by=zhou, at=make.AT)
    with pytest.raises(Denied), make.as_(wu):
        restricted.take_over(duty=duty, because="分管未成年人保护", by=wu, at=make.AT)


def test_only_who_took_it_over_and_whom_he_names_sees_it(folder: Path) -> None:
    zhou, qin, op = make.zhou(), make.qin(), uuid4()
    take(folder, **GIRL)
    duty = Duty.objects.get()
    row = over(zhou, op=op)
    duty.refresh_from_db()
    assert (duty.state, duty.owner_id) == ("done", zhou.pk)
    with make.as_(qin), pytest.raises(Refusal, match="已由别人接办"):
        restricted.take_over(duty=duty, because="分管未成年人保护", by=qin, at=make.AT)
    with make.as_(zhou):
        restricted.take_over(duty=duty, because="分管未成年人保护", by=zhou, at=make.AT, op=op)
        assert Lead.objects.get() == row
    with make.as_(qin):
        assert not Lead.objects.exists()
        with pytest.raises(Refusal, match="只有接办"):
            restricted.give(lead=row, reader=qin, because="我也想看看", by=qin, at=make.AT)
    with make.as_(zhou):
        with pytest.raises(Refusal, match="本县"):
            restricted.give(lead=row, reader=make.lin(), because="请一起办理", by=zhou, at=make.AT)
        restricted.give(lead=row, reader=qin, because="请一起办理", by=zhou, at=make.AT)
    with make.as_(qin):
        assert Lead.objects.get() == row
    assert Grant.objects.count() == 2


def test_a_true_one_opens_a_restricted_file_and_tells_the_village_nothing(folder: Path) -> None:
    lin, zhou, qin = make.lin(), make.zhou(), make.qin()
    take(folder, **GIRL)
    row = over(zhou)
    with make.as_(zhou):
        operations.decide(lead=row, verdict="unsure", reason="已报警，等结果", by=zhou, at=make.AT)
        assert not HomeCheck.objects.exists()
    with make.as_(zhou):
        operations.decide(lead=row, verdict="true", by=zhou, at=make.AT)
    with make.as_(zhou):
        file = File.objects.get()
        assert file.restricted and Lead.objects.get().file_id == file.pk
    for user in (lin, qin):
        with make.as_(user):
            assert not File.objects.exists() and not Lead.objects.exists()
    told = Event.objects.filter(kind="discovery.lead.decided")
    assert {str(event.data) for event in told} == {"{}"} and not any(event.about for event in told)


def test_an_officer_takes_one_over_on_its_page(folder: Path) -> None:
    zhou, qin = make.zhou(), make.qin()
    take(folder, **GIRL)
    client, duty = browser(zhou), Duty.objects.get()
    assert "1 条限制线索等人接办" in client.get("/leads/").content.decode()
    page = client.get("/leads/restricted/").content.decode()
    assert "张小合" not in page and str(duty.pk) in page
    sent = {"duty": duty.pk, "because": "分管未成年人保护", "op_id": uuid4()}
    shown = client.post("/leads/restricted/", sent, follow=True).content.decode()
    assert "张小合" in shown and "先报110" in shown
    row = Lead.objects.get()
    assert browser(qin).get(f"/leads/{row.pk}/").status_code == 404
    client.post(f"/leads/{row.pk}/readers/", {"reader": qin.pk, "because": "请一起办理", "op_id": uuid4()})
    assert browser(qin).get(f"/leads/{row.pk}/").status_code == 200
