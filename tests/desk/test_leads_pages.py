"""An officer judges a lead on a page that says what each register says, and of which day."""

from __future__ import annotations

from uuid import uuid4

import pytest

from hutong.discovery.models import Lead
from hutong.people.models import File
from tests import make
from tests.desk.test_children_pages import browser

pytestmark = pytest.mark.django_db


def lead(**more: object) -> Lead:
    base = {
        "key": str(uuid4())[:32], "rule": "uncared_for", "division": make.HERE, "domain": "judicial", "name": "张小合", "sex": "2",
        "certainty": "sure", "weight": 900, "first_found_on": make.ON, "last_found_on": make.ON, "taken_at": make.AT,
        "evidence": [{"column": "father_state", "value": "服刑在押", "on": "2026-01-01", "register": "custody"}],
    }  # fmt: skip
    return Lead.objects.create(**(base | more))


def test_the_evidence_is_told_with_register_and_day_and_confirming_leads_to_the_file() -> None:
    row, client = lead(), browser(make.zhou())
    assert "张小合" in client.get("/leads/?rule=uncared_for").content.decode()
    page = client.get(f"/leads/{row.pk}/").content.decode()
    assert "父亲情形：服刑在押" in page and "羁押服刑名单" in page and "2026-01-01" in page
    answer = client.post(f"/leads/{row.pk}/", {"verdict": "true", "op_id": uuid4()})
    assert answer["Location"] == f"/children/{File.objects.get().pk}/"
    assert "100%" in client.get("/leads/rules/").content.decode()


def test_a_missing_reason_is_said_beside_the_field_and_nothing_is_decided() -> None:
    row, client = lead(), browser(make.zhou())
    page = client.post(f"/leads/{row.pk}/", {"verdict": "false", "op_id": uuid4()}).content.decode()
    assert "要写明理由" in page
    assert Lead.objects.get().state == "open"


def test_an_empty_list_and_a_restricted_lead() -> None:
    row, client = lead(restricted=True), browser(make.zhou())
    assert "没有这样的线索" in client.get("/leads/").content.decode()
    assert client.get(f"/leads/{row.pk}/").status_code == 404
