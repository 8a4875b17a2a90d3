"""Who sees what of the whole city's feeds, and who may send for it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from hutong.exchange import city, receiving
from hutong.kernel.clock import now
from hutong.kernel.scope import acting
from hutong.places import operations as places
from hutong.places.models import Organisation
from hutong.staff.models import Post, User
from tests import cities, make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def registers(tmp_path: Path, settings: Any) -> None:
    settings.REGISTERS = tmp_path / "registers"


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def text(answer: Any) -> str:
    return str(answer.content.decode())


@pytest.fixture
def officer() -> User:
    return make.user("city_officer", cities.CITY)


def test_a_city_officer_appoints_a_bureaus_liaison_with_its_bureau(officer: User) -> None:
    places.load_organisations()
    bureau = Organisation.objects.get(division=cities.CITY, department="市公安局")
    said = {"name": "合成联络", "phone": "13800000031", "role": "data_liaison", "start": "2026-11-01"}
    client = browser(officer)
    assert "要写明是哪个部门的" in text(client.post("/posts/new/", said)) and not Post.objects.filter(
        role="data_liaison"
    )
    client.post("/posts/new/", said | {"office": str(bureau.pk)})
    assert Post.objects.get(role="data_liaison").organisation == bureau


def test_a_county_officer_is_not_asked_for_a_bureau() -> None:
    places.load_organisations()
    assert 'name="office"' not in text(browser(make.zhou()).get("/posts/new/"))


def test_a_bureaus_board_holds_its_own_feeds_and_nobody_elses() -> None:
    board = text(browser(cities.liaison("市公安局")).get("/feeds/"))
    assert "公安户籍登记" in board and "死亡登记" in board and "羁押服刑名单" not in board


def test_a_liaison_without_a_bureau_is_told_whom_to_ask() -> None:
    board = text(browser(make.user("data_liaison", cities.CITY)).get("/feeds/"))
    assert "没有写明是哪个部门" in board and "请联系" in board


def test_the_citys_education_liaison_is_led_to_the_page_of_the_city() -> None:
    client = browser(cities.liaison("市教育局", "education_liaison"))
    assert client.get("/feeds/school/").headers["Location"] == "/feeds/city/school/"
    assert "报送全市一份" in text(client.get("/feeds/city/school/"))


def test_the_city_officer_sees_no_file_of_a_bureau_and_no_way_to_send_one(officer: User) -> None:
    sender = cities.liaison()
    cities.agree(officer)
    row = cities.send(sender, cities.text(("371726001216", 12), ("", 1)), at=now())
    client = browser(officer)
    assert (
        client.get(f"/feeds/sent/{row.pk}/").status_code
        == client.get(f"/feeds/sent/{row.pk}/result.xlsx").status_code
        == 403
    )
    page = text(client.get("/feeds/city/custody/"))
    assert "12" in page and "全市名单.csv" not in page and "合成甲" not in page


def test_another_bureau_does_not_find_the_file(officer: User) -> None:
    cities.agree(officer)
    row = cities.send(cities.liaison(), cities.text(("371726001216", 2)), at=now())
    assert browser(cities.liaison("市公安局")).get(f"/feeds/sent/{row.pk}/").status_code == 404


def test_a_county_has_no_board_of_the_city() -> None:
    zhou = browser(make.zhou())
    assert zhou.get("/feeds/counties.csv").status_code == 404 and zhou.get("/feeds/city/school/").status_code == 404
    assert "登记" in text(zhou.get("/feeds/school/"))


def test_the_city_ends_its_paper_for_all_counties_at_once(officer: User) -> None:
    cities.agree(officer)
    client, said = (
        browser(officer),
        {"number": "菏民函〔2026〕9号", "end": "1", "op_id": "01a21964-5f98-7252-93c3-95048fdd2a34"},
    )
    page = client.post("/feeds/city/custody/agreement/", said | {"because": "x"})
    assert "至少4个字" in text(page)
    client.post("/feeds/city/custody/agreement/", said | {"because": "市里另签新协议"})
    assert "没有一个县（区）登记了协议" in text(client.get("/feeds/city/custody/"))


def test_the_boards_table_tells_the_day_in_china_of_what_came_before_eight_in_the_morning(officer: User) -> None:
    cities.agree(officer)
    early = datetime(2026, 11, 24, 22, 30, tzinfo=UTC)
    cities.send(cities.liaison(), cities.text(("371726001216", 2)), at=early)
    table = text(browser(officer).get("/feeds/counties.csv?feed=custody&county=371726000000"))
    assert "2026-11-25" in table and "2026-11-24" not in table


def test_the_sender_reads_why_a_countys_part_could_not_be_read(officer: User) -> None:
    sender = cities.liaison()
    cities.agree(officer)
    row = cities.take(sender, cities.text(("371726001216", 7)), at=now())
    with acting(receiving.MACHINE):
        row = city.split(delivery=row, at=now())
        (part,) = city.pieces(row)
        receiving.incoming(part).unlink()
        receiving.check(delivery=part, at=now())
    page = text(browser(sender).get(f"/feeds/sent/{row.pk}/"))
    assert "读不了" in page and "请重新送一份" in page
    board = text(browser(officer).get("/feeds/counties.csv?feed=custody&county=371726000000"))
    assert "待核对" in board and ",0,0," not in board
