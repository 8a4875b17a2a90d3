"""Spark beside DuckDB: one text a rule, the same leads to the last column.

Needs the extra `spark` (make test-spark). 100,000 people; HUTONG_SPARK_PEOPLE=1000000 for the long suite.
"""

from __future__ import annotations

import os
import sys
from datetime import date
from importlib.util import find_spec
from pathlib import Path

import duckdb
import pytest

from hutong.discovery.pipelines import running
from hutong.discovery.pipelines.rules import rules
from hutong.kernel.refusals import Refusal
from hutong.workbench.synth import registers as synth

ON = date(2026, 9, 1)
PEOPLE = int(os.environ.get("HUTONG_SPARK_PEOPLE", "100000"))


@pytest.mark.skipif(find_spec("pyspark") is None, reason="Spark is not installed (make test-spark)")
def test_both_engines_find_the_same_leads(tmp_path: Path) -> None:
    synth.build(tmp_path, people=PEOPLE, seed=71)
    duck = running.discover(tmp_path, tmp_path / "duck.parquet", rules(), on=ON)
    spark = running.discover(tmp_path, tmp_path / "spark.parquet", rules(), on=ON, engine="spark")
    assert spark.rules == duck.rules and sum(count > 0 for count in duck.rules.values()) >= 30
    for one, other in (("duck", "spark"), ("spark", "duck")):
        only = f"from '{tmp_path}/{one}.parquet' except all from '{tmp_path}/{other}.parquet'"
        assert duckdb.sql(only).fetchall() == []


def test_without_the_extra_a_sentence_says_what_to_install_and_nothing_is_linked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyspark", None)
    with pytest.raises(Refusal, match="uv sync --extra spark"):
        running.discover(tmp_path, tmp_path / "leads.parquet", rules(), on=ON, engine="spark")
    assert not list(tmp_path.iterdir())
