"""A director's week: the pack on Monday, three days without network, the battery out twice, and on Thursday all of it at once.

Two browsers: the phone, with a folder that outlives kill -9, and the desk, where the town settles and the county reads.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from hutong.casework.models import Report
from hutong.exchange.models import Conflict, FieldOperation
from hutong.people import files, persons
from hutong.people.models import Address, File, Kinship
from hutong.places.codes import county
from hutong.staff.models import User
from hutong.wellbeing.models import Visit
from tests import make
from tests.browser import sign_in
from tests.field.village import Handset, Village, at, today

MONDAY, TUESDAY, WEDNESDAY = 3, 2, 1  # days before Thursday, which is today


def days_ago(back: int) -> date:
    return today() - timedelta(days=back)


@pytest.fixture
def village(site: str) -> Village:
    made = Village(site)
    then = at(20)
    made.late = make.file(made.zhou, name="孙迟合", born=date(2015, 1, 6), on=then.date(), at=then)  # type: ignore[attr-defined]
    files.assign_director(file=made.late, director=made.lin, by=made.wu, at=then)  # type: ignore[attr-defined]
    return made


@pytest.fixture
def handset(app: Path, chromium: Any, village: Village, tmp_path: Path) -> Iterator[Handset]:
    made = Handset(chromium.browser_type, tmp_path / "phone", village.site)
    yield made
    made.close()
    assert not made.complaints


Desk = Callable[[User, str], Page]


@pytest.fixture
def desk(open_at: Any, village: Village) -> Desk:
    def opened(who: User, path: str) -> Page:
        page: Page = open_at()
        sign_in(page, village.site, who.username, make.PASSWORD)
        page.goto(village.site + path)
        return page

    return opened


def board(desk: Desk, officer: User) -> dict[str, str]:
    """The county's totals as the page shows them, by heading."""
    page = desk(officer, f"/board/{county(make.HERE)}/")
    heads = page.locator("#table thead th").all_inner_texts()
    cells = page.locator("#table tr.total").locator("th, td").all_inner_texts()
    return dict(zip(heads, cells, strict=True))


def test_a_directors_week(village: Village, handset: Handset, desk: Desk) -> None:
    assert board(desk, village.zhou)["逾期未办走访"] == "1"
    _monday(village, handset)
    _tuesday(village, handset)
    _wednesday(village, handset)
    assert not FieldOperation.objects.exists(), "three days without network: nothing has left the phone"
    _thursday(village, handset)
    _what_stands(village)
    _settled(village, handset, desk)
    _counted(village, desk)


def _again(handset: Handset, back: int) -> None:
    """Switch on again in the village: no network, and the app opens from the phone itself."""
    handset.start(back)
    handset.context.set_offline(True)
    handset.open()
    handset.unlock()


def _monday(village: Village, handset: Handset) -> None:
    """The pack; then two brothers in one visit; then the girl's visit, half filled when the battery falls out."""
    handset.close()
    handset.start(MONDAY)
    handset.sign_in(village.lin)
    handset.set_pin()
    handset.page.wait_for_selector("text=要去 3 家")
    handset.page.evaluate("navigator.serviceWorker.ready.then(() => 1)")
    handset.offline()
    handset.visit(village.elder.pk)
    handset.tick("siblings", "张二合")
    handset.save()
    handset.unsent(2)
    handset.visit(village.girl.pk)
    handset.page.wait_for_selector("text=草稿已保存在手机里")
    handset.kill()


def _tuesday(village: Village, handset: Handset) -> None:
    """The draft is there and still says Monday. A visit that was overdue, and a child nobody knew, visited at once."""
    _again(handset, TUESDAY)
    handset.unsent(2)
    handset.go("#today")
    handset.page.click("a.card:has-text('没填完')")
    expect(handset.page.locator("#q-when label.on")).to_have_text("昨天")
    handset.save()
    handset.visit(village.late.pk)  # type: ignore[attr-defined]
    handset.save()
    handset.start_form("child_new")
    handset.write("name", "陈新合")
    handset.tick("sex", "男孩")
    handset.write("birth_date", "2018-03-04")
    handset.write("guardian", "陈爷合")
    handset.tick("relation", "爷爷")
    handset.save()
    handset.go("#children")
    handset.page.click("a.card:has-text('陈新合')")
    handset.page.click("text=登记走访")
    handset.page.wait_for_selector("form fieldset")
    handset.fill_visit()
    handset.save()
    expect(handset.page.locator("#next")).to_contain_text("下次走访不晚于")
    handset.unsent(6)
    handset.close()


def _wednesday(village: Village, handset: Handset) -> None:
    """Another carer, a move, an urgent report; the battery falls out as soon as it is said to be saved.

    The same day the office writes the girl's new address as it heard it.
    """
    _again(handset, WEDNESDAY)
    handset.start_form("change", village.elder.pk)
    handset.tick("what", "换了照看的人")
    handset.write("carer", "赵姑合")
    handset.tick("relation", "姑姑")
    handset.tick("when", "今天")
    handset.save()
    handset.start_form("change", village.girl.pk)
    handset.tick("what", "搬家了")
    handset.write("address", "南头5号")
    handset.tick("when", "昨天")
    handset.save()
    handset.start_form("report")
    handset.tick("situations", "一个人在家")
    handset.write("child_words", "村口穿红衣服的女孩，六七岁")
    handset.write("place_words", "村口")
    handset.save()
    handset.kill()
    then = at(WEDNESDAY)
    with make.as_(village.zhou):
        persons.set_address(
            person=village.girl.child,
            detail="北头2号",
            on=days_ago(WEDNESDAY),
            source="office",
            by=village.zhou,
            at=then,
        )


def _thursday(village: Village, handset: Handset) -> None:
    """Network again. The sign-in has run out meanwhile; after it everything goes up by itself."""
    _again(handset, 0)
    handset.context.clear_cookies()
    handset.unsent(9)
    handset.offline(False)
    handset.page.click("text=去登录")
    handset.page.fill("#id_login", village.lin.username)
    handset.page.fill("#id_password", make.PASSWORD)
    handset.page.click("main .btn.pri")
    handset.page.wait_for_url("**/m/")
    handset.unlock()
    handset.unsent(0)
    handset.go("#uploads")
    expect(handset.page.locator("[data-state=done]")).to_have_count(9)
    expect(handset.page.locator(".card", has_text="紧急报告")).to_contain_text("回执 JB371726")
    expect(handset.page.locator(".card", has_text="督导员会再看一看")).to_have_count(1)


def _what_stands(village: Village) -> None:
    """Nothing lost, nothing twice, each on its day."""
    made = {visit.file.child.name: visit.occurred_on for visit in Visit.objects.select_related("file__child")}
    monday, tuesday = days_ago(MONDAY), days_ago(TUESDAY)
    assert made == {"张大合": monday, "张二合": monday, "李小合": monday, "孙迟合": tuesday, "陈新合": tuesday}
    assert Visit.objects.count() == 5 and FieldOperation.objects.count() == 9
    assert list(FieldOperation.objects.order_by("seq").values_list("seq", flat=True)) == list(range(1, 10))
    assert File.objects.filter(child__name="陈新合", division=make.HERE).count() == 1
    assert _carer(village.elder) == "赵姑合"
    assert Report.objects.get().place_words == "村口"
    assert Conflict.objects.get().ours == "北头2号" == _home(village.girl)


def _carer(file: File) -> str:
    return Kinship.objects.get(child=file.child, carer=True, end=None).relative.name


def _home(file: File) -> str:
    return Address.objects.get(person=file.child, end=None).detail


def _settled(village: Village, handset: Handset, desk: Desk) -> None:
    """The town's supervisor sees both and takes the phone's; the phone shows it."""
    page = desk(village.wu, "/conflicts/")
    page.click("text=李小合")
    expect(page.locator("main")).to_contain_text("北头2号")
    page.click("text=采用手机上的")
    page.click("main form .btn.pri, main form button.pri")
    page.wait_for_url("**/conflicts/")
    assert _home(village.girl) == "南头5号"
    handset.open()
    handset.unlock()
    handset.go(f"#child/{village.girl.pk}")
    expect(handset.page.locator("main")).to_contain_text("南头5号")
    handset.go("#uploads")
    expect(handset.page.locator(".card", has_text="用了您填的")).to_have_count(1)


def _counted(village: Village, desk: Desk) -> None:
    """The county's board. A month's figures ask in which month the week's days lie."""
    month = today().replace(day=1)
    # In time: three first visits on Monday, on Tuesday the new child's and the late child's first period. Late: its first visit.
    on_time = 3 * (days_ago(MONDAY) >= month) + 2 * (days_ago(TUESDAY) >= month)
    late = 1 if days_ago(10) >= month else 0
    found = board(desk, village.zhou)
    assert (found["在册档案"], found["逾期未办走访"]) == ("5", "0")
    expected = f"{on_time}/{on_time + late}" if on_time + late else "无数据"
    assert expected in found["走访按期完成率"]
