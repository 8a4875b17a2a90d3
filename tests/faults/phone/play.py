"""Plays a schedule on one phone, then heals everything and lets the phone send what it holds."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Error, Page

from tests.faults.phone import wire as wires
from tests.faults.phone.schedule import Step
from tests.faults.phone.stage import Server
from tests.field.village import PIN, Handset

DRIVE = (Path(__file__).parent / "drive.js").read_text()
OLD = "Object.defineProperty(navigator, 'locks', { value: undefined })"
PATIENCE = 45  # seconds in which the server must have answered something, once everything is healed
ANSWERS = 120  # after so many answers a record must have left the outbox: before twenty of them go all their pictures, in pieces


@dataclass
class Record:
    """What the phone was asked to save, and what it said of that. Moments are counted, not measured."""

    token: str
    kind: str
    child: str
    began: int
    ended: int = 0
    op: str = ""
    refused: str = ""
    photos: list[str] = field(default_factory=list)

    @property
    def saved(self) -> bool:
        """The phone said that it is on disk."""
        return bool(self.op)


class Player:
    """The phone, the wire and the server during one schedule."""

    def __init__(self, handset: Handset, wire: wires.Wire, server: Server, children: list[str], sign_in: Any) -> None:
        self.handset, self.wire, self.server, self.children = handset, wire, server, children
        self.cookies: list[dict[str, str]] = sign_in
        self.moment = 0
        self.records: dict[str, Record] = {}
        self.seed = self.plays = 0
        self.skew = 0
        self.old_browser = False
        self.offline = False
        self.builds: list[Path] = []
        self.steps: list[str] = []
        self.relaxed: list[str] = []
        self.waits = 0
        self.patience = PATIENCE

    # A schedule from the start to the end

    def play(self, seed: int, steps: list[Step]) -> None:
        """All steps, then healing, then sending to the end."""
        self.seed, self.records, self.moment, self.steps, self.relaxed = seed, {}, 0, [], []
        self.plays += 1
        self.by = self.wire.by = random.Random(-seed)
        self.old_browser = any(step.do == "old_browser" for step in steps)
        self._fresh()
        for step in steps:
            self.steps.append(str(step))
            getattr(self, "_do_" + step.do)(step)
        self._heal()
        self._drain()

    @property
    def page(self) -> Page:
        """The tab in front."""
        return self.handset.page

    @property
    def pages(self) -> list[Page]:
        """All tabs."""
        found: list[Page] = self.handset.context.pages
        return found

    def _fresh(self) -> None:
        """A phone that nobody has used, signed in, with a PIN and the pack."""
        self.wire.heal()
        self.wire.late.clear()
        self.wire.spent.clear()
        self.skew = 0
        self._do_online(Step("online"))
        for page in self.pages[1:]:
            page.close()
        self.handset.page = self.pages[0]
        self.page.goto("about:blank")
        with _session(self.page) as cdp:
            cdp.send("Storage.clearDataForOrigin", {"origin": self.handset.site, "storageTypes": "all"})
        self._dress()
        self.handset.open()
        self.handset.set_pin()
        self._ask("async () => { await navigator.serviceWorker.ready; await hutong.network.register() }")
        self.page.wait_for_function("() => hutong.pack.current()")

    def _dress(self) -> None:
        """What a browser that was just started needs of us."""
        context = self.handset.context
        if not getattr(context, "dressed", False):
            context.expose_binding("said", self._said)
            context.add_init_script(DRIVE)
            context.dressed = True
        if self.old_browser and not getattr(context, "old", False):
            context.add_init_script(OLD)
            context.old = True
        context.clear_cookies()
        context.add_cookies(self.cookies)

    # What the phone says

    def _said(self, source: Any, token: str, op: str, problem: str, photos: list[str]) -> None:
        record = self.records[token]
        self.moment += 1
        record.ended, record.op, record.refused, record.photos = self.moment, op, problem, photos

    def _new(self, kind: str, n: int) -> dict[str, Any]:
        self.moment += 1
        token = f"合成{self.seed}第{len(self.records) + 1}场{self.plays}"
        record = Record(token, kind, self.children[n % len(self.children)], self.moment)
        self.records[token] = record
        sizes = [self.by.choice([900, 70_000, 300_000, 600_000]) for _ in range(self.by.randint(1, 2))]
        photos = sizes if kind == "photo" else []
        return {"token": token, "kind": kind, "child": record.child, "photos": photos}

    def _ask(self, script: str, *given: Any, page: Page | None = None) -> Any:
        return (page or self.page).evaluate(script, *given)

    def _unlocked(self, page: Page) -> bool:
        return bool(self._ask("() => !!window.hutong && hutong.store.unlocked()", page=page))

    # Saving

    def _do_save(self, step: Step) -> None:
        if step.what != "report" and not self._unlocked(self.page):
            self._open(self.page)
        self._ask("(one) => drive.tell(one)", self._new(step.what, step.n))

    def _do_together(self, step: Step) -> None:
        """In two tabs at once where there are two."""
        one, two = [self._new(step.what, n) for n in range(step.n)], [self._new("attempt", 1)]
        for page in self.pages:
            if not self._unlocked(page):
                self._open(page)
        for page, some in zip(self.pages, (one, two), strict=False):
            self._ask("(all) => { drive.together(all) }", some, page=page)
        expected = one if len(self.pages) == 1 else one + two
        for missing in two if len(self.pages) == 1 else []:
            del self.records[missing["token"]]
        self._until(lambda: all(self.records[o["token"]].ended for o in expected), "saving at once")

    def _do_burst(self, step: Step) -> None:
        """One after another, and nobody waits: what comes next interrupts it."""
        if not self._unlocked(self.page):
            self._open(self.page)
        self._ask("(all) => { drive.burst(all) }", [self._new(step.what, n) for n in range(step.n)])

    # The browser

    def _do_reload(self, step: Step) -> None:
        self._keep_relaxed()
        self.page.reload()
        if step.n % 2:
            self._open(self.page)

    def _do_tab(self, step: Step) -> None:
        if len(self.pages) < 2:
            self.handset.page = self.handset.context.new_page()
            self.handset.open()
            self._open(self.page)

    def _do_close(self, step: Step) -> None:
        if len(self.pages) > 1:
            self.pages[step.n % 2].close()
            self.handset.page = self.pages[0]

    def _do_kill_browser(self, step: Step) -> None:
        self.page.wait_for_timeout(step.n)
        self.handset.kill()
        if step.what == "wreck":
            self.handset.wreck()
        self.handset.start()
        self._dress()
        self.handset.context.set_offline(self.offline)
        self.handset.open()
        self._open(self.page)

    def _do_old_browser(self, step: Step) -> None:
        """Known from the start."""

    def _do_update(self, step: Step) -> None:
        """The office installs another build of the app; the phone takes it when all its tabs are closed."""
        self.builds.reverse()
        self.server.show(self.builds[0])
        self._ask(
            "async () => { const found = await navigator.serviceWorker.getRegistration(); found && found.update().catch(() => 0) }"
        )
        if step.n % 2:
            self._keep_relaxed()
            self.page.goto("about:blank")
            self.handset.open()
            self._open(self.page)

    def _do_lock(self, step: Step) -> None:
        self._ask("() => { hutong.store.lock(); location.hash = '#again' + Math.random() }")

    def _do_unlock(self, step: Step) -> None:
        self._open(self.page)

    def _open(self, page: Page) -> None:
        page.wait_for_function("() => window.hutong")
        if not self._unlocked(page):
            self._ask("() => { location.hash = '#today' + Math.random() }", page=page)
            for _ in range(4):  # a page that is painted again meanwhile forgets what was typed
                with suppress(Error):
                    page.fill("#pin", PIN, timeout=8_000)
                    new = not self._ask("() => hutong.store.hasVault()", page=page)
                    page.click("form .pri", timeout=8_000)
                    if new:  # its store was thrown away, by a schedule or by the browser itself: the PIN twice, as on the first day
                        page.wait_for_selector("h1 >> text=再输一遍", timeout=8_000)
                        page.fill("#pin", PIN, timeout=8_000)
                        page.click("form .pri", timeout=8_000)
                    page.wait_for_function("() => hutong.store.unlocked()", timeout=8_000)
                    return
            assert self._unlocked(page), "it does not open with its PIN: " + page.inner_text("body")[:200]

    def _do_new_pin(self, step: Step) -> None:
        """The PIN was forgotten: what lay under the old one can be read by the server alone."""
        for page in self.pages[1:]:
            page.close()
        self.handset.page = self.pages[0]
        self._ask("(pin) => hutong.store.setUp(pin)", PIN)

    def _do_quota(self, step: Step) -> None:
        self._quota(1)

    def _do_room(self, step: Step) -> None:
        self._quota(None)

    def _quota(self, size: int | None) -> None:
        with _session(self.page) as cdp:
            limit = {} if size is None else {"quotaSize": size}
            cdp.send("Storage.overrideQuotaForOrigin", {"origin": self.handset.site, **limit})

    def _do_disk(self, step: Step) -> None:
        """The next change of the outbox is not committed, though each of its requests was answered."""
        self._ask("() => drive.breakDisk()")

    def _do_clock(self, step: Step) -> None:
        self.skew = step.n
        self._ask("(skew) => localStorage.setItem('skew', skew)", step.n)

    # The network and the server

    def _do_offline(self, step: Step) -> None:
        self.offline = True
        self.handset.context.set_offline(True)

    def _do_online(self, step: Step) -> None:
        self.offline = False
        self.handset.context.set_offline(False)

    def _do_fault(self, step: Step) -> None:
        self.wire.fault(step.what, step.n)

    def _do_deliver(self, step: Step) -> None:
        self.wire.deliver()

    def _do_kill_server(self, step: Step) -> None:
        self.server.kill()

    def _do_sign_out(self, step: Step) -> None:
        self.handset.context.clear_cookies()

    def _do_sign_in(self, step: Step) -> None:
        self.handset.context.add_cookies(self.cookies)

    def _do_send(self, step: Step) -> None:
        """Press the button, and do not wait."""
        self._ask("() => { drive.send() }")
        self.page.wait_for_timeout(20 * step.n)

    def _do_wait(self, step: Step) -> None:
        self.page.wait_for_timeout(step.n)

    # The end

    def _heal(self) -> None:
        """Everything works again; faults that wait on the wire are still to be met, each once."""
        self.server.start()
        self._do_online(Step("online"))
        self._dress()
        self._quota(None)
        self._open(self.page)
        self._until(lambda: all(r.ended for r in self.records.values() if r.began > self._killed()), "saving")
        self._keep_relaxed()

    def _killed(self) -> int:
        """Records begun before the last kill may never have been finished."""
        return self.moment if any(step.startswith("kill_browser") for step in self.steps) else -1

    def _drain(self) -> None:
        """The phone sends by itself what it holds; a wrong clock is put right on the way."""
        self._do_clock(Step("clock", n=0))
        self.waits = self._ask("() => drive.waits()")
        end, late, least, since, heard = time.monotonic() + self.patience, 0, 1 << 30, 0, 0
        while queued := [row for row in self.rows() if row["state"] == "queued"]:
            if len(queued) < least:  # it goes on, however slowly
                least, end, since = len(queued), time.monotonic() + self.patience, self.wire.answered
            if heard < self.wire.answered < since + ANSWERS:
                heard, end = self.wire.answered, time.monotonic() + self.patience
            assert time.monotonic() < end, f"nothing more sent in {self.patience} s: {queued}"
            # A clock put right from behind looks like minutes of rest: then it has locked itself.
            if not self._unlocked(self.page):
                self._open(self.page)
            if all(row["later"] for row in queued):  # the server asked for a minute: let it pass
                late += 61
                self._do_clock(Step("clock", n=late))
            self._ask("() => drive.send()")
            end += self._seconds_of(self.server.start)
            self.page.wait_for_timeout(20)
        self.server.start()
        self.wire.deliver()
        self._do_clock(Step("clock", n=0))

    def rows(self) -> list[dict[str, Any]]:
        """The outbox as it lies on disk."""
        found: list[dict[str, Any]] = self._ask("() => drive.rows()")
        return found

    def _seconds_of(self, work: Callable[[], None]) -> float:
        """A server that must be started first is no slowness of the phone."""
        began = time.monotonic()
        work()
        return time.monotonic() - began

    def renew(self) -> None:
        """After a schedule that ended in the middle: another browser, so that the next one does not suffer for it."""
        with suppress(Exception):
            self.handset.kill()
        self.handset.start()

    def _keep_relaxed(self) -> None:
        for page in self.pages:
            with suppress(Error):
                self.relaxed += self._ask("() => window.drive ? drive.relaxed() : []", page=page)

    def _until(self, met: Callable[[], bool], what: str) -> None:
        end = time.monotonic() + self.patience
        while not met():
            assert time.monotonic() < end, f"no end: {what}"
            self.page.wait_for_timeout(10)


class _session:  # noqa: N801
    """The browser's own controls for one page."""

    def __init__(self, page: Page) -> None:
        self.cdp = page.context.new_cdp_session(page)

    def __enter__(self) -> Any:
        return self.cdp

    def __exit__(self, *_: object) -> None:
        with suppress(Error):
            self.cdp.detach()
