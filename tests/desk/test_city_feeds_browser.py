"""One file for the whole city in a real browser: the bureau sends it, sees each county, takes back what nobody could place; the city looks on."""

from __future__ import annotations

import os
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from hutong.exchange import receiving
from hutong.exchange.models import CityDelivery, FeedDelivery
from hutong.kernel.clock import now
from hutong.kernel.scope import acting
from tests import cities, make
from tests.browser import DESK, PHONE, faults, overflows, sign_in

pytestmark = pytest.mark.django_db(transaction=True)

HERE, THERE = "371726001216", "371721001001"


def look(page: Any, name: str, size: dict[str, int]) -> None:
    assert overflows(page) == 0, name
    assert faults(page) == [], name
    if folder := os.environ.get("HUTONG_PICTURES"):
        page.screenshot(path=f"{folder}/city_{name}_{size['width']}.png", full_page=True)


def the_worker_works() -> None:
    with acting(receiving.MACHINE):
        rows = list(CityDelivery.objects.filter(state="received"))
    for row in rows:
        cities.work(row, now())


def send(page: Any, content: str, name: str = "全市名单.csv") -> None:
    page.set_input_files("[name=file]", {"name": name, "mimeType": "text/csv", "buffer": content.encode("gb18030")})
    page.get_by_role("button", name="上传并检查").click()


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["wide", "phone"])
def test_a_bureau_sends_one_file_and_every_county_gets_its_part(
    site: str, open_at: Any, size: dict[str, int], tmp_path: Path, settings: Any
) -> None:
    settings.REGISTERS = tmp_path / "registers"
    sender, officer, zhou = cities.liaison(), make.user("city_officer", cities.CITY), make.zhou()
    city = open_at("", size)
    sign_in(city, site, officer.username, make.PASSWORD)
    city.goto(site + "/feeds/city/custody/")
    look(city, "before", size)
    city.get_by_role("link", name="全市的共享协议").click()
    city.fill("[name=number]", "菏民函〔2026〕9号")
    look(city, "agreement", size)
    city.get_by_role("button", name="保存协议").click()
    assert "菏民函〔2026〕9号" in city.inner_text("main") and city.locator("[name=file]").count() == 0

    page = open_at("", size)
    sign_in(page, site, sender.username, make.PASSWORD)
    page.goto(site + "/feeds/")
    page.locator(".tasks").get_by_role("link", name="羁押服刑名单").click()
    look(page, "whole", size)
    send(page, cities.text((HERE, 12), ("", 1), (THERE, 7)) + ",,,371721001001,2026-01-05,18\n")
    assert "正在分到各县（区）" in page.inner_text("main")
    look(page, "waiting", size)
    the_worker_works()
    page.reload()
    said = page.inner_text("main")
    assert "文件共 21 行 = 各县（区） 20 + 看不出县（区） 1" in said and "哪个县（区）" in said
    look(page, "sent", size)
    with page.expect_download() as download:
        page.get_by_role("link", name="下载退回表").click()
    book = CalamineWorkbook.from_filelike(BytesIO(Path(download.value.path()).read_bytes()))
    assert [row[0] for row in book.get_sheet_by_name("退回的行").to_python()] == ["行", "14", "22"]

    city.goto(site + "/feeds/?state=good")
    assert city.locator("tbody tr").count() == 2 and "不显示" in city.inner_text("tbody"), (
        "one row to mend is too few to tell"
    )
    look(city, "board", size)
    city.get_by_role("link", name="鄄城县").first.click()
    assert "county=371726000000" in city.url and city.locator("tbody tr").count() == 1
    city.goto(site + "/feeds/?state=held")
    assert "没有这样的数据" in city.inner_text("main")
    look(city, "none", size)
    with city.expect_download() as download:
        city.goto(site + "/feeds/?feed=custody")
        city.get_by_role("link", name="下载表格").click()
    table = Path(download.value.path()).read_text(encoding="utf-8-sig").splitlines()
    assert len(table) == 12 and table[0].startswith("数据,部门,县（区）")

    county = open_at("", size)
    sign_in(county, site, zhou.username, make.PASSWORD)
    with acting(receiving.MACHINE):
        part = FeedDelivery.objects.get(division=cities.JUANCHENG)
    county.goto(f"{site}/feeds/received/{part.pk}/")
    assert "全市一份里的本县（区）部分" in county.inner_text("main,header") or "全市一份" in county.inner_text("body")
    look(county, "part", size)


def test_a_file_that_cannot_be_split_says_why(site: str, open_at: Any, tmp_path: Path, settings: Any) -> None:
    settings.REGISTERS = tmp_path / "registers"
    sender, officer = cities.liaison(), make.user("city_officer", cities.CITY)
    page = open_at("", DESK)
    sign_in(page, site, sender.username, make.PASSWORD)
    page.goto(site + "/feeds/city/custody/")
    assert page.locator("[name=file]").count() == 0 and "共享协议" in page.inner_text("main")
    cities.agree(officer)
    page.goto(site + "/feeds/city/custody/")
    send(page, "姓名,身份证号\n合成甲,\n")
    the_worker_works()
    page.reload()
    assert "行政区划代码" in page.locator(".note.error").inner_text()
    look(page, "failed", DESK)
