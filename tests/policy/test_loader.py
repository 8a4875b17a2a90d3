"""How a policy file is read, and how it is refused."""

import re
from datetime import date
from pathlib import Path

import pytest

import hutong.policy
from hutong.policy.loader import Dated, PolicyError, Strict, read, version


class Cadence(Strict):
    days: Dated[int]


GOOD = """
days:
  source: the plan
  standing: seed
  values: {2024-05-22: 90, 2026-01-01: 60}
"""


def refused(tmp_path, text):
    (tmp_path / "a.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(PolicyError) as error:
        read("a.yaml", Cadence, folder=tmp_path)
    return str(error.value)


def test_a_dated_value_is_the_latest_one_in_force(tmp_path):
    (tmp_path / "a.yaml").write_text(GOOD, encoding="utf-8")
    days = read("a.yaml", Cadence, folder=tmp_path).days
    assert [days.on(date(2025, 12, 31)), days.on(date(2026, 1, 1))] == [90, 60]


def test_a_day_before_the_first_value_is_refused(tmp_path):
    (tmp_path / "a.yaml").write_text(GOOD, encoding="utf-8")
    with pytest.raises(PolicyError, match="2024-05-22"):
        read("a.yaml", Cadence, folder=tmp_path).days.on(date(2024, 5, 21))


def test_an_unknown_key_is_refused_with_file_and_line(tmp_path):
    said = refused(tmp_path, GOOD + "  colour: red\n")
    assert said.startswith("a.yaml: line 6: days.colour:")


def test_a_wrong_value_is_refused_with_its_line(tmp_path):
    assert "a.yaml: line 5: days.values.2024-05-22" in refused(tmp_path, GOOD.replace("90", "often"))


def test_an_entry_without_source_is_refused(tmp_path):
    assert "days.source" in refused(tmp_path, GOOD.replace("the plan", "' '"))


def test_a_key_written_twice_is_refused(tmp_path):
    assert "written twice" in refused(tmp_path, GOOD + GOOD.strip("\n") + "\n")


def test_a_yaml_tag_that_would_run_code_is_refused(tmp_path):
    refused(tmp_path, "days: !!python/object/apply:os.system ['true']\n")


def test_a_changed_file_changes_the_version(tmp_path):
    (tmp_path / "a.yaml").write_text(GOOD, encoding="utf-8")
    before = version(folder=tmp_path)
    (tmp_path / "a.yaml").write_text(GOOD.replace("60", "61"), encoding="utf-8")
    assert version(folder=tmp_path) != before


def test_sources_name_what_a_reader_can_find_and_no_study_of_ours() -> None:
    folder = Path(hutong.policy.__file__).parent
    files = [path for path in folder.rglob("*.yaml") if path.parent.name not in {"feeds", "plan"}]
    assert files
    named = [path.name for path in files if re.search(r"domain\.md|measures\.yaml M", path.read_text(encoding="utf-8"))]
    assert named == []
