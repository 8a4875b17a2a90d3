"""A village on the real server with its director's phone: the app as built, Chromium as on a phone, nothing stubbed."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from playwright.sync_api import Error, Page, expect

from hutong.kernel.clock import day, now
from hutong.people import files, persons
from hutong.people.models import File
from hutong.staff.models import User
from tests import make
from tests.browser import CHROMIUM, PHONE

PIN = "204816"
EARLIER = """(() => {
  const Real = Date, by = BACK * 86400e3
  window.Date = class extends Real {
    constructor(...of) { of.length ? super(...of) : super(Real.now() - by) }
    static now() { return Real.now() - by }
  }
})()"""


def today() -> date:
    """The day in China by the machine's clock, which the browser goes by too."""
    return day(now())


def at(back: int = 0) -> datetime:
    """Eleven in the morning in China, so many days ago."""
    return datetime.combine(today() - timedelta(days=back), time(3), UTC)


class Village:
    """Lin's village: two brothers under one roof with their grandmother, a girl elsewhere, and who is above Lin."""

    def __init__(self, site: str) -> None:
        self.site = site
        self.lin, self.wu, self.zhou, self.qin = make.lin(), make.wu(), make.zhou(), make.qin()
        self.elder = self._child("张大合", "东头1号")
        self.younger = self._child("张二合", "东头1号")
        self.girl = self._child("李小合", "西头8号")

    def _child(self, name: str, home: str) -> File:
        then = at(5)
        file = make.file(self.zhou, name=name, born=date(2016, 5, 4), on=day(then), at=then)
        persons.set_address(person=file.child, detail=home, on=day(then), source="census", by=self.zhou, at=then)
        make.parents_away(file, self.zhou, at=then)
        files.assign_director(file=file, director=self.lin, by=self.wu, at=then)
        return file


def _commands() -> Iterator[tuple[int, list[str]]]:
    """Every process and its command; `ps` cuts long ones off."""
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            yield int(folder.name), (folder / "cmdline").read_bytes().decode(errors="replace").split("\0")


class Handset:
    """One phone: a folder that survives the browser's being killed, and what the director does on it."""

    def __init__(self, playwright_type: Any, folder: Path, site: str, size: dict[str, int] = PHONE) -> None:
        self.type, self.folder, self.site, self.size = playwright_type, folder, site, size
        self.complaints: list[str] = []
        self.context: Any = None
        self.page: Page
        self.start()

    def start(self, back: int = 0) -> None:
        """Switch the browser on; `back`: by the phone's clock it is so many days ago."""
        self.context = self.type.launch_persistent_context(
            str(self.folder), executable_path=CHROMIUM, args=["--no-sandbox"], viewport=self.size, locale="zh-CN",
            timezone_id="Asia/Shanghai", reduced_motion="reduce", is_mobile=True, has_touch=True,
        )  # fmt: skip
        self.context.set_default_timeout(30_000)
        if back:
            self.context.add_init_script(EARLIER.replace("BACK", str(back)))
        self.page = self.context.pages[0] if self.context.pages else self.context.new_page()
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def kill(self) -> None:
        """The battery falls out: SIGKILL to the browser, no farewell; its children die with it."""
        (main,) = [pid for pid, command in _commands() if self._is_main(command)]
        os.kill(main, signal.SIGKILL)
        self.close()
        for lock in self.folder.glob("Singleton*"):
            lock.unlink()

    def wreck(self) -> None:
        """What a browser does that finds its store damaged after a kill: it throws all of it away (docs/threat-model-phone.md, 8)."""
        for found in (self.folder / "Default/IndexedDB").glob("http_*"):
            shutil.rmtree(found)

    def _is_main(self, command: list[str]) -> bool:
        return f"--user-data-dir={self.folder}" in command and not any(word.startswith("--type=") for word in command)

    def sign_in(self, who: User) -> None:
        """As the app sends one: to the desk's page, and back to the app."""
        self.page.goto(self.site + "/account/login/?next=/m/")
        self.page.fill("#id_login", who.username)
        self.page.fill("#id_password", make.PASSWORD)
        self.page.click("main .btn.pri")
        self.page.wait_for_url("**/m/")

    def set_pin(self) -> None:
        """The first opening: a PIN twice."""
        self._pin()
        self.page.wait_for_selector("h1 >> text=再输一遍")
        self._pin()
        self.page.wait_for_selector("nav.bar")

    def unlock(self) -> None:
        """After a restart."""
        self._pin()
        self.page.wait_for_selector("nav.bar")

    def _pin(self) -> None:
        self.page.fill("#pin", PIN)
        self.page.click("form .pri")

    def open(self) -> None:
        """The app, as from the home screen."""
        self.page.goto(self.site + "/m/")

    def offline(self, off: bool = True) -> None:
        """No network, or network again."""
        self.context.set_offline(off)
        if not off:
            self.page.evaluate("dispatchEvent(new Event('online'))")

    def go(self, where: str) -> None:
        """To a page of the app."""
        self.page.evaluate("where => { location.hash = where }", where)

    def start_form(self, kind: str, child: Any = "") -> None:
        """An empty form of this kind."""
        self.go(f"#do/{kind}/{child}" if kind != "report" else "#report")
        self.page.wait_for_selector("form fieldset")

    def tick(self, question: str, words: str) -> None:
        """Tap a row."""
        self.page.locator(f"#q-{question} label", has_text=words).first.click()

    def write(self, question: str, words: str) -> None:
        """Type into a field."""
        self.page.fill(f"#i-{question}", words)

    def save(self) -> None:
        """Save, and see it said."""
        self.page.click("form .act .pri")
        self.page.wait_for_selector("text=已保存到手机，有网后自动上传")

    def visit(self, child: Any, *, seen: str = "孩子", lives: str = "爷爷奶奶", when: str = "今天") -> None:
        """The shortest visit."""
        self.start_form("visit", child)
        self.fill_visit(seen=seen, lives=lives, when=when)

    def fill_visit(self, *, seen: str = "孩子", lives: str = "爷爷奶奶", when: str = "今天") -> None:
        """Into the form that is open."""
        self.tick("when", when)
        self.tick("seen", seen)
        self.tick("lives_with", lives)

    def unsent(self, count: int) -> None:
        """The strip says how much waits; nothing any more for none."""
        words = f"还有 {count} 条未上传" if count else "全部已上传"
        expect(self.page.locator(".strip")).to_contain_text(words, timeout=30_000)

    def close(self) -> None:
        """Put away. The driver learns of a killed browser's death here, and says so."""
        with suppress(Error):
            self.context.close()
