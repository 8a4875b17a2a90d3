"""A department's file at the door: what is taken, what is sent back, and that no number stays in the clear."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hutong.discovery.pipelines import registers
from hutong.exchange.feeds import notes, through
from hutong.kernel import ciphers, number_tokens, parquet
from hutong.kernel.refusals import Refusal
from hutong.policy.feeds import feeds
from hutong.workbench.synth import registers as synth
from tests.exchange.feeds.files import SERIAL, TODAY, number, out, sent, stored, workbook

ZHANG = number()
MESSY = f"""鄄城县低保名册（2026年8月）,,,,,
,,,,,
序号,姓 名,身份证号码,出生日期,保障类别,月保障金额,手机号
1,张三,{ZHANG},2015-02-08,农村低保,350元,13800000000
2,李四,'{ZHANG[:6]} {ZHANG[6:14]} {ZHANG[14:]},,特困,"1,200",
3,王五,,二〇一五年二月八日,低保边缘户,,
4,赵六,,2015年,低保,300,
5,钱七,{ZHANG[:17]}0,15.2.8,低 保,abc,
6,,{ZHANG},2015-02-08,非低保,1,
1,张三,{ZHANG},2015-02-08,农村低保,350元,13800000000
合计,,,,6,,
填表人：张三,,,审核人：李四,,
"""


def test_a_messy_text_in_gb18030_is_read_below_its_titles(tmp_path: Path) -> None:
    outcome = sent(tmp_path, MESSY.encode("gb18030"))
    assert (outcome.rows, outcome.good, outcome.quarantined, outcome.not_data) == (9, 4, 3, 2)
    rows = stored(tmp_path)
    assert [row["record_id"] - SERIAL * 10_000_000_000 for row in rows] == [4, 5, 6, 8]
    assert [row["name"] for row in rows] == ["张三", "李四", "王五", "钱七"]
    assert [row["kind"] for row in rows] == ["低保", "特困", "低保边缘", "低保"]
    assert [row["monthly_amount"] for row in rows] == [350, 1200, None, None]
    assert {row["birth_date"] for row in rows} == {date(2015, 2, 8)}
    assert outcome.ignored == ("手机号",)
    assert "kind" in outcome.taken and "since" in outcome.absent and "since" not in rows[0]


def test_a_row_that_cannot_be_used_comes_back_with_its_reasons_and_its_cells(tmp_path: Path) -> None:
    bad = sent(tmp_path, MESSY).bad
    assert {row.n: [(r.field, r.code) for r in row.reasons] for row in bad} == {
        7: [("birth_date", "date_year_only"), ("id_no", "unidentified")],
        9: [("name", "missing"), ("kind", "not_in_list")],
        10: [("", "doubled")],
    }
    assert bad[2].cells == ("1", "张三", ZHANG, "2015-02-08", "农村低保", "350元", "")  # nobody asked for a telephone
    assert bad[1].cells == ("6", "", ZHANG, "2015-02-08", "非低保", "1", "")
    assert bad[0].reasons[0].message == "出生日期只有年份，请补全到日"
    assert bad[2].reasons[0].message == "与第 4 行完全相同，只收了那一行"


def test_what_was_used_with_doubt_is_said(tmp_path: Path) -> None:
    outcome = sent(tmp_path, MESSY)
    assert outcome.notes == {
        "id_invalid": 1, "id_missing": 1, "birth_filled": 1, "sex_filled": 2, "number_shared": 2,
        "birth_date.date_two_digit_year": 1, "monthly_amount.unreadable": 1, "kind.word_guessed": 1,
    }  # fmt: skip
    assert "月保障金额看不懂，留空：1 行" in notes.sentences(feeds()["dibao"], outcome.notes)


def test_numbers_become_tokens_and_can_be_opened_one_by_one(tmp_path: Path) -> None:
    sent(tmp_path, MESSY)
    first, second, third, fourth = stored(tmp_path)
    assert first["id_no"] == second["id_no"] == number_tokens.whole_of(ZHANG)
    assert first["id_valid"] and not fourth["id_valid"] and fourth["id_area"] == first["id_area"]
    assert third["id_no"] is third["id_sealed"] is None
    assert ciphers.unseal(second["id_sealed"], "id_number") == ZHANG


def test_what_a_number_tells_is_filled_in_and_a_contradiction_is_said(tmp_path: Path) -> None:
    outcome = sent(
        tmp_path, f"姓名,身份证号,性别,出生日期,类别\n甲乙,{ZHANG},,,低保\n丙丁,{ZHANG},女,2015-08-02,低保\n"
    )
    assert [(row["sex"], row["birth_date"]) for row in stored(tmp_path)] == [
        ("男", date(2015, 2, 8)),
        ("女", date(2015, 8, 2)),
    ]
    assert {"sex_differs": 1, "birth_differs": 1, "sex_filled": 1, "birth_filled": 1}.items() <= outcome.notes.items()


def test_no_number_is_in_the_clear_wherever_it_was_written(tmp_path: Path) -> None:
    spaced, wide = (
        f"{ZHANG[:6]} {ZHANG[6:14]} {ZHANG[14:]}",
        ZHANG.translate(str.maketrans("0123456789", "０１２３４５６７８９")),
    )
    sent(
        tmp_path,
        "姓名,身份证号,出生日期,住址,户号,与户主关系,父亲姓名,父亲身份证号,母亲姓名,母亲身份证号,区划代码\n"
        f"张三{ZHANG},{ZHANG},2015-02-08,某村{spaced}号,{ZHANG},{ZHANG},李四 {wide},{ZHANG},{ZHANG},{ZHANG[:15]},{ZHANG}\n",
        feed="police",
    )
    (row,) = stored(tmp_path)
    assert not [v for v in row.values() if re.search(r"\d{15}|\d{6}\s\d{8}", str(v)) and v != row["record_id"]]
    assert row["name"] == "张三" and row["father_name"] == "李四" and row["mother_name"] is None
    assert row["address"] == "某村［号码］号"
    assert row["father_id_no"] == number_tokens.whole_of(ZHANG) and re.fullmatch("[0-9A-F]{16}", row["mother_id_no"])
    content = out(tmp_path).read_bytes()
    assert content[:4] == b"PARE" and ZHANG.encode() not in content and "张三".encode() not in content
    assert not list(tmp_path.glob(".*"))  # nothing is left lying about


def test_a_workbook_is_read_below_its_titles_with_the_rows_a_sender_sees(tmp_path: Path) -> None:
    outcome = sent(
        tmp_path,
        workbook(
            [
                ["某县特困人员名册"],
                [],
                ["姓名", "公民身份号码", "出生日期（必填）", "救助类别", "起始日期", "月保障金额"],
                [
                    "张三",
                    int(ZHANG[:17] + "0") if ZHANG[17] == "X" else float(ZHANG),
                    date(2015, 2, 8),
                    "特困供养",
                    43831,
                    512.0,
                ],
                ["李四", ZHANG, "2015.2.8", "特困", "2020年1月", "512"],
            ],
            [["填表说明"]],
        ),
        name="名册.xlsx",
    )
    rows = stored(tmp_path)
    assert [row["record_id"] % 10_000_000_000 for row in rows] == [4, 5]
    assert [(row["since"], row["monthly_amount"]) for row in rows] == [(date(2020, 1, 1), 512)] * 2
    assert rows[0]["id_no"] is None  # a number kept as a number has lost its last digits
    assert {"id_no.digits_lost": 1, "sheets_ignored": 1, "since.date_month_only": 1}.items() <= outcome.notes.items()


def test_a_register_in_parquet_comes_through_as_rules_read_it(tmp_path: Path) -> None:
    synth.build(tmp_path, people=2000, seed=3)
    for name in sorted(registers.NAMES & {feed.register for feed in feeds().values()}):
        folder = tmp_path / f"{name}.out"
        folder.mkdir()
        outcome = sent(folder, (tmp_path / f"{name}.parquet").read_bytes(), feed=name, name=f"{name}.parquet")
        assert outcome.good >= outcome.rows * 0.8 and set(outcome.ignored) <= {"record_id"}, name
        with duckdb.connect() as db:
            kinds = dict(
                db.execute(
                    f"select column_name, column_type from (describe from {parquet.relation(db, out(folder))})"
                ).fetchall()
            )
        wanted = {
            column: "VARCHAR" if kind == "text" else kind.upper() for column, kind in registers.COLUMNS[name].items()
        }
        assert {
            c: k for c, k in wanted.items() if kinds.get(c, "").replace("BIGINT", "INT") != k.replace("BIGINT", "INT")
        } == {}, name


def test_an_agreement_on_fewer_fields_takes_fewer(tmp_path: Path) -> None:
    whole = feeds()["dibao"]
    fewer = whole.model_copy(
        update={"fields": tuple(f for f in whole.fields if f.name in {"name", "birth_date", "kind"})}
    )
    (tmp_path / "came").write_text(MESSY)
    outcome = through(tmp_path / "came", "a.csv", fewer, today=TODAY, number=SERIAL, out=out(tmp_path))
    assert set(outcome.taken) == {"name", "birth_date", "kind"} and "身份证号码" in outcome.ignored
    assert {row["id_no"] for row in stored(tmp_path)} == {None}
    (tmp_path / "came").write_text("姓名,类别\n张三,低保\n")
    with pytest.raises(Refusal):
        through(tmp_path / "came", "a.csv", fewer, today=TODAY, number=SERIAL, out=out(tmp_path))


def test_what_a_killed_run_left_behind_is_gone_after_the_next(tmp_path: Path) -> None:
    left = out(tmp_path).with_name(f".{out(tmp_path).name}.scratch")
    left.mkdir()
    (left / "duckdb_temp_storage.tmp").write_text(ZHANG)
    assert sent(tmp_path, MESSY).good == 4
    assert not left.exists() and not list(tmp_path.glob(".*"))


def test_a_delivery_without_rows_is_no_error(tmp_path: Path) -> None:
    outcome = sent(tmp_path, "姓名,身份证号,类别\n")
    assert (outcome.rows, outcome.good, stored(tmp_path)) == (0, 0, [])


def test_a_newborn_without_name_and_number_is_known_by_its_mother(tmp_path: Path) -> None:
    outcome = sent(
        tmp_path,
        "患儿姓名,母亲姓名,出生日期,缺陷诊断,是否随访\n,李四,2026-03-01,唇腭裂,否\n,,2026-03-01,唇腭裂,是\n",
        feed="birth_defect",
    )
    assert (outcome.good, outcome.quarantined) == (1, 1)
    assert stored(tmp_path)[0]["followed_up"] is False


def test_terms_and_grades_are_read_as_offices_write_them(tmp_path: Path) -> None:
    sent(
        tmp_path,
        "姓名,出生日期,入监日期,刑期\n甲乙,1990-01-02,2025/3/1,3年6个月\n丙丁,1990-01-02,20250301,8个月\n戊己,1990-01-02,,二年\n",
        feed="custody",
    )
    assert [row["months"] for row in stored(tmp_path)] == [42, 8, None]
    sent(
        tmp_path,
        "姓名,出生日期,残疾类别,残疾等级\n甲乙,1990-01-02,肢体残疾,一级\n丙丁,1990-01-02,肢体二级,肢体二级\n",
        feed="disability",
    )
    assert [(row["category"], row["grade"]) for row in stored(tmp_path)] == [("肢体", 1), ("肢体", 2)]


CELLS = st.sampled_from(
    [
        "",
        "张三",
        "李四",
        ZHANG,
        ZHANG[:17],
        "2015-02-08",
        "2015",
        "低保",
        "非低保",
        "合计",
        "姓名",
        "１",
        '"',
        "\x00",
        "-",
        "a,b",
    ]
) | st.text(max_size=6)


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.lists(CELLS, max_size=6), max_size=12))
def test_every_row_is_good_or_sent_back_or_no_data(tmp_path: Path, rows: list[list[str]]) -> None:
    def cell(text: str) -> str:
        return '"' + text.replace('"', '""').replace("\r", "").replace("\n", "") + '"'

    lines = ["姓名,身份证号,出生日期,类别", *(",".join(map(cell, row)) for row in rows)]
    outcome = sent(tmp_path, "\n".join(lines) + "\n")
    assert outcome.rows == len(rows)
    assert outcome.good + outcome.quarantined + outcome.not_data == outcome.rows
    assert len(stored(tmp_path)) == outcome.good and len(outcome.bad) == outcome.quarantined
    assert all(row.reasons for row in outcome.bad)
