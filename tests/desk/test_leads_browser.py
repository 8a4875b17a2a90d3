"""Leads in a real browser, wide and on a phone: the list, one lead, the board of rules, a look at home."""

from __future__ import annotations

import os
from datetime import date
from typing import Any

import pytest

from hutong.discovery import restricted
from hutong.discovery.models import Lead
from hutong.kernel.clock import now
from tests import make
from tests.browser import DESK, PHONE, faults, overflows, sign_in
from tests.desk.test_leads_pages import lead

pytestmark = pytest.mark.django_db(transaction=True)


def look(page: Any, name: str, size: dict[str, int]) -> None:
    assert overflows(page) == 0, name
    assert faults(page) == [], name
    if folder := os.environ.get("HUTONG_PICTURES"):
        page.screenshot(path=f"{folder}/leads_{name}_{size['width']}.png", full_page=True)


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["wide", "phone"])
def test_an_officer_ticks_leads_and_a_director_answers_on_the_phone(
    site: str, open_at: Any, size: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    zhou, lin = make.zhou(), make.lin()
    monkeypatch.setattr("hutong.desk.leads.listing.capacity", lambda scope, on: 2)
    rules = [("uncared_for", "sure"), ("no_school", "review"), ("old_carer", "sure"), ("many_moves", "review")]
    for n, (rule, certainty) in enumerate(rules):
        lead(
            rule=rule, certainty=certainty, weight=900 - n, name=f"合成{'甲乙丙丁'[n]}", birth_date=date(2016 + n, 1, 1)
        )
    page = open_at("", size)
    sign_in(page, site, zhou.username, make.PASSWORD)
    page.goto(site + "/leads/")
    assert page.locator("tr.reach").count() == 1
    look(page, "list", size)
    for nth in (0, 1):
        page.locator("[name=lead]").nth(nth).check()
    page.fill("[name=reason]", "  ")
    page.get_by_role("button", name="选中的要入户核实").click()
    assert page.locator(".note.error").count() == 1 and page.locator("[name=lead]:checked").count() == 2
    page.fill("[name=reason]", "看看跟谁住、上不上学")
    look(page, "refused", size)
    page.get_by_role("button", name="选中的要入户核实").click()
    page.goto(site + "/leads/?state=unsure")
    assert page.locator("[name=lead]").count() == 2
    page.get_by_role("link", name="合成甲").click()
    look(page, "one", size)
    page.goto(site + "/leads/rules/")
    look(page, "rules", size)
    page.goto(site + "/leads/rules/old_carer/")
    look(page, "rule", size)
    village = open_at("", size)
    sign_in(village, site, lin.username, make.PASSWORD)
    village.goto(site + "/leads/checks/")
    look(village, "checks", size)
    village.get_by_role("link", name="合成甲").click()
    village.select_option("[name=found]", "true")
    village.fill("[name=words]", "跟奶奶住，在上学")
    look(village, "check", size)
    village.get_by_role("button", name="保存").click()
    assert "跟奶奶住" in village.inner_text("main")
    assert Lead.objects.get(name="合成甲").checks.get().found == "true"


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["wide", "phone"])
def test_an_officer_takes_a_restricted_lead_over(site: str, open_at: Any, size: dict[str, int]) -> None:
    zhou = make.zhou()
    make.qin()
    row = lead(rule="self_harm", domain="psych", restricted=True, name="合成戊", birth_date=date(2014, 1, 1))
    restricted.lay_out([row], now())
    page = open_at("", size)
    sign_in(page, site, zhou.username, make.PASSWORD)
    page.goto(site + "/leads/")
    assert "合成戊" not in page.inner_text("main")
    page.get_by_role("link", name="去接办").click()
    page.fill("[name=because]", "本人分管未成年人保护")
    look(page, "restricted", size)
    page.get_by_role("button", name="接办这一条").click()
    assert "合成戊" in page.inner_text("main")
    look(page, "restricted_one", size)
