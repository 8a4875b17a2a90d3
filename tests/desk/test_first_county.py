"""The main job, in a real browser: from a messy workbook to a duty done and a board that moved."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from hutong.duties.models import Duty
from hutong.kernel.clock import today
from hutong.people.models import Category, File
from hutong.staff.models import User
from hutong.wellbeing.models import Visit
from tests import make
from tests.browser import DESK, PHONE, sign_in
from tests.exchange.books import HEADER, row, workbook

NAMES = ["李明合", "王红合", "赵小合", "孙大合", "周一合", "吴二合", "郑三合"]
TITLE = [["鄄城县2026年农村留守儿童和困境儿童花名册"], ["填报单位（盖章）：", "", "", "填表日期：2026年11月"], HEADER]
FOOT = [[], ["合计", len(NAMES)], ["填表人：某某", "", "", "审核人：某某"]]


def messy() -> bytes:
    """Ten rows as a county writes them: a title, odd dates and places, three that cannot be right, a total and a signature."""
    forms = ["2016.5.4", "2016年5月4日", "20160504", "2016/5/4", "2016-05-04", "2016年5月", "16.5.4"]
    places = ["万全庄村", "万全庄村委会", "陈王街道万全庄", "万全庄", "万全庄村村民委员会", "万全庄村", "万全庄村"]
    good = [
        row(序号=n, 儿童姓名=" ".join(name), 身份证号="", 性别="男", 出生日期=form, **{"村（居）": place}, 监护人=f"{name[0]}奶奶", 与儿童关系="奶奶",
            联系电话=f"138 0000 {n:04d}", 类别="留守")
        for n, (name, form, place) in enumerate(zip(NAMES, forms, places, strict=True), 1)
    ]  # fmt: skip
    bad = [
        row(序号=8, 儿童姓名=""),
        row(序号=9, **{"村（居）": "没有的村"}),
        row(序号=10, 身份证号="371726201502081233"),
    ]
    return workbook([*TITLE, *good, *bad, *FOOT])


class Story:
    """One browser after another, with pictures where they are wanted."""

    def __init__(self, site: str, open_at: Any) -> None:
        self.site, self.open_at = site, open_at

    def enter(self, user: User, size: dict[str, int] = DESK) -> Any:
        page = self.open_at(size=size)
        sign_in(page, self.site, user.username, make.PASSWORD)
        return page

    def picture(self, page: Any, name: str) -> None:
        if folder := os.environ.get("HUTONG_PICTURES"):
            page.screenshot(path=f"{folder}/{name}.png")


def imports(story: Story, officer: User, path: Path) -> None:
    page = story.enter(officer)
    page.goto(f"{story.site}/imports/")
    page.set_input_files("[name=file]", str(path))
    page.click("text=上传并检查")
    assert page.get_by_text("新增 7").first.is_visible() and page.get_by_text("没有写孩子的姓名").first.is_visible()
    story.picture(page, "import_checked")
    page.click("text=确认写入")
    assert page.get_by_text("已写入").first.is_visible()


def confirms(story: Story, officer: User) -> None:
    page = story.enter(officer)
    page.goto(f"{story.site}/proposals/")
    page.click("text=李明合")
    page.click("text=确认认定")
    assert page.get_by_text("已办理").first.is_visible()
    story.picture(page, "confirmed")


def visits(story: Story, director: User) -> None:
    page = story.enter(director, PHONE)
    page.goto(story.site)
    assert page.get_by_text("李明合").first.is_visible()
    story.picture(page, "today_phone")
    page.locator("tr", has_text="李明合").locator("a", has_text="登记走访").first.click()
    page.check("[name=seen][value=child]")
    page.check("[name=lives_with][value=grandparents]")
    page.click("main .btn.pri")
    page.wait_for_url("**/children/*/")
    story.picture(page, "visited_phone")


def on_time(story: Story, officer: User, name: str) -> str:
    page = story.enter(officer)
    page.goto(f"{story.site}/board/371726000000/?figure=visits")
    story.picture(page, name)
    return str(page.locator("#table tr.total").inner_text())


def test_from_a_messy_workbook_to_a_duty_done_and_a_board_that_moved(site: str, open_at: Any, tmp_path: Path) -> None:
    zhou, qin, lin = make.zhou(), make.qin(), make.lin()
    path = tmp_path / "花名册.xlsx"
    path.write_bytes(messy())
    story = Story(site, open_at)
    before = on_time(story, zhou, "board_before")
    imports(story, zhou, path)
    assert File.objects.filter(closed_on=None).count() == 7
    confirms(story, qin)
    file = File.objects.get(child__name="李明合")
    assert Category.objects.get(file=file).decided_by == qin
    assert set(Duty.objects.filter(file=file, state="due").values_list("obligation", flat=True)) >= {
        "visit.first",
        "agreement.entrusted",
    }
    visits(story, lin)
    assert Visit.objects.get().file == file
    first = Duty.objects.get(file=file, obligation="visit.first")
    assert (first.state, first.done_on) == ("done", today())
    assert "100%" in on_time(story, zhou, "board_after") and "100%" not in before
