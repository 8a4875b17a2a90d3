"""From departments' files to a child on the director's list, in a real browser: the whole way of issue 4's measure 23."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from hutong.discovery import runs
from hutong.discovery.models import Run
from hutong.exchange import receiving
from hutong.exchange.models import FeedDelivery
from hutong.kernel.clock import now
from hutong.kernel.scope import acting
from tests import feeds, make
from tests.browser import DESK, PHONE, faults, overflows, sign_in

pytestmark = pytest.mark.django_db(transaction=True)

SENT = {
    "police": feeds.police(),
    "school": [feeds.OTHER | {"grade": 5, "term_days": 90, "attended_days": 88}],
    "disability": [feeds.MOTHER | {"category": "精神", "grade": 1, "issued_on": "2021-06-01"}],
    "custody": feeds.custody(),
    "allowance": feeds.allowance(),
}


def look(page: Any, name: str, size: dict[str, int]) -> None:
    assert overflows(page) == 0, name
    assert faults(page) == [], name
    if folder := os.environ.get("HUTONG_PICTURES"):
        page.screenshot(path=f"{folder}/feeds_{name}_{size['width']}.png", full_page=True)


def the_worker_checks() -> None:
    with acting(receiving.MACHINE):
        for row in FeedDelivery.objects.filter(state="received"):
            receiving.check(delivery=row, at=now())


def upload(page: Any, site: str, feed: str, size: dict[str, int]) -> None:
    """Record the agreement as the contract proposes it, and send the file."""
    page.goto(f"{site}/feeds/{feed}/")
    page.get_by_role("link", name="登记协议").click()
    page.fill("[name=number]", "菏民函〔2026〕8号")
    page.get_by_role("button", name="保存协议").click()
    content = feeds.text(feed, SENT[feed]).encode("gb18030")
    page.set_input_files("[name=file]", {"name": f"{feed}.csv", "mimeType": "text/csv", "buffer": content})
    page.get_by_role("button", name="上传并检查").click()
    assert "正在检查" in page.inner_text("main")
    the_worker_checks()
    page.reload()
    assert "已采用" in page.inner_text("main"), page.inner_text("main")


def the_worker_searches(page: Any, size: dict[str, int]) -> None:
    """The job, and in the middle of it a look at the officer's page."""
    told, seen = runs._told, []

    def listen(row: Run, name: str) -> None:
        told(row, name)
        if name == "uncared_for":
            page.reload()
            seen.append(int(page.locator("progress").get_attribute("value")))
            look(page, "searching", size)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(runs, "_told", listen)
        runs.carry_out(Run.objects.get().pk, clock=now)
    assert seen and seen[0] > 1


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["wide", "phone"])
def test_an_officer_finds_a_child_in_five_registers_and_the_director_has_it_on_the_list(
    site: str, open_at: Any, size: dict[str, int], tmp_path: Path, settings: Any
) -> None:
    feeds.registers(tmp_path, settings)
    zhou, lin = make.zhou(), make.lin()
    page = open_at("", size)
    sign_in(page, site, zhou.username, make.PASSWORD)
    page.goto(site + "/feeds/")
    look(page, "board_empty", size)
    for feed in SENT:
        upload(page, site, feed, size)
    look(page, "received", size)
    page.goto(site + "/feeds/custody/")
    look(page, "one", size)
    page.get_by_role("link", name="终止协议").click()
    look(page, "agreement", size)
    page.goto(site + "/feeds/?state=good")
    assert page.locator("tbody tr").count() == len(SENT)
    look(page, "board", size)
    page.get_by_role("link", name="查找孩子").click()
    look(page, "runs", size)
    page.get_by_role("button", name="开始查找").click()
    the_worker_searches(page, size)
    page.reload()
    look(page, "run", size)
    page.get_by_role("link", name="去核实线索").click()
    page.get_by_role("link", name="张小合").first.click()
    assert "服刑" in page.inner_text("main") or "羁押" in page.inner_text("main")
    look(page, "lead", size)
    page.get_by_role("button", name="属实，建档办理").click()
    assert "张小合" in page.inner_text("main") and "首次" in page.inner_text("main")
    look(page, "file", size)
    village = open_at("", size)
    sign_in(village, site, lin.username, make.PASSWORD)
    village.goto(site + "/")
    assert "张小合" in village.inner_text("main")
    look(village, "director", size)


def test_a_file_without_an_agreement_and_a_file_that_is_none_are_refused_in_a_sentence(
    site: str, open_at: Any, tmp_path: Path, settings: Any
) -> None:
    feeds.registers(tmp_path, settings)
    zhou = make.zhou()
    page = open_at("", DESK)
    sign_in(page, site, zhou.username, make.PASSWORD)
    page.goto(site + "/feeds/custody/")
    assert page.locator("[name=file]").count() == 0 and "共享协议" in page.inner_text("main")
    feeds.agree(zhou, "custody")
    page.goto(site + "/feeds/custody/")
    page.set_input_files("[name=file]", {"name": "x.parquet", "mimeType": "x/y", "buffer": b"PAR1 torn"})
    page.get_by_role("button", name="上传并检查").click()
    the_worker_checks()
    page.reload()
    assert "读不了" in page.inner_text("main") and page.locator(".note.error").count() == 1
    look(page, "failed", DESK)
