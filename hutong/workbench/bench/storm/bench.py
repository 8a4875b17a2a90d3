"""`hutong bench storm`: phones of the whole city find the network again within an hour, compressed into minutes."""

from __future__ import annotations

import json as jsons
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.core.management import call_command

from hutong.workbench.bench import ground, registry, servers, throwaway
from hutong.workbench.bench.storm import floor
from hutong.workbench.bench.storm.ground import CHILDREN, PHOTOS

WHOLE, TENTH = 5040, 504
GOAL = 6
CLIENTS, AGAIN = 16, 10
COMMITS = CHILDREN + PHOTOS + 1  # each visit, each photo, and what the phone still holds
DATABASE = "hutong_bench_storm"
_COUNTS = {
    "visits": "select count(*) from wellbeing_visit",
    "operations": "select count(*) from exchange_fieldoperation",
    "applied": "select count(*) from exchange_fieldoperation where status = 'applied' and not reused",
    "blobs": "select count(*) from exchange_blob where whole_at is not null",
    "photos": "select count(*) from wellbeing_photo",
    "troubled": "select count(*) from exchange_blob where trouble <> ''",
    "waiting": "select count(*) from procrastinate_jobs where status in ('todo', 'doing')",
}


def run(json: bool, phones: int = TENTH) -> None:
    """Measure and tell."""
    registry.tell("storm", measure(phones), json=json, table=table)


def measure(phones: int) -> dict[str, Any]:
    """The storm over `phones` phones beside its floor. The data in use are not touched."""
    if not (Path(settings.STATIC_ROOT) / "staticfiles.json").exists():
        call_command("collectstatic", verbosity=0, interactive=False)
    with tempfile.TemporaryDirectory() as name, throwaway.copy(DATABASE):
        folder = Path(name)
        ground.told(f"准备 {phones} 部手机")
        throwaway.python("hutong.workbench.bench.storm.ground", str(phones), name, database=DATABASE)
        with throwaway.copy(f"{DATABASE}_floor", of=DATABASE):
            return _measure(phones, folder)


def _measure(phones: int, folder: Path) -> dict[str, Any]:
    where = {**ground.where("hutong_owner"), "dbname": DATABASE}
    with psycopg.connect(**where, autocommit=True) as raw:
        raw.execute("analyze")
        floor.mark(raw)
    load, memory = _storm(folder)
    with psycopg.connect(**where, autocommit=True) as raw:
        rows = floor.made(raw)
        counts = _counted(raw)
        ground.told("底线")
        bare = {**where, "dbname": f"{DATABASE}_floor"}
        floor.bare(bare, rows)
        beside = floor.insert(bare, rows, phones=phones, commits=COMMITS, connections=8)
        ground.told("照片转存")
        drawn = _draw(folder)
        counts |= {"photos": _counted(raw)["photos"], "troubled": _counted(raw)["troubled"]}
    return _found(phones, load, beside, memory, counts, drawn, {one.table: len(one.rows) for one in rows})


def _counted(raw: psycopg.Connection[Any]) -> dict[str, int]:
    return {name: raw.execute(sql).fetchall()[0][0] for name, sql in _COUNTS.items()}


def _storm(folder: Path) -> tuple[dict[str, Any], list[list[int]]]:
    """The load against the product's server as delivered; memory of its processes every two seconds."""
    port = servers.free_port()
    ours = {"DATABASE_URL": _address(), "HUTONG_POOL": "True", "HUTONG_DATA": str(folder)}
    with servers.running(
        servers.granian("hutong.config.wsgi:application", port), port, ours, folder / "web.log"
    ) as web:
        ground.told("风暴")
        job = {
            "port": port, "clients": CLIENTS, "folder": str(folder), "cookie": settings.SESSION_COOKIE_NAME,
            "csrf_cookie": settings.CSRF_COOKIE_NAME, "again": AGAIN,
        }  # fmt: skip
        with _watched(web) as memory:
            command = [sys.executable, str(Path(__file__).with_name("load.py"))]
            done = subprocess.run(command, input=jsons.dumps(job), capture_output=True, text=True, check=True)
    return jsons.loads(done.stdout), memory


def _address() -> str:
    return ground.address().replace(f"/{ground.build.DATABASE}", f"/{DATABASE}")


@contextmanager
def _watched(web: Any) -> Iterator[list[list[int]]]:
    samples: list[list[int]] = []
    over = threading.Event()

    def watch() -> None:
        while not over.wait(2):
            samples.append(servers.memory(web))

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield samples
    finally:
        over.set()
        thread.join()


def _draw(folder: Path) -> float:
    """Seconds until the worker has drawn every photo anew."""
    start = time.perf_counter()
    command = [sys.executable, "-m", "hutong.workbench.bench.storm.draw"]
    theirs = {**os.environ, "DATABASE_URL": throwaway.address(DATABASE), "HUTONG_DATA": str(folder)}
    subprocess.run(command, env=theirs, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def _found(
    phones: int, load: dict[str, Any], beside: dict[str, Any], memory: list[list[int]], counts: dict[str, int], drawn: float,
    rows: dict[str, int],
) -> dict[str, Any]:  # fmt: skip
    visits = phones * CHILDREN
    all_here = (
        counts["visits"] == counts["applied"] == visits and counts["blobs"] == counts["photos"] == phones * PHOTOS
    )
    return {
        "phones": phones, "fraction": round(phones / WHOLE, 3), "visits": visits, "photos": phones * PHOTOS,
        "seconds": round(load["seconds"], 1), "floor_seconds": round(beside["seconds"], 1), "goal": GOAL,
        "ratio": round(load["seconds"] / beside["seconds"], 2), "visits_a_second": round(visits / load["seconds"], 1),
        "whole_city_minutes": round(load["seconds"] * WHOLE / phones / 60, 1),
        "ms": {name: _spread(times) for name, times in load["times"].items()}, "floor_ms": _spread(beside["times"]),
        "statuses": load["statuses"], "wrong": load["wrong"][:5], "wrong_count": len(load["wrong"]), "counts": counts,
        "all_once": all_here and not load["wrong"], "memory_mb": _memory(memory), "draw_seconds": round(drawn, 1), "rows": rows,
    }  # fmt: skip


def _spread(times: list[float]) -> dict[str, float]:
    ordered = sorted(times)
    return {"p50": round(statistics.median(ordered), 1), "p95": round(ordered[int(len(ordered) * 0.95)], 1)}


def _memory(samples: list[list[int]]) -> list[int]:
    """Of all processes together: a quarter in, half, at the end, and the most."""
    sums = [sum(one) for one in samples] or [0]
    return [sums[len(sums) // 4], sums[len(sums) // 2], sums[-1], max(sums)]


def table(found: dict[str, Any]) -> str:
    """The figures for people."""
    ms, bare = found["ms"], found["floor_ms"]
    times = "；".join(f"{name} {one['p50']} / {one['p95']}" for name, one in ms.items())
    quarter, half, end, most = found["memory_mb"]
    return "\n".join(
        [
            f"{found['phones']} 部手机（全市 {WHOLE} 部的 {found['fraction']}），{found['visits']} 次走访，{found['photos']} 张照片",
            f"{found['seconds']} 秒，裸写同样的行 {found['floor_seconds']} 秒，{found['ratio']} 倍（目标 ≤ {GOAL}）",
            f"每秒 {found['visits_a_second']} 次走访；照此全市 {found['whole_city_minutes']} 分钟",
            f"毫秒 p50 / p95：{times}；底线（一部手机 {COMMITS} 次提交）{bare['p50']} / {bare['p95']}",
            f"全部收下、没有重复：{'是' if found['all_once'] else '否'}；{found['counts']}",
            f"出错 {found['wrong_count']}：{found['wrong']}",
            f"网页进程内存（MB）：四分之一时 {quarter}，一半 {half}，结束 {end}，最多 {most}；照片转存 {found['draw_seconds']} 秒",
            f"新增的行：{found['rows']}",
        ]
    )
