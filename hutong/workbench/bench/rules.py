"""`hutong bench rules`: what each rule finds in an unseen synthetic city against the truth, and how long all of them take.

The truth of a rule is the same text run over the world behind the registers (workbench/synth/world.py): true identity of every
row, every parent known, nothing forgotten, nothing stale. So a figure says what mistakes in registers and linkage cost; whether
a rule looks for the right thing, its small world and officers' decisions say. HUTONG_BENCH_PEOPLE, HUTONG_BENCH_SEEDS.
"""

from __future__ import annotations

import os
import shutil
import statistics
import sys
import time
from collections import defaultdict
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb

from hutong.discovery.pipelines import registers, running
from hutong.discovery.pipelines.engines import Duck
from hutong.discovery.pipelines.rules import Rule, rules
from hutong.policy.linkage import LINKAGE
from hutong.workbench.bench import registry

_PEOPLE, _SEEDS, _ON = 300_000, "51,52,53", date(2026, 9, 1)
_TIMES = 3
_KEY = "00" * 16
_DAILY = 20_000 / 8_800_000
Found = dict[str, dict[int, str]]


def run(json: bool) -> None:
    """Measure and tell."""
    people = int(os.environ.get("HUTONG_BENCH_PEOPLE", _PEOPLE))
    seeds = [int(seed) for seed in os.environ.get("HUTONG_BENCH_SEEDS", _SEEDS).split(",")]
    with registry.cities("rules") as folder:
        cities = [_city(folder / f"{people}-{seed}", people, seed) for seed in seeds]
    found = {"people": people, "seeds": seeds, "rules": _together(cities), "times": [city["times"] for city in cities]}
    registry.tell("rules", found, json=json, table=table)


def _city(folder: Path, people: int, seed: int) -> dict[str, Any]:
    from hutong.workbench.synth import registers as synth  # after Django is set up

    if not (folder / "files.parquet").is_file():
        synth.build(folder, people=people, seed=seed)
    shutil.rmtree(folder / ".links", ignore_errors=True)
    full = _discover(folder)
    found = {"times": _times(folder) | full, "truth": _truth(folder), "leads": _leads(folder)}
    found["times"]["increment"] = _increment(folder, people, full["full"])
    print(f"{folder.name}: {found['times']}", file=sys.stderr)
    return found


def _discover(folder: Path) -> dict[str, Any]:
    begun = time.perf_counter()
    outcome = running.discover(folder, folder / "leads.parquet", rules(), on=_ON, key=_KEY)
    return {"full": round(time.perf_counter() - begun, 2), "stages": outcome.seconds}


def _times(folder: Path) -> dict[str, Any]:
    """One scan of the inputs against facts and all rules over the linked tables, in turns, in processor seconds of all threads.

    A scan decodes every value of every column rules may read and makes one checksum of it; count() would be answered from
    the files' notes and is no scan.
    """
    scans, runs = [], []
    with TemporaryDirectory(dir=folder) as scratch, duckdb.connect(config=LINKAGE.engine.config()) as db:
        there = registers.load(db, folder, Path(scratch), kept=folder / ".links", key=_KEY)
        for _ in range(_TIMES):
            begun = time.process_time()
            for name in sorted(registers.NAMES):
                wanted = ("division", "director") if name in registers.OF_VILLAGES else registers.COLUMNS[name]
                db.execute(f"select bit_xor(hash({', '.join(wanted)})) from '{folder / name}.parquet'").fetchall()
            scans.append(time.process_time() - begun)
            begun = time.process_time()
            running.lay_facts(Duck(db), _ON)
            running.all_rules(Duck(db), rules(), there, _ON, running.Outcome())
            runs.append(time.process_time() - begun)
    return {
        "scan": round(statistics.median(scans), 3), "rules": round(statistics.median(runs), 2),
        "ratio": round(statistics.median(ran / scan for ran, scan in zip(runs, scans, strict=True)), 1),
    }  # fmt: skip


def _increment(folder: Path, people: int, full: float) -> dict[str, Any]:
    """A run after the school roll came anew with as many changed rows as 20,000 are in a city of 8.8 million; percent of full."""
    school, aside = folder / "school.parquet", folder / "truth" / "delivered.parquet"
    school.rename(aside)
    changed = max(1, round(people * _DAILY))
    try:
        duckdb.execute(
            f"""copy (select * replace (case when record_id <= {changed} then '王' || coalesce(guardian_name, '') else guardian_name end
            as guardian_name) from '{aside}') to '{school}' (format parquet, compression zstd)"""
        )
        run = _discover(folder)
    finally:
        aside.replace(school)
    return {
        "rows": changed,
        "seconds": run["full"],
        "stages": run["stages"],
        "percent": round(100 * run["full"] / full, 1),
    }


def _truth(folder: Path) -> Found:
    world = folder / "truth" / "world"
    with duckdb.connect(config=LINKAGE.engine.config()) as db:
        for name in registers.NAMES:
            registers.empty(db, name)
            db.execute(f"insert into {name} by name select * from '{world / name}.parquet'")
        there = {name: registers.Delivered(1, registers.OWN[name]) for name in registers.NAMES}
        running.lay_facts(Duck(db), _ON)
        found = running.all_rules(Duck(db), rules(), there, _ON, running.Outcome())
        return _sorted(db.execute(f"select rule, subject, certainty from ({found.query(Duck(db))})").fetchall())


def _leads(folder: Path) -> Found:
    query = f"select rule, subject, certainty from '{folder / 'leads.parquet'}'"
    return _sorted(duckdb.execute(query).fetchall())


def _sorted(rows: Any) -> Found:
    found: Found = defaultdict(dict)
    for rule, subject, certainty in rows:
        if found[rule].get(subject) != "sure":
            found[rule][subject] = certainty
    return found


def _together(cities: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {rule.head.id: _judged(rule, cities) for rule in rules()}


def _judged(rule: Rule, cities: list[dict[str, Any]]) -> dict[str, Any]:
    """Counts over all cities, then recall and precision; None where there was nothing to find or nothing found."""
    counts: dict[str, int] = defaultdict(int)
    for city in cities:
        true, leads = city["truth"].get(rule.head.id, {}), city["leads"].get(rule.head.id, {})
        sure = {subject for subject, certainty in leads.items() if certainty == "sure"}
        counts["true"] += len(true)
        counts["leads"] += len(leads)
        counts["hits"] += len(true.keys() & leads.keys())
        counts["sure"] += len(sure)
        counts["sure_hits"] += len(true.keys() & sure)
    return dict(counts) | {
        "recall": _share(counts["hits"], counts["true"]), "precision": _share(counts["hits"], counts["leads"]),
        "precision_sure": _share(counts["sure_hits"], counts["sure"]),
    }  # fmt: skip


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


def table(found: dict[str, Any]) -> str:
    """The figures for people."""
    lines = [
        f"{rule:<32}{row['true']:>8,}{row['leads']:>8,}  召回 {_said(row['recall'])}  准确 {_said(row['precision'])}  其中证据齐全 {_said(row['precision_sure'])}"
        for rule, row in found["rules"].items()
    ]
    times = [
        f"扫描一遍 {one['scan']} 处理器秒，全部规则 {one['rules']} 处理器秒（{one['ratio']} 倍，目标 ≤ 10）；全程 {one['full']} 秒，"
        f"学籍名册变动 {one['increment']['rows']:,} 行后 {one['increment']['seconds']} 秒（{one['increment']['percent']}%）"
        for one in found["times"]
    ]
    return "\n".join(
        [f"{found['people']:,} 人的虚构城市，种子 {found['seeds']}：真实、线索、召回、准确", *lines, *times]
    )


def _said(share: float | None) -> str:
    return "   —  " if share is None else f"{share:.4f}"
