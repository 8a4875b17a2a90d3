"""What is said of rows that came in is English on English pages, and Chinese where a row kept no more than that."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from hutong.exchange import receiving
from hutong.exchange.models import CityRow, FeedDelivery, FeedRow, Row
from hutong.kernel.clock import now
from hutong.kernel.scope import acting
from hutong.policy.feeds import feeds as contracts
from hutong.workbench import catalogue
from tests import cities, feeds, make
from tests.desk.english import english
from tests.desk.test_imports import BROKEN, upload
from tests.exchange.books import GOOD, HEADER, row, workbook

pytestmark = pytest.mark.django_db
OLD = {"field": "", "code": "old", "message": "与第 3 行完全相同，只收了那一行"}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: Any) -> None:
    settings.REGISTERS = tmp_path / "registers"


def read(client: Any, path: str) -> str:
    return str(client.get(path).content.decode())


def test_an_imported_rows_reason_is_english_on_an_english_page_and_chinese_in_the_workbook() -> None:
    client = english(make.zhou())
    twin, nowhere = row(序号=4), row(序号=5, 儿童姓名="赵合", 身份证号="", **{"村（居）": "没有村"})
    delivery = upload(client, workbook([HEADER, GOOD, BROKEN, twin, nowhere]))
    page = read(client, f"/imports/{delivery.pk}/")
    assert "Identity number: the check digit is wrong; one digit may be mistaken" in page
    assert "The same child as row 2 of “" in page and "There is no village called “没有村”" in page
    assert "校验码" not in page and "校验码" in Row.objects.get(number=3).reasons[0]["message"]


def test_a_reason_kept_in_chinese_alone_is_still_shown() -> None:
    client = english(make.zhou())
    delivery = upload(client, workbook([HEADER, BROKEN]))
    Row.objects.update(reasons=[OLD | {"message": "身份证号有问题：末位校验码不对。"}])
    assert "身份证号有问题：末位校验码不对。" in read(client, f"/imports/{delivery.pk}/")


def test_a_feeds_quarantined_row_says_why_in_english() -> None:
    zhou = make.zhou()
    feeds.agree(zhou, "custody")
    good = feeds.custody()[0]
    delivery = feeds.deliver(zhou, "custody", [good, good, {"name": "合成乙", "birth_date": "约四十岁"}], at=now())
    page = read(english(zhou), f"/feeds/received/{delivery.pk}/")
    assert "Word for word the same as row 2, of which alone was taken" in page and "cannot be read" in page
    assert "Nobody can tell who it is; at least one of these must be usable: " in page
    with make.as_(zhou):
        assert FeedRow.objects.order_by("number")[0].reasons[0]["message"] == "与第 2 行完全相同，只收了那一行"


def test_a_citys_row_of_no_county_asks_in_english_and_an_old_one_in_chinese() -> None:
    sender = cities.liaison()
    cities.agree(make.user("city_officer", cities.CITY))
    sent = cities.send(sender, cities.text(("371726001216", 1), ("370102001001", 1), ("", 1)), at=now())
    with acting(receiving.MACHINE):
        CityRow.objects.filter(number=4).update(reasons=[OLD])
    page = read(english(sender), f"/feeds/sent/{sent.pk}/")
    assert "is of no county of this city; please say which county this row is for" in page
    assert OLD["message"] in page


def test_a_workbook_that_cannot_be_read_says_why_in_english_and_is_kept_in_chinese() -> None:
    client = english(make.zhou())
    delivery = upload(client, b"PK\x03\x04 torn", "名册.xlsx")
    assert "The file is incomplete or damaged; not one row was read." in read(client, f"/imports/{delivery.pk}/")
    assert delivery.trouble.startswith("文件不完整或已损坏")


def test_a_feed_without_needed_columns_names_them_in_english_and_an_old_refusal_stays_chinese() -> None:
    zhou = make.zhou()
    feeds.agree(zhou, "custody")
    delivery = feeds.deliver(zhou, "custody", [{"began_on": "2025-11-03"}], at=now())
    client, path = english(zhou), f"/feeds/received/{delivery.pk}/"
    assert delivery.trouble.startswith("缺少必需的列：姓名；") and "Needed columns are missing: " in read(client, path)
    with make.as_(zhou):
        FeedDelivery.objects.update(trouble_said={})
    assert "缺少必需的列：姓名；" in read(client, path)


def test_a_citys_file_that_cannot_be_split_says_why_in_english() -> None:
    sender = cities.liaison()
    cities.agree(make.user("city_officer", cities.CITY))
    sent = cities.send(sender, "姓名,身份证号\n合成甲,\n", at=now())
    assert "so nobody can tell which row is which county&#39;s" in read(english(sender), f"/feeds/sent/{sent.pk}/")


def test_what_was_used_with_doubt_is_said_in_english_and_old_notes_stand() -> None:
    zhou = make.zhou()
    feeds.agree(zhou, "custody")
    delivery = feeds.deliver(zhou, "custody", [{**feeds.custody()[0], "sex": "", "months": "许久"}], at=now())
    client, path = english(zhou), f"/feeds/received/{delivery.pk}/"
    page = read(client, path)
    assert "No sex; taken from the identity number (rows: 1)" in page and "cannot be read, left empty (rows: 1)" in page
    with make.as_(zhou):
        FeedDelivery.objects.update(found=delivery.found | {"said": ["没有性别，按公民身份号码补上：1 行"]})
    assert "没有性别，按公民身份号码补上：1 行" in read(client, path)


def test_a_feeds_contract_and_whom_a_rule_looks_for_are_english() -> None:
    client = english(make.zhou())
    page = read(client, "/feeds/custody/")
    assert "City justice bureau" in page and "Everybody in custody or prison: one row a person" in page
    assert "市司法局" not in page and "在押、服刑人员全部" not in page
    assert "Under 18, both parents are in the register of deaths" in read(client, "/leads/rules/orphan/")


def test_a_feeds_name_has_one_english() -> None:
    known = {message.id: message.string for message in catalogue.kept()}
    assert {feed.zh: known[feed.zh] for feed in contracts().values()} == {f.zh: f.en for f in contracts().values()}
