"""Boards: from the city's map to a village, with table and CSV, in time with what directors record."""

from __future__ import annotations

import csv
import os
from io import StringIO
from typing import Any

import pytest
from django.test import Client

from hutong.people.models import File
from hutong.policy.boards import FIGURES
from hutong.staff.models import User
from tests import make
from tests.browser import DESK, PHONE, faults, overflows, sign_in

COUNTY, CITY = 371726000000, 371700000000


def _client(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def _files(by: User, count: int, division: int = make.HERE) -> None:
    with make.as_(by):
        for _ in range(count):
            make.file(by, division=division)


def _table(client: Client, code: int) -> dict[str, dict[str, str]]:
    text = client.get(f"/board/{code}/table.csv").content.decode("utf-8-sig")
    rows = list(csv.reader(StringIO(text)))
    return {row[0]: dict(zip(rows[0], row, strict=False)) for row in rows[1:] if len(row) > 1}


@pytest.mark.django_db
def test_the_boards_count_what_is_there_and_say_no_data_instead_of_all() -> None:
    zhou = make.zhou()
    _files(zhou, 2)
    table = _table(_client(zhou), COUNTY)
    town = next(row for name, row in table.items() if row["在册档案"] == "2" and name != "鄄城县")
    assert town["委托照护签订率（%）"] == "无数据"
    page = _client(zhou).get(f"/board/{COUNTY}/?figure=agreements").content.decode()
    assert "无数据" in page
    assert "100%" not in page


@pytest.mark.django_db
def test_who_may_not_see_children_sees_no_small_count() -> None:
    zhou, city = make.zhou(), make.user("city_officer", CITY)
    _files(zhou, 3)
    assert any(row["在册档案"] == "3" for row in _table(_client(zhou), COUNTY).values())
    for code in (CITY, COUNTY):
        table = _table(_client(city), code)
        assert not [row for row in table.values() if row["在册档案"] == "3"]
    page = _client(city).get(f"/board/{COUNTY}/").content.decode()
    assert "不显示" in page


@pytest.mark.django_db
def test_a_large_figure_hidden_for_what_it_would_tell_is_not_called_small() -> None:
    """All but two of twelve files are complete: the share is hidden, for the two, and nothing says that it is below five."""
    zhou, city = make.zhou(), make.user("city_officer", CITY)
    _files(zhou, 12)
    with make.as_(zhou):
        whole = File.objects.values_list("pk", flat=True)[:10]
        File.objects.filter(pk__in=list(whole)).update(completeness=100)
        File.objects.exclude(pk__in=list(whole)).update(completeness=0)
    assert _table(_client(zhou), COUNTY)["鄄城县"]["档案完整率"] == "10"
    assert _table(_client(city), COUNTY)["鄄城县"]["档案完整率"] == "不显示"
    page = _client(city).get(f"/board/{CITY}/").content.decode()
    assert "不显示" in page and "&lt;5" not in page


@pytest.mark.django_db
def test_a_place_outside_the_area_is_refused_and_an_unknown_one_not_found() -> None:
    client = _client(make.zhou())
    assert client.get("/board/371721000000/").status_code == 403
    assert client.get("/board/999999000000/").status_code == 404
    for on in ("0000-01-01", "9999-12-31", "x", "2026-02-31"):
        assert client.get(f"/board/{COUNTY}/?on={on}&figure=<b>").status_code == 200, on


@pytest.mark.django_db
def test_every_figure_has_its_definition_and_its_source_beside_it() -> None:
    page = _client(make.zhou()).get(f"/board/{COUNTY}/").content.decode()
    for figure in FIGURES.values():
        assert figure.definition_zh in page
        assert figure.source in page


@pytest.mark.django_db
def test_the_board_costs_no_more_queries_for_more_rows(django_assert_max_num_queries: Any) -> None:
    zhou = make.zhou()
    client = _client(zhou)
    _files(zhou, 6)
    client.get(f"/board/{COUNTY}/")
    with django_assert_max_num_queries(40):
        client.get(f"/board/{COUNTY}/")


def test_the_city_shows_a_map_and_the_county_bars(site: str, open_at: Any) -> None:
    zhou, city = make.zhou(), make.user("city_officer", CITY)
    _files(zhou, 7)
    for size in (DESK, PHONE):
        for user, code in ((city, CITY), (zhou, COUNTY), (make.lin(), make.HERE)):
            page = open_at(size=size)
            sign_in(page, site, user.username, make.PASSWORD)
            page.goto(f"{site}/board/{code}/?figure=files")
            assert page.locator("figure.map").count() == (1 if code == CITY else 0)
            assert page.locator("text=统计日").first.is_visible()
            if folder := os.environ.get("HUTONG_PICTURES"):
                page.screenshot(path=f"{folder}/board_{code}_{size['width']}.png", full_page=True)
            assert faults(page) == [], code
            assert overflows(page) <= 0, code


@pytest.mark.django_db
@pytest.mark.parametrize("day", ["0001-01-01", "2020-01-01", "9999-12-31", "0000-00-00", "x"])
def test_a_day_that_has_no_figures_shows_the_nearest_that_has(day: str) -> None:
    client = _client(make.zhou())
    page = client.get(f"/board/{COUNTY}/?on={day}")
    assert page.status_code == 200
    assert f">{day}<" not in page.content.decode()
    assert client.get(f"/board/{COUNTY}/table.csv?on={day}").status_code == 200


@pytest.mark.django_db
def test_a_board_leads_to_the_children_behind_it_for_who_may_see_them() -> None:
    there = f"/children/?place={make.HERE}"
    assert there in _client(make.zhou()).get(f"/board/{make.HERE}/").content.decode()
    assert there not in _client(make.user("city_officer", CITY)).get(f"/board/{make.HERE}/").content.decode()


def test_the_city_board_is_no_wider_than_a_phone(site: str, open_at: Any) -> None:
    city = make.user("city_officer", CITY)
    page = open_at(size=PHONE)
    sign_in(page, site, city.username, make.PASSWORD)
    for figure in ("visits", "files"):
        page.goto(f"{site}/board/{CITY}/?figure={figure}")
        assert overflows(page) <= 0, figure
