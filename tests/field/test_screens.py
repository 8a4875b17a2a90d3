"""Every screen of the phone: axe, 320 px, text twice as large, elder mode, and the keyboard alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser import PHONE, faults, overflows
from tests.field.conftest import PIN
from tests.field.test_app import CHILD, fill_visit, save, tick
from tests.field.test_keeping import go

CHECK = "00000000-0000-7000-8000-00000000c001"
SCREENS = {
    "today": "#today", "children": "#children", "child": f"#child/{CHILD}", "visit": f"#do/visit/{CHILD}",
    "attempt": f"#do/attempt/{CHILD}", "contact": f"#do/contact/{CHILD}", "change": f"#do/change/{CHILD}",
    "carer_unfit": f"#do/carer_unfit/{CHILD}", "child_new": "#do/child_new", "check": f"#do/check/{CHECK}", "report": "#report",
    "uploads": "#uploads", "settings": "#settings", "nobody": "#child/none",
}  # fmt: skip


def asked(stub: Any) -> None:
    """A look at home, and one record that the server will refuse."""
    stub.checks = [{"id": CHECK, "name": "合成某", "sex": "2", "birth_date": "2018-01-01", "ask": "跟谁住？", "asked_on": "2026-11-20"}]  # fmt: skip
    stub.bad = {"attempt": "日期不对。"}


def each(page: Any, stub: Any) -> Iterator[str]:
    """Every screen with something on it, one after another; the page shows the one that is named."""
    attempted(page)
    for name, where in SCREENS.items():
        go(page, where)
        page.wait_for_function("where => location.hash === where", arg=where)
        heading = page.locator("h1")
        expect(heading).to_be_focused()
        yield name
    go(page, "#settings")
    yield from away(page, stub)


def attempted(page: Any) -> None:
    go(page, f"#do/attempt/{CHILD}")
    page.click("form .act .pri")
    expect(page.locator(".summary")).to_be_visible()
    tick(page, "when", "今天")
    tick(page, "why", "家里没人")
    save(page)
    go(page, "#uploads")
    page.wait_for_selector("[data-state=rejected]")


def away(page: Any, stub: Any) -> Iterator[str]:
    """A visit saved; without network; leaving refused; locked; the PIN wrong; asked to sign in."""
    stub.down = True
    fill_visit(page)
    tick(page, "signs", "不想活")
    save(page)
    yield "saved"
    go(page, "#settings")
    page.click("text=换人用，或不再用这部手机")
    page.wait_for_selector("h1 >> text=还不能退出")
    yield "kept from leaving"
    go(page, "#settings")
    page.click("text=现在锁上")
    page.wait_for_selector("#pin")
    yield "locked"
    for left in range(4, -1, -1):
        page.fill("#pin", "111222")
        page.click("form .pri")
        expect(page.locator("main")).to_contain_text(f"还可以试 {left} 次" if left else "解锁码错了 5 次")
    yield "sign in"


@pytest.fixture
def shown(phone: Callable[..., Any], stub: Any) -> Callable[..., Any]:
    def at(size: dict[str, int] = PHONE) -> Any:
        asked(stub)
        return phone(size)

    return at


def test_axe_finds_nothing_on_any_screen(shown: Any, stub: Any) -> None:
    page = shown()
    found = {name: wrong for name in each(page, stub) if (wrong := faults(page))}
    assert found == {}


@pytest.mark.parametrize("how", ["320 px", "text twice as large", "elder mode at 320 px"])
def test_no_screen_is_wider_than_the_phone(shown: Any, stub: Any, how: str) -> None:
    page = shown({"width": 320, "height": 640} if "320" in how else PHONE)
    if "elder" in how:
        go(page, "#settings")
        page.click("button:has-text('大字')")
        assert page.evaluate("parseFloat(getComputedStyle(document.documentElement).fontSize)") >= 23
    if "twice" in how:
        page.evaluate("document.documentElement.style.fontSize = '36px'")
    found = {name: over for name in each(page, stub) if (over := overflows(page))}
    assert found == {}


def test_elder_mode_stays_after_a_restart(shown: Any) -> None:
    page = shown()
    go(page, "#settings")
    page.click("button:has-text('大字')")
    expect(page.locator("button:has-text('大字')")).to_have_attribute("aria-pressed", "true")
    page.reload()
    page.wait_for_selector("#pin")
    assert page.evaluate("document.documentElement.classList.contains('large')")


def test_whatever_is_tapped_is_large_enough(shown: Any, stub: Any) -> None:
    page = shown()
    small = """() => [...document.querySelectorAll('a, button, label.opt, input:not([type=radio]):not([type=checkbox]):not(.vh)')]
      .filter(one => { const box = one.getBoundingClientRect(); return box.height > 0 && box.height < 44 && !one.closest('.summary') })
      .map(one => one.outerHTML.slice(0, 120))"""
    found = {name: wrong for name in each(page, stub) if (wrong := page.evaluate(small))}
    assert found == {}


def press_to(page: Any, selector: str, key: str = "Tab") -> None:
    """Tab until what is named has the focus."""
    for _ in range(60):
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
        page.keyboard.press(key)
    raise AssertionError(f"Tab never came to {selector}")


def test_a_record_is_made_with_the_keyboard_alone(shown: Any, stub: Any) -> None:
    stub.bad = {}
    page = shown()
    stub.bad = {}
    press_to(page, f"a[href='#child/{CHILD}']")
    page.keyboard.press("Enter")
    press_to(page, f"a[href='#do/attempt/{CHILD}']")
    page.keyboard.press("Enter")
    page.wait_for_selector("#q-when")
    press_to(page, "#q-when input")
    page.keyboard.press("Space")
    press_to(page, "#q-why input")
    page.keyboard.press("Space")
    press_to(page, "form .act .pri")
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    page.wait_for_selector("text=已保存到手机，有网后自动上传")
    press_to(page, "a[href='#today'].pri")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("今天")
    assert PIN not in page.content()
