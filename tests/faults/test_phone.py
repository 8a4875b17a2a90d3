"""Seeded schedules of faults on the phone app: whatever breaks, each saved record is on the server once.

`HUTONG_SEED=n` plays one schedule again (or several: `1,7`); `HUTONG_SCHEDULES=500` plays so many, from `HUTONG_SEED_FROM` (1) on.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.faults.phone import check, schedule
from tests.faults.phone.play import Player
from tests.faults.phone.scene import scene

SCHEDULES = 20


def seeds() -> list[int]:
    """Which schedules are played."""
    if one := os.environ.get("HUTONG_SEED"):
        return [int(number) for number in one.split(",")]
    first = int(os.environ.get("HUTONG_SEED_FROM", "1"))
    return list(range(first, first + int(os.environ.get("HUTONG_SCHEDULES", SCHEDULES))))


@pytest.fixture
def player(transactional_db: None, app: Path, chromium: Any, tmp_path: Path) -> Iterator[Player]:
    with scene(chromium, tmp_path) as made:
        yield made


def test_whatever_breaks_each_saved_record_is_on_the_server_once(player: Player) -> None:
    failed: dict[int, str] = {}
    for seed in seeds():
        began, steps, wrong = time.monotonic(), schedule.schedule(seed), []
        if any(step.do == "kill_server" or step.what.startswith("die") for step in steps):
            player.server.warm()
        try:
            player.play(seed, steps)
            wrong = check.complaints(player)
        except Exception as error:
            wrong = [f"{type(error).__name__}: {error}"[:1500]]
            player.renew()
        print(
            f"seed {seed}: {time.monotonic() - began:.1f} s, {len(player.records)} records, {len(player.wire.spent)} faults met, {len(wrong)} wrong",
            flush=True,
        )
        if wrong:
            failed[seed] = "\n".join([f"play it again with HUTONG_SEED={seed}", *wrong, "steps:", *map(str, steps)])
            print(failed[seed], flush=True)
    assert not failed, f"{len(failed)} of {len(seeds())} schedules: " + "\n".join(failed.values())
