"""Linkage held against Splink on the same features. Runs where the dependency group `reference` is installed."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import duckdb
import pytest

from hutong.discovery.pipelines.linkage import run
from hutong.workbench.bench import reference
from hutong.workbench.synth import registers

pytestmark = [pytest.mark.reference, pytest.mark.skipif(find_spec("splink") is None, reason="Splink is not installed")]


def f1(folder: Path, out: Path) -> float:
    made, true, right = duckdb.sql(
        f"""select count(right_id), count(person), count(*) filter (right_id = person) from '{folder}/truth/school.parquet' t
        left join (from '{out}' where band <> 'review') l on l.left_id = t.record_id"""
    ).fetchall()[0]
    return 2 * right / (made + true)


def test_linkage_is_as_good_as_splink(tmp_path: Path) -> None:
    """Two ten-thousandths of noise are allowed (issue)."""
    registers.build(tmp_path, people=60_000, seed=77, chosen=frozenset({"school"}))
    school, police = tmp_path / "school.parquet", tmp_path / "police.parquet"
    run.link(school, police, tmp_path / "own.parquet")
    reference.link(school, police, tmp_path / "splink.parquet")
    assert f1(tmp_path, tmp_path / "own.parquet") >= f1(tmp_path, tmp_path / "splink.parquet") - 0.0002
