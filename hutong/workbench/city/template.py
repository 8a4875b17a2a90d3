"""The template: as many families as an average county holds, staged with a serial number where the village will stand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from random import Random
from uuid import UUID

from hutong.workbench.bulk import Load
from hutong.workbench.demo import county, family, life, names, rows
from hutong.workbench.demo.answers import Interview
from hutong.workbench.demo.observing import observe
from hutong.workbench.demo.people import uid
from hutong.workbench.demo.staffing import Worker

SCHEMA = "template"
# Ids keep their time and lose their last two digits to the number of the county.
KEPT_DIGITS = 34
_DEPTH = life.Depth(days=810, weeks=4, answers=1)
_NOWHERE = 371726
_ON = date(2024, 5, 1)


def draw(files: int, seed: int, today: date, told: Callable[[int], None]) -> tuple[dict[str, int], int]:
    """Stage the rows of `files` child files under SCHEMA. Returns the rows of each table, and how many families."""
    rng = Random(f"{seed}:template")
    load = Load(rows.TABLES, SCHEMA)
    chance = family.Chance(rng, names.Numbers(county=_NOWHERE), today)
    recorder = life.Recorder(today, _DEPTH, Interview())
    hands = rows.Hands(*(_anybody(rng) for _ in range(4)))
    done = serial = 0
    while done < files:
        serial += 1
        drawn = family.draw(chance, family.Place(serial, names.surname(rng)), county.opened(rng, today))
        del drawn.children[files - done :]
        family.complete(drawn)
        diligence = rng.betavariate(8, 2)
        records = [recorder.draw(rng, drawn, child, diligence) for child in drawn.children]
        rows.family(load, drawn, rng, hands.director)
        rows.observed(load, observe(drawn, records, today), serial, hands.director, rng)
        for record in records:
            done += 1
            number = f"{_NOWHERE}{drawn.opened_on.year}{done:06d}"
            rows.record(load, record, drawn, number=number, school=None, hands=hands, rng=rng)
        told(done)
    return load.flush(), serial


def _anybody(rng: Random) -> Worker:
    """Stands in for whoever will hold the post in the county."""
    ids: list[UUID] = [uid(rng, _ON - timedelta(days=1)) for _ in range(2)]
    return Worker(ids[0], "", "", "", "", 0, None, ids[1], _ON)
