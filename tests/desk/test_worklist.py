"""The first page says what to do next and by when; a duty says why."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest
import time_machine
from django.test import Client

from hutong.desk.tables import cell
from hutong.duties import operations
from hutong.duties.models import Duty
from hutong.people.models import File
from tests import make
from tests.desk.test_children_pages import browser
from tests.duties.test_operations import moment, visited

pytestmark = pytest.mark.django_db


@pytest.fixture
def file() -> File:
    lin = make.lin()
    with make.as_(lin):
        return make.file(lin, name="张小合")


def on(day: str, client: Client, path: str = "/") -> str:
    with time_machine.travel(f"2026-{day}T10:00:00+08:00", tick=False):
        return client.get(path).content.decode()


def test_the_director_sees_whom_to_visit_by_when(file: File) -> None:
    page = on("11-05", browser(file.director))  # type: ignore[arg-type]
    assert ("张小合" in page and "首次走访" in page and "还有 7 天" in page) or "2026-11-12" in page


def test_the_county_sees_what_is_late_counted_and_first(file: File) -> None:
    page = on("11-14", browser(make.zhou()), "/?view=late")
    assert "逾期 2 天" in page and "张小合" in page


def test_what_was_missed_stands_under_its_own_tab_for_good(file: File) -> None:
    zhou = make.zhou()
    operations.run(on=date(2026, 11, 21), at=moment(date(2026, 11, 21)))
    assert Duty.objects.get(file=file, obligation="visit.first").state == "missed"
    assert "张小合" not in on("11-21", browser(zhou), "/?obligation=visit.first")
    page = on("11-21", browser(zhou), "/?view=missed")
    assert "张小合" in page and "未按期完成，还没有补做" in page and "2026-11-12" in page
    assert '"missed": 1' in on("11-21", browser(zhou), "/?view=missed&format=json")


def test_a_later_visit_is_noted_beside_what_was_missed_and_does_not_undo_it(file: File) -> None:
    operations.run(on=date(2026, 11, 21), at=moment(date(2026, 11, 21)))
    visited(file, date(2026, 11, 21), file.director)  # type: ignore[arg-type]
    page = on("11-22", browser(make.zhou()), "/?view=missed")
    assert "未按期完成，2026-11-21 补做" in page


def test_another_county_sees_nothing(file: File) -> None:
    assert "张小合" not in on("11-05", browser(make.ma()))


def test_who_sees_no_child_is_led_to_the_board(file: File) -> None:
    response = browser(make.user("city_officer", 371700000000)).get("/")
    assert response.status_code == 302 and response.headers["Location"] == "/board/"


def test_a_duty_says_why_and_can_be_waived_with_a_reason(file: File) -> None:
    duty, wu = Duty.objects.get(file=file, obligation="visit.first"), make.wu()
    client = browser(wu)
    page = client.get(f"/duties/{duty.pk}/").content.decode()
    assert "为什么有这件事" in page and "本平台建议" in page
    client.post(f"/duties/{duty.pk}/", {"reason": "孩子住院", "op_id": uuid4()})
    assert Duty.objects.get(pk=duty.pk).state == "waived"


def test_the_worklist_leaves_as_a_table_only_with_the_right(file: File) -> None:
    assert browser(file.director).get("/worklist.csv").status_code == 403  # type: ignore[arg-type]
    assert "张小合" in browser(make.zhou()).get("/worklist.csv").content.decode()


@pytest.mark.parametrize(
    "query", ["after=x", "after=9999-99-99_1_x", "view=zzz", "place=abc", "attention=pink", "obligation=%00"]
)
def test_a_strange_filter_is_ignored(file: File, query: str) -> None:
    assert browser(make.zhou()).get(f"/?{query}").status_code == 200


def test_the_board_of_the_county_counts_files_and_shows_its_definitions(file: File) -> None:
    page = on("11-14", browser(make.zhou()), "/board/371726000000/")
    assert "走访按期完成率" in page and "口径" in page and "无数据" in page


def test_the_city_sees_no_small_count(file: File) -> None:
    page = on("11-14", browser(make.user("city_officer", 371700000000)), "/board/371700000000/")
    assert "不显示" in page and "&lt;5" not in page


def test_a_name_that_looks_like_a_formula_leaves_as_text() -> None:
    assert [cell(text) for text in ("=1+1", "@cmd", "张小合")] == ["'=1+1", "'@cmd", "张小合"]
