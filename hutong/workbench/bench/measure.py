"""Measuring: record the cases, start product and floor, take turns, compare."""

from __future__ import annotations

import json
import os
import pickle
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import psycopg
from django.conf import settings

from hutong.workbench.bench import ground, servers
from hutong.workbench.bench.cases import Case, like
from hutong.workbench.bench.ground import Ground
from hutong.workbench.bench.recording import Recorded, bare

_CSRF = "b" * 32
_ROUNDS = 4
_SECONDS = {1: 1.5, 16: 2.0}
_WARM = 0.3
_BARE = "-bare"
_SERVER = os.environ.get("HUTONG_BENCH_SERVER", "granian")  # gunicorn: the product under the floor's own server


def measure(*, names: set[str]) -> dict[str, Any]:
    """Measure the named cases (all if none are named). Returns rows, memory and what could not be measured."""
    laid = ground.lay(names)
    wanted = [case for case in laid.cases if case.name in laid.recorded]
    with tempfile.TemporaryDirectory() as folder, _both(Path(folder), laid) as (product, floor, process):
        try:
            rows = [_row(case, laid, product, floor) for case in wanted]
        except RuntimeError:
            ground.told((Path(folder) / "product.log").read_text(errors="replace")[-3000:])
            raise
        memory = servers.memory(process)
    if any(case.name == "search" for case in laid.cases):
        rows += [_like(laid)]
    return {"rows": rows, "worker_mb": memory, "missing": laid.missing, "server": _SERVER}


@contextmanager
def _both(folder: Path, laid: Ground) -> Iterator[tuple[int, int, Any]]:
    """Both running, with as many workers and threads: the product as it is served, the floor as the issue states it."""
    told = folder / "floor.pickle"
    told.write_bytes(
        pickle.dumps(
            {
                "scope": ground.settings_of(laid.scope),
                "cases": {name: [one.plain() for one in rows] for name, rows in _floors(laid).items()},
            }
        )
    )
    product, floor = servers.free_port(), servers.free_port()
    ours = {"DATABASE_URL": ground.address(), "HUTONG_POOL": "True"}
    theirs = {"FLOOR": str(told), "FLOOR_DATABASE": json.dumps(ground.where())}
    start_ours = getattr(servers, _SERVER)("hutong.config.wsgi:application", product)
    start_floor = servers.gunicorn("hutong.workbench.bench.floor:application", floor)
    with (
        servers.running(start_ours, product, ours, folder / "product.log") as process,
        servers.running(start_floor, floor, theirs, folder / "floor.log"),
    ):
        yield product, floor, process


def _floors(laid: Ground) -> dict[str, list[Recorded]]:
    """What the floor can be asked: each case, and of those that write the bare inserts too."""
    writing = {name: rows for name, rows in laid.recorded.items() if rows[0].writes}
    return {**laid.recorded, **{f"{name}{_BARE}": [bare(one) for one in rows] for name, rows in writing.items()}}


def _row(case: Case, laid: Ground, product: int, floor: int) -> dict[str, Any]:
    """One case at 1 and 16 clients, product and floor in turns; medians over the rounds."""
    recorded = laid.recorded[case.name]
    ours = [_request(case, number) for number in range(len(case.paths))]
    theirs = [_plain_request(case, number) for number in range(len(case.paths))]
    found: dict[str, Any] = {
        "name": case.name, "title": case.title, "goal": case.goal, "queries": max(one.queries for one in recorded),
        "bytes": int(statistics.mean(len(one.body) for one in recorded)),
    }  # fmt: skip
    for port, requests in ((product, ours), (floor, theirs)):  # until every worker has answered
        _client(port, 16, 0.5, requests, case.expect, laid.sessions)
    for clients in _SECONDS:
        ground.told(f"测量 {case.name}，{clients} 个客户端")
        rounds = [
            (
                _load(product, clients, ours, case.expect, laid.sessions),
                _load(floor, clients, theirs, case.expect, laid.sessions),
            )
            for _ in range(_ROUNDS)
        ]
        for side, name in ((0, "product"), (1, "floor")):
            found[f"{name}_{clients}"] = {
                key: round(statistics.median(one[side][key] for one in rounds), 2) for key in ("p50", "p95", "rate")
            }
    found["ratio_p50"] = round(found["product_1"]["p50"] / found["floor_1"]["p50"], 2)
    found["ratio_rate_16"] = round(found["product_16"]["rate"] / found["floor_16"]["rate"], 2)
    found["raw_p50"] = _raw(recorded)
    if recorded[0].writes:
        least = [_plain_request(case, number, _BARE) for number in range(len(case.paths))]
        found["bare_p50"] = round(_load(floor, 1, least, case.expect, laid.sessions)["p50"], 2)
    return found


def _request(case: Case, number: int) -> str:
    cookies = f"Cookie: {settings.SESSION_COOKIE_NAME}={{session}}; {settings.CSRF_COOKIE_NAME}={_CSRF}\r\n"
    head = f"Host: 127.0.0.1\r\n{cookies}Accept-Language: zh-CN\r\n"
    if not case.form:
        return f"GET {case.paths[number]} HTTP/1.1\r\n{head}\r\n"
    body = urlencode({**case.form, "csrfmiddlewaretoken": _CSRF}, doseq=True).replace("%7Bop%7D", "{op}")
    size = len(body) - len("{op}") + 36
    kind = "Content-Type: application/x-www-form-urlencoded\r\n"
    return f"POST {case.paths[number]} HTTP/1.1\r\n{head}{kind}Content-Length: {size}\r\n\r\n{body}"


def _plain_request(case: Case, number: int, kind: str = "") -> str:
    method, size = ("POST", "Content-Length: 0\r\n") if case.form else ("GET", "")
    return f"{method} /{case.name}{kind}/{number % case.recorded}/ HTTP/1.1\r\nHost: 127.0.0.1\r\n{size}\r\n"


def _load(port: int, clients: int, requests: list[str], expect: int, sessions: list[str]) -> dict[str, float]:
    """One round. Raises when anything but the expected answer came, or nothing."""
    times, seconds = _client(port, clients, _SECONDS[clients], requests, expect, sessions)
    middle, late = times[len(times) // 2], times[int(len(times) * 0.95)]
    return {"p50": middle, "p95": late, "rate": len(times) / seconds}


def _client(
    port: int, clients: int, seconds: float, requests: list[str], expect: int, sessions: list[str]
) -> tuple[list[float], float]:
    """Let the client run in its own process; the time of each answer in milliseconds, sorted, and how many seconds it took."""
    job = {
        "port": port, "clients": clients, "seconds": seconds, "warm": _WARM, "requests": requests, "expect": [expect],
        "salt": random.getrandbits(32), "sessions": sessions,
    }  # fmt: skip
    command = [sys.executable, str(Path(__file__).with_name("client.py"))]
    done = subprocess.run(command, input=json.dumps(job), capture_output=True, text=True, check=True)
    answer = json.loads(done.stdout)
    if answer["wrong"]:
        raise RuntimeError(f"wrong answers: {answer['wrong']} {done.stderr[-600:]}")
    return sorted(answer["times"]), float(answer["seconds"])


def _raw(recorded: list[Recorded]) -> float | None:
    """Median time of the same statements alone, in this process, as owner; None for those that write."""
    if recorded[0].writes:
        return None
    with psycopg.connect(**ground.where("hutong_owner"), autocommit=True, cursor_factory=psycopg.ClientCursor) as raw:
        return round(statistics.median(ground.run(raw, one) for one in recorded * 3), 2)


def _like(laid: Ground) -> dict[str, Any]:
    """The search's floor: LIKE in the county under row security, against the tokens, both as bare SQL."""
    paths = next(case.paths for case in laid.cases if case.name == "search")
    names = [parse_qs(urlsplit(path).query)["q"][0] for path in paths]
    with psycopg.connect(**ground.where(), autocommit=True, cursor_factory=psycopg.ClientCursor) as web:
        ground.tell(web, laid.scope)
        times = []
        for name in names:
            start = time.perf_counter()
            web.execute(*like(name)).fetchall()
            times.append((time.perf_counter() - start) * 1000)
    return {"name": "search-like", "title": "LIKE 查找（对照）", "raw_p50": round(statistics.median(times), 2)}
