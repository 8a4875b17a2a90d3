"""`hutong bench rowsecurity`: the statements of the pages that read, with row security and without it, in turns."""

from __future__ import annotations

import statistics
import time
from typing import Any

import psycopg

from hutong.workbench.bench import ground, registry

_CASES = {"worklist": "我的任务，第一页", "search": "按两个字的姓名查找", "child": "打开一份档案"}
_GOAL, _TIMES, _LEAST, _SECONDS = 1.2, 240, 10, 15


def run(json: bool) -> None:
    """Measure and tell."""
    laid = ground.lay(set(_CASES))
    registry.tell("rowsecurity", {"goal": _GOAL, "rows": _measure(laid)}, json=json, table=table)


def _measure(laid: ground.Ground) -> list[dict[str, Any]]:
    """Median times of one request's statements as the web role, with its scope, and as the tables' owner, to whom no policy applies."""
    found = []
    with (
        psycopg.connect(**ground.where("hutong_owner"), autocommit=True, cursor_factory=psycopg.ClientCursor) as owner,
        psycopg.connect(**ground.where(), autocommit=True, cursor_factory=psycopg.ClientCursor) as web,
    ):
        for name, value in laid.scope.settings().items():
            web.execute("select set_config(%s, %s, false)", [name, value])
        for name, answers in laid.recorded.items():
            pairs: list[tuple[float, float]] = []
            end = time.monotonic() + _SECONDS
            while len(pairs) < _LEAST or (time.monotonic() < end and len(pairs) < _TIMES):
                one = answers[len(pairs) % len(answers)]
                pairs.append((ground.run(owner, one), ground.run(web, one)))
            off, on = (statistics.median(pair[side] for pair in pairs) for side in (0, 1))
            found.append(
                {
                    "name": name,
                    "times": len(pairs),
                    "on_ms": round(on, 2),
                    "off_ms": round(off, 2),
                    "ratio": round(on / off, 2),
                }
            )
    return found


def table(found: dict[str, Any]) -> str:
    """The figures for people."""
    rows = (f"{_CASES[r['name']]}：开 {r['on_ms']} 毫秒，关 {r['off_ms']} 毫秒，{r['ratio']} 倍" for r in found["rows"])
    return "\n".join([f"行级安全的代价（目标 ≤ {found['goal']} 倍）", *rows])
