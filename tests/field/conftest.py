"""A phone with the app on it, against the stub."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browser import PHONE
from tests.field import stub as stubs

ROOT = Path(__file__).parents[2]
PIN = "204816"


@pytest.fixture(scope="session")
def app() -> Path:
    """The built app; built now where nobody has run make setup."""
    if not (stubs.DIST / "sw.js").is_file():
        subprocess.run(["make", "field-client/dist/index.html"], cwd=ROOT, check=True)
    return stubs.DIST


@pytest.fixture
def stub(app: Path) -> Iterator[Any]:
    made, server, address = stubs.start()
    made.address = address  # type: ignore[attr-defined]
    yield made
    server.shutdown()
    server.server_close()


def set_pin(page: Any) -> None:
    """The first opening: a PIN twice."""
    page.fill("#pin", PIN)
    page.click("form .pri")
    page.wait_for_selector("h1 >> text=再输一遍")
    page.fill("#pin", PIN)
    page.click("form .pri")
    page.wait_for_selector("nav.bar")


def unlock(page: Any) -> None:
    page.fill("#pin", PIN)
    page.click("form .pri")
    page.wait_for_selector("nav.bar")


@pytest.fixture
def phone(chromium: Any, stub: Any) -> Iterator[Any]:
    """`phone(size)`: a page that is set up and has its pack."""
    contexts, complaints = [], []

    def opened(size: dict[str, int] = PHONE, **options: Any) -> Any:
        context = chromium.new_context(
            viewport=size, locale="zh-CN", timezone_id="Asia/Shanghai", reduced_motion="reduce", **options
        )
        contexts.append(context)
        context.set_default_timeout(10_000)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(stub.address + "/m/")
        set_pin(page)
        page.wait_for_selector("text=要去 2 家")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert not complaints
