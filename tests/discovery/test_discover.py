"""A run over a folder of registers: what it writes, what it leaves when something is missing, broken or killed."""

from __future__ import annotations

import fcntl
import json
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from hutong.discovery.pipelines import running
from hutong.discovery.pipelines.rules import rules
from hutong.kernel.refusals import Refusal
from tests.discovery.family import MOTHER, ON, lay, put
from tests.discovery.registers import number


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return lay(tmp_path)


def _leads(folder: Path) -> list[dict[str, Any]]:
    with duckdb.connect() as db:
        cursor = db.execute("select * from read_parquet(?)", [str(folder / "leads.parquet")])
        names = [column[0] for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _run(folder: Path) -> running.Outcome:
    return running.discover(folder, folder / "leads.parquet", rules(), on=ON)


def test_a_lead_says_what_is_known_from_which_register_and_since_when(folder: Path) -> None:
    assert _run(folder).rules["uncared_for"] == 1
    (lead,) = [lead for lead in _leads(folder) if lead["rule"] == "uncared_for"]
    assert (lead["subject"], lead["certainty"]) == (3, "sure")
    father, mother = json.loads(lead["evidence"])
    assert father == {"column": "father_state", "value": "服刑在押", "on": "2026-01-01", "register": "custody"}
    assert mother == {"column": "mother_state", "value": "死亡", "on": "2020-01-01", "register": "death"}
    assert "id_no" not in lead


def test_the_same_finding_is_the_same_lead_the_next_time(folder: Path) -> None:
    _run(folder)
    first = _leads(folder)
    _run(folder)
    assert _leads(folder) == first


def test_a_rule_without_its_register_is_not_run_and_says_so(folder: Path) -> None:
    assert "教育学籍名册" in _run(folder).skipped["no_school"]
    put(folder, "files")
    assert "在册儿童档案" in _run(folder).skipped["uncared_for"]


def test_a_broken_register_changes_nothing(folder: Path) -> None:
    _run(folder)
    before = (folder / "leads.parquet").read_bytes()
    whole = (folder / "death.parquet").read_bytes()
    (folder / "death.parquet").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(Refusal, match="death"):
        _run(folder)
    assert (folder / "leads.parquet").read_bytes() == before


def test_a_second_run_at_the_same_time_is_refused(folder: Path) -> None:
    with (folder / ".leads.parquet.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(Refusal, match="另一次"):
            _run(folder)
    assert not (folder / "leads.parquet").exists()


def test_nothing_is_left_beside_the_output(folder: Path) -> None:
    _run(folder)
    assert not list(folder.glob(".leads.parquet.work-*"))


def test_a_register_without_a_column_a_rule_needs_does_not_look_like_no_such_children(folder: Path) -> None:
    _run(folder)
    with duckdb.connect() as db:
        file = folder / "custody.parquet"
        db.execute(f"copy (select * exclude began_on from '{file}') to '{folder / 'other'}' (format parquet)")
    (folder / "other").replace(folder / "custody.parquet")
    put(folder, "detox", {"record_id": 9, "id_no": number("37172620160101105"), "name": "王合成"})
    assert "began_on" in _run(folder).skipped["guardian_detained"]


def test_a_rule_that_was_switched_off_is_not_run_and_says_so(folder: Path) -> None:
    off = [rule.model_copy(update={"head": rule.head.model_copy(update={"active": False})}) for rule in rules()]
    outcome = running.discover(folder, folder / "leads.parquet", off, on=ON)
    assert set(outcome.skipped.values()) == {"规则已停用"} and not _leads(folder)


def test_links_of_unchanged_registers_are_kept_and_those_of_a_changed_one_made_anew(folder: Path) -> None:
    _run(folder)
    first = {file.name for file in (folder / ".links").iterdir()}
    _run(folder)
    assert {file.name for file in (folder / ".links").iterdir()} == first
    put(folder, "death")
    _run(folder)
    put(folder, "death", {"record_id": 9, "id_no": MOTHER, "name": "李母合", "died_on": date(2020, 1, 1)})
    _run(folder)
    second = {file.name for file in (folder / ".links").iterdir()}
    assert len(second) == len(first) and second - first == {n for n in second if n.startswith("death.")}
