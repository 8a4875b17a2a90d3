"""The benches can be called by their names, and their figures are kept and told."""

from __future__ import annotations

import json
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from hutong.workbench.bench import pages, registry, rowsecurity


@pytest.mark.parametrize("name", sorted(registry.BENCHES))
def test_every_bench_has_a_module_that_can_run(name: str) -> None:
    assert callable(import_module(registry.BENCHES[name]).run)


def test_figures_are_kept_and_printed_as_one_object(
    tmp_path: Path, settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.DATA = tmp_path
    found = {"goal": 1.2, "rows": [{"name": "child", "on_ms": 1.1, "off_ms": 1.0, "ratio": 1.1}]}
    registry.tell("rowsecurity", found, json=True, table=rowsecurity.table)
    assert json.loads(capsys.readouterr().out) == found
    assert json.loads((tmp_path / "bench" / "rowsecurity.json").read_text()) == found


def test_a_page_that_could_not_be_measured_is_said() -> None:
    found = {"rows": [], "worker_mb": [90], "missing": {"visit": "answered [500]"}}
    assert "visit（answered [500]）" in pages.table(found)
