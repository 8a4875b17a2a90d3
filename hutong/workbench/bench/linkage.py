"""`hutong bench linkage`: the school roll to the police register of unseen synthetic cities, beside Splink and the bare join.

One city a seed; in each the ways run in turns, each in a process of its own (so that peak memory is its own), the bare join
before each of them (its median counts), and only ratios within a city mean anything on a busy machine. `build` makes the
person index (seconds of that stage alone); `index` uses it. HUTONG_BENCH_PEOPLE and HUTONG_BENCH_SEEDS change size and
seeds, HUTONG_BENCH_CITIES keeps the cities.
"""

from __future__ import annotations

import json as jsons
import os
import statistics
import subprocess
import sys
import time
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import duckdb

from hutong.discovery.pipelines.linkage import run as pipeline
from hutong.policy.linkage import LINKAGE
from hutong.workbench.bench import reference, registry

_WAYS = ("join", "build", "hutong", "index", "splink")
_GOALS = {"hutong": "≤ 20 倍", "index": "≤ 12 倍"}
_PEOPLE, _SEEDS = 1_000_000, "31,32,33"


def run(json: bool) -> None:
    """Measure and tell."""
    people = int(os.environ.get("HUTONG_BENCH_PEOPLE", _PEOPLE))
    seeds = [int(seed) for seed in os.environ.get("HUTONG_BENCH_SEEDS", _SEEDS).split(",")]
    with registry.cities("linkage") as folder:
        rows = [row for seed in seeds for row in _city(folder / f"{people}-{seed}", people, seed)]
    registry.tell("linkage", {"people": people, "rows": rows, "medians": _medians(rows)}, json=json, table=table)


def _city(folder: Path, people: int, seed: int) -> list[dict[str, Any]]:
    from hutong.workbench.synth import registers  # after Django is set up

    if not (folder / "school.parquet").is_file():
        registers.build(folder, people=people, seed=seed, chosen=frozenset({"school"}))
    ways = [way for way in _WAYS if way != "build" and (way != "splink" or find_spec("splink"))]
    found = [{"seed": seed, "way": "build", **_apart("build", folder)}]
    floors = []
    for way in ways:
        floors.append(_apart("join", folder))
        if way != "join":
            found.append({"seed": seed, "way": way, **_apart(way, folder)})
    floor = sorted(floors, key=lambda one: float(one["seconds"]))[len(floors) // 2]
    found.insert(0, {"seed": seed, "way": "join", **floor})
    return [row | {"ratio": round(row["seconds"] / floor["seconds"], 1)} for row in found]


def _apart(way: str, folder: Path) -> dict[str, Any]:
    """One way in a process of its own; its figures and peak memory."""
    done = subprocess.run(
        [sys.executable, "-m", __name__, way, str(folder)], stdout=subprocess.PIPE, text=True, check=True
    )
    found: dict[str, Any] = jsons.loads(done.stdout.splitlines()[-1])
    print(f"{folder.name} {way}: {found}", file=sys.stderr)  # a long bench that is cut short has said something
    return found


def _one(way: str, folder: Path) -> dict[str, Any]:
    """In the process: run, time, judge."""
    left, right, out = folder / "school.parquet", folder / "police.parquet", folder / f"{way}.parquet"
    kept = pipeline.Kept(index=folder / "index", key="00" * 16)
    if way == "build":
        (folder / "index").unlink(missing_ok=True)
    begun = time.perf_counter()
    stages: dict[str, float] = {}
    if way == "join":
        with duckdb.connect(config=LINKAGE.engine.config()) as db:
            db.execute(f"select count(*) from '{left}' join '{right}' using (id_no)").fetchall()
    elif way == "splink":
        reference.link(left, right, out)
    else:
        stages = pipeline.link(left, right, out, None if way == "hutong" else kept).seconds
    took = stages["index"] if way == "build" else time.perf_counter() - begun
    found = {"seconds": round(took, 2), "peak_gib": _peak(), "stages": stages}
    return found | ({} if way in {"join", "build"} else _judge(folder, out))


def _peak() -> float:
    """Most memory this process ever held (Linux)."""
    line = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
    return round(int(line.split()[1]) / 2**20, 2)


def _judge(folder: Path, out: Path) -> dict[str, float]:
    """Precision, recall and F1 of what is linked without a person."""
    made, true, right = duckdb.execute(
        f"""select count(right_id), count(person), count(*) filter (right_id = person) from '{folder}/truth/school.parquet' t
        left join (from '{out}' where band <> 'review') l on l.left_id = t.record_id"""
    ).fetchall()[0]
    return {
        "precision": round(right / made, 5),
        "recall": round(right / true, 5),
        "f1": round(2 * right / (made + true), 5),
    }


def _medians(rows: list[dict[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for way in _WAYS:
        own = [row for row in rows if row["way"] == way]
        if own:
            found[way] = {
                key: statistics.median(row[key] for row in own)
                for key in ("seconds", "ratio", "peak_gib", "f1")
                if key in own[0]
            }
    return found


def table(found: dict[str, Any]) -> str:
    """The figures for people."""
    lines = [
        f"{row['seed']:>6} {row['way']:<8}{row['seconds']:>8.2f} 秒 {row['ratio']:>6} 倍 {row['peak_gib']:>5.2f} GiB  F1 {row.get('f1', '')}"
        for row in found["rows"]
    ]
    goals = "，".join(f"{way} {goal}" for way, goal in _GOALS.items())
    return "\n".join([f"比对 {found['people']:,} 人的城市，倍数对照裸连接（目标 {goals}）", *lines])


if __name__ == "__main__":
    print(jsons.dumps(_one(sys.argv[1], Path(sys.argv[2]))))
