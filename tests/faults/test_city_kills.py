"""kill -9 while a bureau's file is split by county, and while a county's part goes through the door: each row arrives once."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import cities
from tests.faults import place as places
from tests.faults.place import Place

HERE, THERE = "371726001216", "371721001001"
ASK = """
from pathlib import Path
from hutong.exchange import channels
from hutong.kernel.clock import now
from tests import cities, make
sender, officer = cities.liaison(), make.user("city_officer", cities.CITY)
cities.agree(officer)
channels.take(Path("{file}"), feed="custody", division=cities.CITY, by=sender, at=now())
"""
# The splitting stands still at its first county, with the file split and its unplaced row written; the door at a row it puts aside.
SPLITTING = "lock table exchange_feeddelivery in share mode"
DOOR = "lock table exchange_feedrow in share mode"
BAD = ",,1990-01-01,371721001001,2026-01-05,18\n"
PARTS = "select division, rows, good, bad, state from exchange_feeddelivery order by division"
STANDING_STILL = "select count(*) from pg_stat_activity where wait_event_type = 'Lock'"
FILES = "registers/incoming"


@pytest.fixture
def place() -> Iterator[Place]:
    with places.made() as made:
        yield made


def killed_at(place: Place, lock: str) -> None:
    """A worker that stands still at a lock and is killed there."""
    with place.held(lock):
        process = place.start("work", "--once")
        until_still(place, process)
        places.kill(process)
    place.ask("update procrastinate_workers set last_heartbeat = last_heartbeat - interval '1 minute' returning 1")


def until_still(place: Place, process: subprocess.Popen[str]) -> None:
    while not place.one(STANDING_STILL):
        assert process.poll() is None, process.stdout and process.stdout.read()
        time.sleep(0.1)


def test_each_row_of_a_citys_file_reaches_its_county_once_however_often_the_worker_is_killed(place: Place) -> None:
    file = place.data.parent / "全市名单.csv"
    file.write_text(cities.text((HERE, 300), (THERE, 200), ("", 1)) + BAD, encoding="utf-8")
    place.run("shell", "-v0", "-c", ASK.format(file=file))
    killed_at(place, SPLITTING)
    assert place.ask(PARTS) == [] and place.ask("select state from exchange_citydelivery") == [("received",)]
    killed_at(place, DOOR)
    assert place.ask("select state, rows, unplaced from exchange_citydelivery") == [("split", 502, 1)]
    place.run("work", "--once")
    assert place.ask(PARTS) == [(cities.CAO, 201, 200, 1, "accepted"), (cities.JUANCHENG, 300, 300, 0, "accepted")]
    assert place.one("select count(*) from exchange_cityrow") == place.one("select count(*) from exchange_feedrow") == 1
    assert list((Path(place.data) / FILES).iterdir()) == []
