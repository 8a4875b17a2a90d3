"""What laying out duties costs beside a bare write: all files against INSERT … SELECT of the same rows, one file after a visit
against the insert of the visit alone. Works on any database with visits, in one transaction that is rolled back.
"""

from __future__ import annotations

import statistics
import time
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.management.base import CommandError
from django.db import connection, transaction

from hutong.duties import operations
from hutong.duties.models import Duty
from hutong.kernel.clock import day, now
from hutong.wellbeing.models import Answer, Visit
from hutong.workbench.bench import registry
from hutong.workbench.city import build

GOALS = {"all": 3, "one": 10}
_ONES, _WARM = 40, 5


def run(json: bool) -> None:
    """Measure on the city and tell."""
    if not build.built():
        raise CommandError("测量用的城市还没有生成。请先运行 hutong bench city（约十分钟）。")
    registry.tell("duties", measure(at=now()), json=json, table=table)


def table(found: dict[str, Any]) -> str:
    """The figures for people."""
    one, whole = found["one"], found["all"]
    return (
        f"走访之后重排一份档案：{one['derive_ms']} 毫秒，只写走访 {one['floor_ms']} 毫秒，{one['ratio']} 倍（目标 ≤ {GOALS['one']}）\n"
        f"全部档案 {whole['files']} 份、{whole['rows']} 件：{whole['run_s']} 秒，只插入 {whole['floor_s']} 秒，"
        f"{whole['ratio']} 倍（目标 ≤ {GOALS['all']}）"
    )


def measure(*, at: datetime) -> dict[str, Any]:
    """Seconds, rows and ratios. The database is as before afterwards; its duties are locked meanwhile."""
    with transaction.atomic():
        found = {"one": _one(at), "all": _all(at), "goals": GOALS}
        transaction.set_rollback(True)
    return found


def _one(at: datetime) -> dict[str, Any]:
    """A visit written again under a new id today, then its file's duties. The first ones are not counted: they plan."""
    visits = _last_visits()
    floor, ours = [], []
    for visit, file in visits:
        start = time.perf_counter()
        _visit_again(visit, at)
        written = time.perf_counter()
        operations.derive(file, at=at)
        floor.append(written - start)
        ours.append(time.perf_counter() - written)
    return {
        "files": len(visits) - _WARM,
        "first_ms": round(ours[0] * 1000, 1),
        "derive_ms": (one := round(statistics.median(ours[_WARM:]) * 1000, 2)),
        "floor_ms": (bare := round(statistics.median(floor[_WARM:]) * 1000, 2)),
        "ratio": round(one / bare, 1),
    }


def _last_visits() -> list[tuple[UUID, UUID]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "select v.id, f.id from (select id from people_file where closed_on is null and last_visit_on is not null"
            " order by number limit %s) f cross join lateral (select id from wellbeing_visit v where v.file_id = f.id"
            " order by occurred_on desc limit 1) v",
            [_ONES + _WARM],
        )
        return cursor.fetchall()


def _visit_again(visit: UUID, at: datetime) -> None:
    with connection.cursor() as cursor:
        new = {"id": "hutong_uuid7()", "occurred_on": "%(on)s", "entered_at": "%(at)s", "op": "null"}
        cursor.execute(
            f"{_again(Visit, new)} where id = %(visit)s returning id", {"visit": visit, "on": day(at), "at": at}
        )
        (made,) = cursor.fetchone()
        cursor.execute(
            f"{_again(Answer, {'id': 'hutong_uuid7()', 'visit_id': '%(made)s'})} where visit_id = %(visit)s",
            {"visit": visit, "made": made},
        )


def _again(model: Any, new: dict[str, str]) -> str:
    columns = [field.column for field in model._meta.concrete_fields]
    return (
        f"insert into {model._meta.db_table} ({', '.join(map(_quoted, columns))})"
        f" select {', '.join(new.get(name, _quoted(name)) for name in columns)} from {model._meta.db_table}"
    )


def _quoted(name: str) -> str:
    return str(connection.ops.quote_name(name))


def _all(at: datetime) -> dict[str, Any]:
    """All duties laid out on an empty table; then the same rows, ready-made, into an empty table with the same indexes."""
    columns = ", ".join(_quoted(field.column) for field in Duty._meta.concrete_fields if not field.generated)
    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate; truncate duties_duty cascade")
        start = time.perf_counter()
        done = operations.run(on=day(at), at=at)
        laid = time.perf_counter() - start
        cursor.execute("create temporary table made on commit drop as select * from duties_duty")
        cursor.execute("truncate duties_duty cascade; analyze made")
        start = time.perf_counter()
        cursor.execute(f"insert into duties_duty ({columns}) select {columns} from made")
        bare = time.perf_counter() - start
        cursor.execute("select count(*) from people_file where closed_on is null")
        (files,) = cursor.fetchone()
    return {
        "files": files,
        "rows": done.inserted,
        "run_s": round(laid, 2),
        "floor_s": round(bare, 2),
        "ratio": round(laid / bare, 2),
    }
