"""What a run leaves for the next: whatever is delivered anew, the next run finds what a run from nothing would."""

from __future__ import annotations

import shutil
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hutong.discovery.pipelines import engines, registers, running
from hutong.discovery.pipelines.rules import rules
from tests.discovery.family import CHILD, FATHER, HOME, MOTHER, ON, lay, put
from tests.discovery.registers import number

KEY = "0f" * 16
_THEM = {"张父合": FATHER, "李母合": MOTHER, "张小合": CHILD, "王合成": number("37172620160101105")}
_VALUES: dict[str, Any] = {
    "text": st.sampled_from(["孤儿", "difficulty", "left_behind", "外伤", "x"]),
    "int": st.sampled_from([1, 3, 24]), "bigint": st.sampled_from([HOME, 320101001001]), "boolean": st.booleans(),
    "date": st.sampled_from([ON - timedelta(days=days) for days in (1, 90, 2000)]),
}  # fmt: skip


@st.composite
def _delivery(draw: Any) -> tuple[str, list[dict[str, Any]]]:
    """A register and its rows, of persons of the family."""
    name = draw(st.sampled_from(sorted(registers.NAMES - {"police"})))
    who = draw(st.lists(st.sampled_from(sorted(_THEM)), max_size=3, unique=True))
    own = {column: kind for column, kind in registers.COLUMNS[name].items() if column in registers.OWN[name]}
    common = [{"record_id": at, "id_no": _THEM[one], "name": one, "division": HOME} for at, one in enumerate(who)]
    return name, [row | {column: draw(_VALUES[kind]) for column, kind in own.items()} for row in common]


def _leads(folder: Path, **more: Any) -> list[tuple[Any, ...]]:
    running.discover(folder, folder / "leads.parquet", rules(), **{"on": ON, **more})
    return duckdb.sql(f"from '{folder}/leads.parquet' order by lead").fetchall()


@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(_delivery(), min_size=2, max_size=3))
def test_after_any_deliveries_a_run_finds_what_a_run_from_nothing_finds(
    tmp_path: Path, deliveries: list[tuple[str, list[dict[str, Any]]]]
) -> None:
    folder = tmp_path / "folder"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    lay(folder)
    _leads(folder, key=KEY)
    for name, rows in deliveries:
        put(folder, name, *rows)
        found = _leads(folder, key=KEY)
        shutil.copytree(folder, tmp_path / "anew", ignore=shutil.ignore_patterns(".*"))
        assert found == _leads(tmp_path / "anew")
        shutil.rmtree(tmp_path / "anew")


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The texts that the engine was asked."""
    texts: list[str] = []
    table = engines.Duck.table
    monkeypatch.setattr(engines.Duck, "table", lambda self, name, sql: texts.append(sql) or table(self, name, sql))
    return texts


def _of(texts: list[str]) -> set[str]:
    return {rule.head.id for rule in rules() if rule.sql in texts}


def test_only_rules_that_a_delivery_may_change_are_asked_again(tmp_path: Path, asked: list[str]) -> None:
    folder = lay(tmp_path)
    before = _leads(folder, key=KEY)
    assert "uncared_for" in _of(asked)
    asked.clear()
    assert _leads(folder, key=KEY) == before and _of(asked) == set()
    asked.clear()
    put(folder, "allowance", {"record_id": 1, "id_no": CHILD, "name": "张小合", "kind": "孤儿"})
    assert "uncared_for" not in {lead[1] for lead in _leads(folder, key=KEY)}
    assert "uncared_for" in _of(asked) and "parent_died" not in _of(asked)


def test_another_day_asks_everything_again(tmp_path: Path, asked: list[str]) -> None:
    folder = lay(tmp_path)
    _leads(folder, key=KEY)
    first = _of(asked)
    asked.clear()
    later = _leads(folder, key=KEY, on=date(2026, 9, 2))
    assert _of(asked) == first and {lead[-2] for lead in later} == {date(2026, 9, 2)}


def test_what_is_kept_is_encrypted_and_what_is_older_is_gone(tmp_path: Path) -> None:
    folder = lay(tmp_path)
    _leads(folder, key=KEY)
    first = {file.name for file in (folder / ".links").glob("fact-*")}
    _leads(folder, key=KEY, on=date(2026, 9, 2))
    answers = list((folder / ".links").glob("answer-*"))
    kept = [*(folder / ".links").glob("fact-*"), *answers]
    assert len({file.name.split("-")[1] for file in answers}) == len(answers) > 5  # one for each rule, of the last day
    assert len(kept) == len(first) + len(answers)
    assert {file.name for file in kept} - first
    assert all(file.read_bytes()[:4] == b"PARE" for file in kept)


def test_what_another_release_left_is_made_anew(tmp_path: Path) -> None:
    folder = lay(tmp_path)
    before = _leads(folder, key=KEY)
    (folder / ".links" / "registers.json").write_text('{"police": {"rows": 3, "elder": true}}')
    assert _leads(folder, key=KEY) == before
