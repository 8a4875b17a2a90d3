"""`hutong bench rowsecurity`: the statements of the pages that read, with row security and without it, in turns."""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from psycopg import Connection

from hutong.workbench.bench import ground, registry
from hutong.workbench.bench.recording import Recorded

_CASES = {"worklist": "我的任务，第一页", "search": "按两个字的姓名查找", "child": "打开一份档案"}
_GOAL, _TIMES, _LEAST, _SECONDS = 1.2, 2000, 10, 15


def run(json: bool) -> None:
    """Measure and tell."""
    laid = ground.lay(set(_CASES))
    registry.tell("rowsecurity", {"goal": _GOAL, "rows": _measure(laid)}, json=json, table=table)


def _measure(laid: ground.Ground) -> list[dict[str, Any]]:
    """Median times of one request's statements as the web role, with its scope, and as the tables' owner, to whom no policy applies.

    Both bind and plan as the page does. The ratio is the median of the pairs' own: a machine that changes its pace between
    two pairs changes it for both of a pair.
    """
    found = []
    for name, answers in laid.recorded.items():
        with ground.connected("hutong_owner") as owner, ground.connected("hutong_web") as web:
            ground.tell(web, laid.scope)
            for setting in ("jit", "plan_cache_mode"):
                owner.execute("select set_config(%s, %s, false)", [setting, laid.scope.settings()[setting]])
            with _one_core(owner, web):
                pairs = _pairs(owner, web, answers)
        off, on = (statistics.median(pair[side] for pair in pairs) for side in (0, 1))
        found.append(
            {
                "name": name,
                "times": len(pairs),
                "on_ms": round(on, 2),
                "off_ms": round(off, 2),
                "ratio": round(statistics.median(with_ / without for without, with_ in pairs), 2),
            }
        )
    return found


@contextmanager
def _one_core(*connections: Connection[Any]) -> Iterator[None]:
    """This process and the servers of these connections on one core: to wake one on the other costs .06 ms, more than a policy does.

    Whichever of two servers the machine put there paid it for each statement. Left as it is where the machine does not allow it.
    """
    servers = [int(one.execute("select pg_backend_pid()").fetchall()[0][0]) for one in connections]
    cores = os.sched_getaffinity(0)
    _hold([os.getpid(), *servers], {min(cores)})
    try:
        yield
    finally:
        _hold([os.getpid(), *servers], cores)


def _hold(processes: list[int], cores: set[int]) -> None:
    for process in processes:
        with suppress(OSError):
            os.sched_setaffinity(process, cores)


def _pairs(owner: Connection[Any], web: Connection[Any], answers: list[Recorded]) -> list[tuple[float, float]]:
    """Milliseconds of one request's statements without and with row security, in turns; the first round, which plans, is left out."""
    for one in answers:
        ground.run(owner, one, as_page=True), ground.run(web, one, as_page=True)
    pairs: list[tuple[float, float]] = []
    end = time.monotonic() + _SECONDS
    while len(pairs) < _LEAST or (time.monotonic() < end and len(pairs) < _TIMES):
        one = answers[len(pairs) % len(answers)]
        pairs.append((ground.run(owner, one, as_page=True), ground.run(web, one, as_page=True)))
    return pairs


def table(found: dict[str, Any]) -> str:
    """The figures for people."""
    rows = (f"{_CASES[r['name']]}：开 {r['on_ms']} 毫秒，关 {r['off_ms']} 毫秒，{r['ratio']} 倍" for r in found["rows"])
    return "\n".join([f"行级安全的代价（目标 ≤ {found['goal']} 倍）", *rows])
