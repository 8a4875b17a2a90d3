"""A file of unsent records from a phone without network, and a look at home told on the phone."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from hutong.discovery.models import HomeCheck, Lead
from hutong.exchange.models import Conflict, FieldOperation
from hutong.kernel.models import Event
from hutong.people import persons
from hutong.staff.models import Notice, User
from hutong.wellbeing.models import Visit
from tests import make
from tests.field.phone import Phone, clock, home, visit
from tests.field.test_sealed import key_of, seal

pytestmark = pytest.mark.django_db


def bring(user: User, content: Any) -> str:
    """The supervisor's page after a file was given to it."""
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    raw = content if isinstance(content, bytes) else json.dumps(content).encode()
    page: str = client.post("/devices/handed/", {"file": SimpleUploadedFile("x.json", raw)}).content.decode()
    return page


def test_the_supervisor_takes_in_what_the_phone_could_not_send_and_the_phone_sends_it_again_in_vain() -> None:
    lin, file = home()
    wu, phone = make.wu(), Phone(lin)
    item = phone.op("visit", visit(file))
    page = bring(wu, {"v": 1, "device": str(phone.device), "operations": [seal(item, key_of(phone))]})
    assert "收入结果" in page and lin.name in page
    assert Visit.objects.get().by == lin
    assert Event.objects.get(kind="exchange.field.handed").user_id == wu.pk
    assert phone.one(item)["status"] == "duplicate" and Visit.objects.count() == 1


def test_a_file_of_another_town_a_plain_one_and_nonsense_take_nothing() -> None:
    lin, file = home()
    phone = Phone(lin)
    item = phone.op("visit", visit(file))
    other = make.user("supervisor", 371721001000)
    told = {"v": 1, "device": str(phone.device), "operations": [seal(item, key_of(phone))]}
    assert "不在您负责的地区" in bring(other, told)
    wu = make.wu()
    assert "不是手机加密存出的" in bring(wu, {**told, "operations": [item]})
    for nonsense in (b"\xff", b"[]", b'{"device": 3}', b'{"device": "x", "operations": 7}'):
        assert "不是从手机存出的文件" in bring(wu, nonsense)
    assert not FieldOperation.objects.exists() and not Visit.objects.exists()


def asked(lin: User, zhou: User) -> HomeCheck:
    """The county asks the village to look at a child no file knows."""
    from hutong.discovery import homechecks

    lead = Lead.objects.create(
        key="k1", rule="uncared_for", division=make.HERE, domain="judicial", name="童合成", sex="2", certainty="sure", weight=1,
        first_found_on=make.ON, last_found_on=make.ON, taken_at=make.AT,
    )  # fmt: skip
    with make.as_(zhou):
        row = homechecks.ask(lead=lead, question="请看看孩子跟谁住", by=zhou, at=clock())
    assert row
    return row


def test_a_look_at_home_is_in_the_pack_until_it_is_answered_on_the_phone() -> None:
    lin, zhou = make.lin(), make.zhou()
    row, phone = asked(lin, zhou), Phone(lin)
    (told,) = phone.pack()["checks"]
    assert (told["id"], told["name"], told["ask"]) == (
        str(row.pk),
        "童合成",
        "请看看孩子跟谁住",
    ) and "uncared" not in str(told)
    body = {"check": str(row.pk), "found": "true", "words": "跟奶奶住"}
    item = phone.op("check", body)
    assert phone.one(item)["status"] == "applied" and phone.one(item)["status"] == "duplicate"
    row.refresh_from_db()
    assert (row.found, row.words, row.answered_by) == ("true", "跟奶奶住", lin)
    assert Notice.objects.filter(user=zhou, subject_id=row.pk).count() == 1
    assert phone.pack()["checks"] == []
    again = phone.one(phone.op("check", body))
    assert again["status"] == "rejected" and "已有结果" in again["reason"]["message"]
    assert phone.one(phone.op("check", {**body, "check": str(uuid4())}))["status"] == "rejected"


def test_what_the_supervisor_decided_comes_back_with_the_pack() -> None:
    lin, file = home()
    zhou, wu, phone = make.zhou(), make.wu(), Phone(lin)
    with make.as_(zhou):
        persons.set_address(
            person=file.child, detail="村委旁边", on=clock().date(), source="office", by=zhou, at=clock()
        )
    fields = {"address": {"was": "", "now": "东头三号"}}
    body = {"child": str(file.pk), "what": "moved", "fields": fields, "occurred_on": visit(file)["occurred_on"]}
    item = phone.op("change", body)
    assert phone.one(item)["status"] == "needs_review" and phone.pack()["settled"] == []
    client = Client()
    client.force_login(wu, backend="django.contrib.auth.backends.ModelBackend")
    client.post(f"/conflicts/{Conflict.objects.get().pk}/", {"choice": "keep", "note": "", "op_id": str(uuid4())})
    (told,) = phone.pack()["settled"]
    assert (told["op"], told["field"], told["state"]) == (item["op"], "address", "kept")
