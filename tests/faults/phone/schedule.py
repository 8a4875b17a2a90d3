"""What goes wrong, drawn from one seed: a list of steps that can be played again. Knows no browser and no server.

Faults on the wire wait for the next request of their sort; what they do is in `wire`.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

KINDS = {"attempt": 5, "visit": 3, "photo": 3, "report": 2, "child_new": 2, "change": 2, "bad": 2, "huge": 1}
FAULTS = {
    "lose": 3, "deaf": 4, "twice": 4, "late": 4, "torn": 3, "half": 2, "portal": 2, "gateway": 2, "blob_lose": 2, "blob_deaf": 2,
    "blob_torn": 3, "blob_twice": 2,
}  # fmt: skip
EVENTS = {
    "offline": 4, "online": 4, "reload": 5, "tab": 3, "close": 2, "quota": 2, "room": 1, "disk": 3, "clock": 3, "lock": 2, "unlock": 2,
    "sign_out": 1, "sign_in": 2, "update": 2, "deliver": 2, "send": 5, "wait": 3, "new_pin": 1,
}  # fmt: skip
SKEWS = [-86400 * 400, -86400, -3600, -45, 90, 7200, 86400, 86400 * 20, 86400 * 400, -86400 * 20000]
KILLS_BROWSER, KILLS_SERVER = 4, 7  # every so many seeds: a new browser or server takes a second or more
WRECKS = 3  # every so many of the killed browsers find their store damaged at the next start, and throw it away


@dataclass(frozen=True)
class Step:
    """One step: what is done, to what, and a number (milliseconds, seconds of skew, which tab or child)."""

    do: str
    what: str = ""
    n: int = 0

    def __str__(self) -> str:
        return " ".join(str(part) for part in (self.do, self.what, self.n) if part != "")


def schedule(seed: int) -> list[Step]:
    """The steps of a seed: records saved, things that go wrong, and kills where the seed is one of those."""
    by = random.Random(seed)
    steps = [_step(by) for _ in range(by.randint(8, 14))]
    if seed % KILLS_BROWSER == 1:
        what = "wreck" if seed // KILLS_BROWSER % WRECKS == 2 else ""
        _insert(by, steps, [Step("burst", _kind(by), by.randint(3, 8)), Step("kill_browser", what, by.randint(0, 120))])
    if seed % KILLS_SERVER == 2:
        died = by.choice([Step("fault", "die"), Step("fault", "die_soon", by.randint(0, 60)), Step("kill_server")])
        _insert(by, steps, [Step("save", _kind(by), by.randint(0, 5)), died, Step("send")])
    if seed % 11 == 3:
        steps.insert(0, Step("old_browser"))  # none of the locks between tabs
    return [Step("save", "attempt", by.randint(0, 5)), *steps]


def _step(by: random.Random) -> Step:
    sort = by.choices(["save", "together", "fault", "event"], [9, 2, 6, 8])[0]
    if sort == "save":
        return Step("save", _kind(by), by.randint(0, 5))
    if sort == "together":
        return Step("together", _kind(by), by.randint(2, 5))
    if sort == "fault":
        return Step("fault", _drawn(by, FAULTS), by.randint(0, 1000))
    name = _drawn(by, EVENTS)
    numbers = {"clock": by.choice(SKEWS), "wait": by.randint(10, 250)}
    return Step(name, n=numbers.get(name, by.randint(0, 5)))


def _kind(by: random.Random) -> str:
    return _drawn(by, KINDS)


def _drawn(by: random.Random, weights: dict[str, int]) -> str:
    return by.choices(list(weights), list(weights.values()))[0]


def _insert(by: random.Random, steps: list[Step], more: list[Step]) -> None:
    place = by.randint(0, len(steps))
    steps[place:place] = more
