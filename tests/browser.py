"""A real browser against a real server: fixtures for tests that look at pages. Import them from conftest."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest

CHROMIUM = os.environ.get("HUTONG_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
DESK = {"width": 1440, "height": 900}
PHONE = {"width": 360, "height": 740}
_WCAG = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """The system's Chromium, started once."""
    from playwright.sync_api import sync_playwright

    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright's own loop runs in this thread; ours is synchronous
    assert CHROMIUM, "no Chromium found: apt-get install chromium, or set HUTONG_CHROMIUM"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def open_at(chromium: Any) -> Iterator[Any]:
    """`open_at(url, size, **context)` gives a page; complaints of the browser's console fail the test."""
    contexts, complaints = [], []

    def opened(url: str = "", size: dict[str, int] = DESK, **options: Any) -> Any:
        context = chromium.new_context(
            viewport=size, locale="zh-CN", timezone_id="Asia/Shanghai", reduced_motion="reduce", **options
        )
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        if url:
            page.goto(url)
        return page

    opened.complaints = complaints  # type: ignore[attr-defined]
    yield opened
    for context in contexts:
        context.close()
    assert not [c for c in complaints if "status of 4" not in c]


@pytest.fixture
def site(live_server: Any) -> str:
    """The address of a running server on the test database. Each such test empties the tables, so divisions are loaded again."""
    from hutong.places import operations as places

    places.load_divisions()
    places.load_committees()
    return str(live_server.url)


def faults(page: Any) -> list[str]:
    """What axe finds wrong by WCAG 2.2 AA. An empty page passes axe, so a heading must be there first."""
    from axe_playwright_python.sync_playwright import Axe

    assert page.locator("h1").count() == 1
    found = Axe().run(page, options=_WCAG).response["violations"]
    return [f"{v['id']}: {v['nodes'][0]['html'][:160]} {v['nodes'][0].get('failureSummary', '')[:200]}" for v in found]


def overflows(page: Any) -> int:
    """By how many pixels the page is wider than the window."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


def sign_in(page: Any, site: str, name: str, password: str) -> None:
    """Through the sign-in page, as a user would."""
    page.goto(site + "/account/login/")
    page.fill("#id_login", name)
    page.fill("#id_password", password)
    page.click("main .btn.pri")
    page.wait_for_selector("aside.side", state="attached")
