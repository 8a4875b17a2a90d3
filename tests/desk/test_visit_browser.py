"""The recording pages in a real browser: questions that appear, a narrow phone, and the script's engine against the vectors."""

from __future__ import annotations

import json
import os
from datetime import date
from typing import Any

import pytest

from hutong.policy.loader import FOLDER
from hutong.wellbeing.models import Contact, Flag, Visit
from tests import make
from tests.browser import DESK, PHONE, faults, overflows, sign_in

VECTORS = json.loads((FOLDER / "expressions/vectors.json").read_text(encoding="utf-8"))


@pytest.fixture
def director(site: str, open_at: Any) -> Any:
    zhou, lin = make.zhou(), make.lin()
    file = make.file(zhou, name="张小合", born=date(2016, 5, 4))
    make.parents_away(file, zhou)

    def opened(page: str, size: dict[str, int] = PHONE, **options: Any) -> Any:
        window = open_at("", size, **options)
        sign_in(window, site, lin.username, make.PASSWORD)
        window.goto(f"{site}/children/{file.pk}/{page}/")
        return window

    return opened


def picture(page: Any, name: str) -> None:
    if folder := os.environ.get("HUTONG_PICTURES"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


def test_the_script_s_engine_gives_the_values_all_engines_agree_on(director: Any) -> None:
    page = director("visit")
    for case in VECTORS["cases"]:
        found = page.evaluate("([tree, given]) => window.hutongExpression(tree, given)", [case["tree"], case["given"]])
        assert found == case["value"], case["name"]
        assert isinstance(found, bool) == isinstance(case["value"], bool), case["name"]
    for case in VECTORS["errors"]:
        refused = page.evaluate(
            "(tree) => { try { window.hutongExpression(tree, {}); return false } catch (e) { return true } }",
            case["tree"],
        )
        assert refused, case["name"]


def test_a_director_records_a_visit_on_a_phone(director: Any) -> None:
    page = director("visit")
    assert not page.locator("[name=danger_text]").is_visible()
    page.check("[name=seen][value=child]")
    page.check("[name=lives_with][value=grandparents]")
    page.check("[name=danger][value=injury]")
    assert page.locator("[name=danger_text]").is_visible()
    page.fill("[name=danger_text]", "胳膊上有青紫")
    page.click("main .btn.pri")
    page.wait_for_url("**/children/*/")
    assert page.get_by_text("110").first.is_visible()
    assert Visit.objects.count() == 1
    assert Flag.objects.get().severity == "red"


def test_without_script_every_question_is_there_and_the_visit_is_kept(director: Any) -> None:
    page = director("visit", java_script_enabled=False)
    assert page.locator("[name=danger_text]").is_visible()
    page.check("[name=seen][value=carer]")
    page.check("[name=lives_with][value=same]")
    page.fill("[name=father_where]", "苏州")
    page.click("main .btn.pri")
    page.wait_for_url("**/children/*/")
    assert Visit.objects.count() == 1


def test_a_contact_takes_a_few_taps(director: Any) -> None:
    page = director("contact")
    page.check("[name=child][value=done]")
    page.check("[name=carer][value=missed]")
    page.click("main .btn.pri")
    page.wait_for_url("**/children/*/")
    assert Contact.objects.count() == 2


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["1440", "360"])
@pytest.mark.parametrize("name", ["visit", "attempt", "contact", "change", "agreement"])
def test_each_page_is_accessible_and_fits(director: Any, name: str, size: dict[str, int]) -> None:
    page = director(name, size)
    picture(page, f"{name}_{size['width']}")
    assert overflows(page) <= 0
    assert faults(page) == []


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["1440", "360"])
@pytest.mark.parametrize("name", ["plan/", "plan/M10/", "plan/trace/"])
def test_the_plan_is_accessible_and_fits(site: str, open_at: Any, name: str, size: dict[str, int]) -> None:
    page = open_at("", size)
    sign_in(page, site, make.zhou().username, make.PASSWORD)
    page.goto(f"{site}/{name}")
    picture(page, f"{name.strip('/').replace('/', '_')}_{size['width']}")
    assert overflows(page) <= 0
    assert faults(page) == []
