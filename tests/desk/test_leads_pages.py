"""An officer judges a lead on a page that says what each register says, and of which day."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest

from hutong.desk.leads import evidence, fairness
from hutong.discovery.models import Lead
from hutong.discovery.queries import counting
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


def test_codes_of_registers_are_told_in_words() -> None:
    items = [
        {"column": "father_area", "value": "320500", "on": None, "register": "employment"},
        {"column": "mother_area", "value": None, "on": None, "register": "employment"},
    ]
    assert [evidence.sentence("both_away", item)[1] for item in items] == ["江苏（320500）", "名册没有写"]
    grade = {"column": "grade", "value": 1, "on": None, "register": "disability"}
    assert evidence.sentence("disabled_without", grade)[1] == "1 级"


def test_a_missing_reason_is_said_beside_the_field_and_nothing_is_decided() -> None:
    row, client = lead(), browser(make.zhou())
    page = client.post(f"/leads/{row.pk}/", {"verdict": "false", "op_id": uuid4()}).content.decode()
    assert "要写明理由" in page
    assert Lead.objects.get().state == "open"


def test_other_leads_of_the_child_stand_beside_and_a_village_has_no_home() -> None:
    born, client = date(2018, 1, 1), browser(make.zhou())
    row, other = lead(birth_date=born), lead(birth_date=born, rule="no_school", domain="schooling")
    lead(birth_date=born, rule="self_harm", domain="psych", restricted=True)
    page = client.get(f"/leads/{row.pk}/").content.decode()
    assert f"/leads/{other.pk}/" in page and "自伤" not in page and "要入户核实" in page
    village = lead(rule="village_without_director", domain="care", name="某村")
    assert "要入户核实" not in client.get(f"/leads/{village.pk}/").content.decode()


def test_an_empty_list_and_a_restricted_lead() -> None:
    row, client = lead(restricted=True), browser(make.zhou())
    assert "没有等人核实的线索" in client.get("/leads/").content.decode()
    assert client.get(f"/leads/{row.pk}/").status_code == 404


def test_leads_that_were_ticked_are_put_aside_together() -> None:
    rows, client = [lead(), lead()], browser(make.zhou())
    assert "一周办得完前" in client.get("/leads/").content.decode()
    sent = {"lead": [row.pk for row in rows], "verdict": "false", "reason": "重名", "op_id": uuid4()}
    assert client.post("/leads/many/", sent).status_code == 302
    assert {row.state for row in Lead.objects.all()} == {"false"}
    assert client.post("/leads/many/", {"lead": ["x"], "verdict": "false"}).status_code == 302


def test_a_director_says_what_was_found_and_never_sees_the_evidence() -> None:
    lin, zhou = make.lin(), make.zhou()
    row = lead(birth_date=date(2018, 1, 1))
    browser(zhou).post(f"/leads/{row.pk}/", {"verdict": "unsure", "reason": "看看跟谁住", "op_id": uuid4()})
    client, check = browser(lin), row.checks.get()
    assert "看看跟谁住" in client.get("/leads/checks/").content.decode()
    page = client.get(f"/leads/checks/{check.pk}/").content.decode()
    assert "看看跟谁住" in page and "服刑" not in page
    assert "一两句" in client.post(f"/leads/checks/{check.pk}/", {"found": "true", "op_id": uuid4()}).content.decode()
    client.post(f"/leads/checks/{check.pk}/", {"found": "true", "words": "跟奶奶住", "op_id": uuid4()})
    assert "跟奶奶住" in browser(zhou).get(f"/leads/{row.pk}/").content.decode()


def test_a_review_of_many_without_a_reason_keeps_the_ticks() -> None:
    row, client = lead(), browser(make.zhou())
    page = client.post("/leads/many/", {"lead": [row.pk], "verdict": "false", "op_id": uuid4()}).content.decode()
    assert "都要写明理由" in page and f'value="{row.pk}" checked' in page
    assert Lead.objects.get().state == "open"


def test_a_lead_says_why_it_stands_where_it_stands_and_by_when() -> None:
    row, client = lead(birth_date=date(2018, 1, 1), taken_at=make.AT), browser(make.zhou())
    page = client.get("/leads/").content.decode()
    assert "情形严重 · 证据齐全" in page
    assert "县区民政干部" in client.get(f"/leads/{row.pk}/").content.decode()


def test_a_rule_is_put_aside_on_its_page_with_a_reason() -> None:
    client = browser(make.zhou())
    assert "至少4个字" in client.post("/leads/rules/old_carer/", {"off": "1", "op_id": uuid4()}).content.decode()
    client.post("/leads/rules/old_carer/", {"off": "1", "because": "本县都核过了", "op_id": uuid4()})
    assert "本县都核过了" in client.get("/leads/rules/old_carer/").content.decode()
    assert "已停用" in client.get("/leads/rules/").content.decode()
    assert client.get("/leads/rules/nothing/").status_code == 404


def test_the_table_of_fairness_hides_small_groups() -> None:
    for n in range(9):
        lead(birth_date=date(2018, 1, 1), sex="1" if n < 2 else "2", disabled=False)
    page = browser(make.zhou()).get("/leads/rules/").content.decode()
    assert "各类孩子的情况" in page
    lines = {line.name: line.leads for line in _fair()}
    assert lines["男"] is None and lines["女"] is None and lines["没有"] == 9


def test_the_city_sees_how_rules_do_by_county_and_no_small_count_and_no_lead() -> None:
    for n in range(9):
        lead(birth_date=date(2018, 1, 1), state="true" if n < 6 else "open", decided_at=make.AT)
    lead(birth_date=date(2018, 1, 1), rule="old_carer")
    client = browser(make.user("city_officer", 371700000000))
    page = client.get("/leads/rules/").content.decode()
    assert "张小合" not in page and client.get("/leads/").status_code == 403
    assert client.get("/leads/rules/old_carer/").status_code == 403
    with make.as_(make.user("city_officer", 371700000000)) as scope, counting(scope) as wide:
        found = {row.rule.head.id: row for row in fairness.by_rule(wide, make.ON)}
        places = [line.name for line in fairness.table(wide, make.ON) if line.kind == "地区"]
    assert (found["old_carer"].leads, found["uncared_for"].waiting) == (None, None)
    assert places == ["鄄城县"]
    assert browser(make.lin()).get("/leads/rules/").status_code == 403


def _fair() -> list[fairness.Line]:
    with make.as_(make.zhou()) as scope:
        return fairness.table(scope, make.ON)
