"""Registers in a bad state: a sentence, and nothing written; never a program's own error."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pytest
from django.core.management import call_command

from hutong.discovery.pipelines.linkage import run
from hutong.kernel.refusals import Refusal
from tests.discovery.registers import COLUMNS, VILLAGE, person, read, write

OTHERS = [person(serial) for serial in range(60)]


@pytest.fixture
def good(tmp_path: Path) -> Path:
    return write(tmp_path / "good.parquet", OTHERS)


def refused(left: Path, right: Path) -> str:
    out = left.parent / "links.parquet"
    with pytest.raises(Refusal) as refusal:
        run.link(left, right, out)
    assert not out.exists()
    assert "没有写入任何结果" in refusal.value.sentence
    return refusal.value.sentence


def test_a_file_that_is_not_there(good: Path, tmp_path: Path) -> None:
    assert "找不到" in refused(tmp_path / "none.parquet", good)
    assert "找不到" in refused(good, tmp_path)


def test_an_empty_file(good: Path, tmp_path: Path) -> None:
    (tmp_path / "empty.parquet").touch()
    assert "空文件" in refused(tmp_path / "empty.parquet", good)


@pytest.mark.parametrize("kept", [4, 100, 0.5, 0.99])
def test_a_truncated_file(good: Path, tmp_path: Path, kept: float) -> None:
    content = good.read_bytes()
    (tmp_path / "cut.parquet").write_bytes(content[: int(kept if kept > 1 else kept * len(content))])
    assert "不是完整的 Parquet" in refused(tmp_path / "cut.parquet", good)


def test_a_damaged_middle(good: Path, tmp_path: Path) -> None:
    content = bytearray(good.read_bytes())
    content[20:300] = b"\xff" * 280
    (tmp_path / "bad.parquet").write_bytes(bytes(content))
    assert "左侧" in refused(tmp_path / "bad.parquet", good)


def test_a_text_file_under_the_name(good: Path, tmp_path: Path) -> None:
    (tmp_path / "text.parquet").write_text("姓名,身份证号\n", encoding="gb18030")
    assert "不是完整的 Parquet" in refused(good, tmp_path / "text.parquet")


def test_renamed_columns_are_told_by_name(good: Path, tmp_path: Path) -> None:
    other = write(tmp_path / "other.parquet", [], {"xm": "varchar", "sfzh": "varchar"})
    assert "xm、sfzh" in refused(other, good)


def test_headings_in_chinese_are_read(good: Path, tmp_path: Path) -> None:
    left = write(
        tmp_path / "zh.parquet",
        [{"姓名": person(7)["name"], "身份证号": person(7)["id_no"]}],
        {"姓名": "varchar", "身份证号": "varchar"},
    )
    run.link(left, good, tmp_path / "out.parquet")
    assert read(tmp_path / "out.parquet") == {0: (7, "exact")}


def test_large_letters_in_headings_are_read(good: Path, tmp_path: Path) -> None:
    left = tmp_path / "large.parquet"
    duckdb.sql(f"select record_id as RECORD_ID, id_no as ID_NO, name as Name from '{good}'").write_parquet(str(left))
    run.link(left, good, tmp_path / "out.parquet")
    assert read(tmp_path / "out.parquet")[7] == (7, "exact")


@pytest.mark.parametrize("missing", [name for name in COLUMNS if name != "name"])
def test_any_column_may_be_missing_on_either_side(good: Path, tmp_path: Path, missing: str) -> None:
    fewer = {name: kind for name, kind in COLUMNS.items() if name != missing}
    less = write(tmp_path / "less.parquet", OTHERS, fewer)
    run.link(less, good, tmp_path / "out.parquet")
    assert len(read(tmp_path / "out.parquet")) == len(OTHERS)
    run.link(good, less, tmp_path / "out.parquet")
    assert {left == right for left, (right, _) in read(tmp_path / "out.parquet").items()} == {True}


def test_wrong_types_are_read_as_text(good: Path, tmp_path: Path) -> None:
    kinds = COLUMNS | {
        "birth_date": "varchar",
        "division": "double",
        "sex": "integer",
        "name": "varchar[]",
        "record_id": "varchar",
    }
    rows = [person(7, birth_date="2017年08月08日", division=1.5, sex=1, name=["王"], record_id="甲")]
    run.link(write(tmp_path / "odd.parquet", rows, kinds), good, tmp_path / "out.parquet")
    assert set(read(tmp_path / "out.parquet")) <= {"甲"}


def test_a_number_of_infinite_size_or_a_binary_name_is_no_trouble(good: Path, tmp_path: Path) -> None:
    out = tmp_path / "odd.parquet"
    duckdb.sql(
        "select 1 as record_id, 'inf'::double as id_no, '\\xFF\\x00'::blob as name, {'a': 1} as sex, 'infinity'::timestamp as birth_date,"
        " 'nan'::float as division, map {'a': 1} as address"
    ).write_parquet(str(out))
    run.link(out, good, tmp_path / "out.parquet")
    run.link(good, out, tmp_path / "out.parquet")


def test_row_ids_that_repeat_are_refused(good: Path, tmp_path: Path) -> None:
    assert "重复" in refused(write(tmp_path / "twice.parquet", [*OTHERS, OTHERS[0]]), good)
    assert "空缺" in refused(write(tmp_path / "null.parquet", [person(7, record_id=None)]), good)


def test_one_number_for_thousands_decides_nothing_and_ends_in_time(tmp_path: Path) -> None:
    """Everybody has one number, was born on 1 January and lives in one village."""
    for side in ("left", "right"):
        duckdb.sql(
            f"""select i as record_id, '371726201001011015' as id_no, '王' || chr(20000 + (i * 7919 % 6000)::integer) || '军' as name,
            '男' as sex, date '2010-01-01' as birth_date, {VILLAGE} as division from range(6000) t(i)"""
        ).write_parquet(str(tmp_path / f"{side}.parquet"))
    run.link(tmp_path / "left.parquet", tmp_path / "right.parquet", tmp_path / "out.parquet")
    wrong = [
        left for left, (right, band) in read(tmp_path / "out.parquet").items() if left != right and band == "exact"
    ]
    assert wrong == []


def test_a_hostile_file_name_is_a_name(good: Path, tmp_path: Path) -> None:
    name = tmp_path / "a'; drop table x; --*?[b].parquet"
    good.rename(name)
    run.link(name, name, tmp_path / "o'ut.parquet")
    assert len(read(Path(str(tmp_path / "o'ut.parquet").replace("'", "''")))) == len(OTHERS)


def test_a_folder_as_output_is_refused(good: Path, tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="不能写到"):
        run.link(good, good, tmp_path)


def test_the_command_prints_json(good: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("link", str(good), str(good), "--out", str(tmp_path / "out.parquet"), "--json")
    said = json.loads(capsys.readouterr().out)
    assert said["left"] == said["right"] == said["bands"]["exact"] == len(OTHERS)
