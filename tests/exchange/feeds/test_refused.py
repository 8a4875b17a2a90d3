"""Files the door does not take: a sentence each, nothing written, the file left as it came."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import duckdb
import pytest

from hutong.exchange.feeds import raw, through
from hutong.kernel.refusals import Refusal
from hutong.policy.feeds import LIMITS, feeds
from tests.exchange.feeds.files import TODAY, number, out, sent, stored, workbook

GOOD = f"姓名,身份证号,类别\n张三,{number()},低保\n"


def refused(folder: Path, content: str | bytes, name: str = "名册.csv") -> Refusal:
    with pytest.raises(Refusal) as told:
        sent(folder, content, name=name)
    assert not out(folder).exists() and not list(folder.glob(".*"))
    assert told.value.sentence.endswith("。") and ("请" in told.value.sentence)
    return told.value


def parquet_bytes(folder: Path) -> bytes:
    file = folder / "plain.parquet"
    duckdb.sql("select '张三' as 姓名, '2015-02-08' as 出生日期, '低保' as 类别 from range(5000)").write_parquet(
        str(file)
    )
    content = file.read_bytes()
    file.unlink()
    return content


def test_a_file_of_50_gb_is_refused_by_its_size_alone(tmp_path: Path) -> None:
    path = tmp_path / "came"
    with path.open("wb") as file:
        os.truncate(file.fileno(), 50 * 1024**3)  # nothing is on the disk: reading it would show
    with pytest.raises(Refusal) as told:
        through(path, "全市人口.csv", feeds()["police"], today=TODAY, number=1, out=out(tmp_path))
    assert told.value.code == "too_big" and "51200 MB" in told.value.sentence


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        ("姓名,出生日期\n张三,2015-02-08\n", "column_missing"),
        ("甲,乙\n1,2\n", "no_heading"),
        (bytes(range(128, 256)) * 200 + b"\xff\xff" * 4000, "encoding"),
        (b"\x7fELF" + bytes(range(32)) * 300, "not_a_table"),
        ("<html><table><tr><td>姓名</td></tr></table></html>", "not_a_table"),
        (b"PK\x03\x04" + b"x" * 500, "damaged"),
        (f'{GOOD}"李四,{"x" * 140_000}', "damaged"),
    ],
)
def test_what_is_no_register_is_refused_with_a_sentence(tmp_path: Path, content: str | bytes, code: str) -> None:
    assert refused(tmp_path, content).code == code


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    assert "缺少必需的列：救助类别。" in refused(tmp_path, "姓名,出生日期\n张三,2015-02-08\n").sentence
    assert "公民身份号码或者出生日期" in refused(tmp_path, "姓名,类别\n张三,低保\n").sentence


def test_a_truncated_parquet_is_refused_and_a_whole_one_taken(tmp_path: Path) -> None:
    content = parquet_bytes(tmp_path)
    assert refused(tmp_path, content[: len(content) // 2], "名册.parquet").code == "damaged"
    assert refused(tmp_path, b"PARE" + content[4:-4] + b"PARE", "名册.parquet").code == "damaged"
    outcome = sent(tmp_path, content, name="名册.parquet")
    assert (outcome.good, outcome.quarantined) == (1, 4999)  # the rest say the same word for word
    assert outcome.bad[0].n == 3 and len(outcome.bad) == min(LIMITS.bad_kept, 4999)


def test_two_sheets_that_both_look_like_the_register_are_not_guessed_between(tmp_path: Path) -> None:
    sheet = [["姓名", "身份证号", "类别"], ["张三", number(), "低保"]]
    assert refused(tmp_path, workbook(sheet, sheet), "名册.xlsx").code == "several_sheets"


@pytest.mark.parametrize("name", ["../../etc/passwd", "a'; drop table raw; --.csv", "名\u202e册*[x].csv", "x" * 400])
def test_a_hostile_file_name_is_only_a_name(tmp_path: Path, name: str) -> None:
    assert sent(tmp_path, GOOD, name=name).good == 1
    said = raw.shown(name)
    assert len(said) <= 80 and "\u202e" not in said


def test_a_few_lost_characters_are_said_and_the_rows_taken(tmp_path: Path) -> None:
    rows = "".join(f"张三,2015-02-08,低保,某县某镇某村{n}号\n" for n in range(300))
    content = f"姓名,出生日期,类别,住址\n{rows}".encode("gb18030").replace("张".encode("gb18030"), b"\xff\xff", 1)
    outcome = sent(tmp_path, content)
    assert outcome.notes["characters_lost"] >= 1 and outcome.rows == 300
    assert outcome.good + outcome.quarantined == 300


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("mark", [",", "\t", ";", "|"])
def test_every_usual_encoding_and_delimiter_gives_the_same_rows(tmp_path: Path, encoding: str, mark: str) -> None:
    assert sent(tmp_path, GOOD.replace(",", mark).encode(encoding), name="名册.txt").good == 1
    assert stored(tmp_path)[0]["birth_date"] == date(2015, 2, 8)


def test_rows_of_uneven_length_are_read_as_well_as_even_ones(tmp_path: Path) -> None:
    even = sent(tmp_path, f"姓名,身份证号,类别\n张三,{number()},低保\n李四,,低保\n")
    uneven = sent(tmp_path, f"姓名,身份证号,类别\n\n张三,{number()},低保,多出,一格\n李四,,低保\n王五\n")
    assert (even.rows, even.good) == (2, 1)
    assert (uneven.rows, uneven.good, uneven.not_data) == (4, 1, 1)
    assert [bad.n for bad in uneven.bad] == [4, 5]
