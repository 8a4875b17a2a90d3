"""kill -9 in the middle of visits and of an import: what was answered is there, nothing is half there, and it can be sent again."""

from __future__ import annotations

import random
import subprocess
import threading
import time
from collections.abc import Iterator
from uuid import uuid4

import pytest

from hutong.exchange.operations import CHUNK
from tests.exchange.books import GOOD, HEADER, workbook
from tests.faults import place as places
from tests.faults.place import Place

BEFORE_BLOW, MANY = 6, 2000
"""Visits answered before the blow is let loose, and so many that it must have fallen long before."""
TORN = """
select count(*) from wellbeing_visit v
where not exists (select from wellbeing_answer a where a.visit_id = v.id)
   or (select count(*) from kernel_event e where e.subject_id = v.id and e.kind like '%visit%') <> 1
"""
FILES = "select count(*) from people_file"
APPLIED = "select count(*) from exchange_row where applied_at is not null"
ASK = """
from pathlib import Path
from hutong.exchange import operations, tasks
from hutong.kernel.clock import now
from hutong.kernel.scope import acting
from hutong.staff.access import scope_of
from hutong.staff.models import User
by = User.objects.get(username="{zhou}")
with acting(scope_of(by, "测试")):
    one = operations.receive(content=Path("{book}").read_bytes(), name="名册.xlsx", county=371726000000, by=by, at=now())
    operations.check(delivery=one, by=by, at=now())
    tasks.apply.defer(delivery=str(one.pk), user=str(by.pk))
"""
ROW_LATER = """
select from exchange_row where id = (
    select id from exchange_row where status in ('ok', 'changed') and applied_at is null order by id offset {} limit 1
) for update
"""
UNSETTLED = "select count(*) from duties_duty where obligation = 'visit.first' and state = 'due'"


@pytest.fixture(scope="module")
def place() -> Iterator[Place]:
    with places.made() as made:
        yield made


def ops_kept(place: Place) -> list[str]:
    return [
        str(row[0]) for row in place.ask("select op from kernel_event where op is not null and kind like '%visit%'")
    ]


@pytest.mark.parametrize(("victim", "seed"), [("server", 1), ("server", 2), ("database", 3)])
def test_no_answered_visit_is_lost_none_is_half_there_and_sending_again_doubles_nothing(
    place: Place, victim: str, seed: int
) -> None:
    ops: list[str] = []
    answered: set[str] = set()
    with places.served(place) as (process, director):
        blow = place.kill_database if victim == "database" else lambda: places.kill(process)
        while len(answered) == len(ops) < MANY:
            if len(ops) == BEFORE_BLOW:
                threading.Timer(random.Random(seed).uniform(0.01, 0.12), blow).start()
            ops.append(str(uuid4()))
            if director.visit(ops[-1]):
                answered.add(ops[-1])
    assert BEFORE_BLOW <= len(answered) < len(ops), director.refused
    assert answered <= set(ops_kept(place))
    assert place.one(TORN) == 0
    assert place.one(UNSETTLED) == 0
    with places.served(place) as (_, director):
        assert [director.visit(op) for op in ops] == [True] * len(ops), director.refused
    kept = ops_kept(place)
    assert sorted(op for op in kept if op in ops) == sorted(ops)
    assert place.one(TORN) == 0


def test_an_import_goes_on_where_it_stopped_when_its_worker_and_then_the_database_are_killed(place: Place) -> None:
    """An officer has uploaded a workbook and asked for it to be written; each row ends in one state and no child is doubled."""
    rows = [
        [n + 1, *GOOD[1:3], f"李合{chr(0x4E00 + n)}", "男", f"2015-02-{n % 28 + 1:02d}", "", *GOOD[7:]]
        for n in range(2600)
    ]
    book = place.data.parent / "名册.xlsx"
    book.write_bytes(workbook([HEADER, *rows]))
    before = place.one(FILES)
    place.run("shell", "-v0", "-c", ASK.format(book=book, zhou=place.zhou))
    stops: list[int] = []
    for victim in ("worker", "database"):
        with place.held(ROW_LATER.format(CHUNK + CHUNK // 2)):
            process = place.start("work", "--once")
            wait_for_more(place, stops[-1] if stops else 0, process)
            places.kill(process) if victim == "worker" else place.kill_database()
            places.kill(process)
        stops.append(place.one(APPLIED))
        assert place.one(FILES) - before == stops[-1] == place.one(f"{APPLIED} and person_id is not null")
        place.ask("update procrastinate_workers set last_heartbeat = last_heartbeat - interval '1 minute' returning 1")
    assert 0 < stops[0] < len(rows)
    place.run("work", "--once")
    assert place.one(APPLIED) == len(rows) == place.one(FILES) - before
    assert place.ask("select state from exchange_delivery") == [("applied",)]


def wait_for_more(place: Place, than: int, process: subprocess.Popen[str]) -> None:
    """Until a further chunk is in."""
    while process.poll() is None and place.one(APPLIED) <= than:
        time.sleep(0.1)
