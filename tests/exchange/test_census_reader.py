"""Every row of a county's workbook gets a verdict, as the workbook really looks."""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msoffcrypto.format.ooxml import OOXMLFile

from hutong.exchange.census.books import Unreadable, open_book
from hutong.exchange.census.headers import guess_header
from hutong.people.identity import check_digit
from hutong.policy.census import CENSUS
from tests.exchange.books import GOOD, HEADER, TODAY, one, read, row, workbook


def codes_of(result: Any) -> set[str]:
    return {reason["code"] for reason in result.reasons}


def test_a_plain_row_is_read_whole() -> None:
    assert one().fields == {
        "name": "李明", "sex": "男", "birth_date": "2015-02-08", "id_number": "371726201502081232", "division": "371726001217",
        "guardian": "李大山", "guardian_relation": "祖父", "phone": "13800001111", "category": "留守儿童",
    }  # fmt: skip
    assert one().status == "ok" and one().reasons == []


DATES = [
    ("2012.11.21", "2012-11-21"), ("2015年2月8日", "2015-02-08"), ("2019年11月", "2019-11"), ("20130302", "2013-03-02"),
    (20130302, "2013-03-02"), (41234, "2012-11-21"), ("41234", "2012-11-21"), ("09.07.", "2009-07"), ("15.2.8", "2015-02-08"),
    (datetime(2015, 2, 8), "2015-02-08"), ("2013-3-2 00:00:00", "2013-03-02"), ("２０１５．２．８", "2015-02-08"),
    ("二〇一五年二月十八日", "2015-02-18"), ("2015/2/8", "2015-02-08"), (" 2015 - 02 - 08 ", "2015-02-08"), (2012.11, "2012-11"),
]  # fmt: skip


@pytest.mark.parametrize(("written", "read_as"), DATES)
def test_it_reads_dates_in_every_form(written: Any, read_as: str) -> None:
    result = one(出生日期=written, 身份证号="")
    assert (result.status, result.fields["birth_date"]) == ("ok", read_as)


BAD_DATES = ["2015-02-30", "0000-00-00", "9999-12-31", "2030-01-01", "不知道", "2015.13.1", "2012", "农历八月十五"]


@pytest.mark.parametrize("written", BAD_DATES)
def test_an_impossible_date_without_a_number_waits_with_a_reason(written: str) -> None:
    result = one(出生日期=written, 身份证号="")
    assert result.status == "quarantined" and any(r["field"] == "birth_date" for r in result.reasons)


@pytest.mark.parametrize("written", BAD_DATES)
def test_a_good_number_mends_an_unreadable_date_and_says_so(written: str) -> None:
    result = one(出生日期=written)
    assert (result.status, result.fields["birth_date"]) == ("ok", "2015-02-08")
    assert any(r["field"] == "birth_date" for r in result.reasons)


NUMBERS = [
    "'371726201502081232",
    "371726 20150208 1232",
    "\t371726201502081232",
    "３７１７２６２０１５０２０８１２３２",
]


@pytest.mark.parametrize("written", NUMBERS)
def test_it_mends_numbers_as_offices_store_them(written: str) -> None:
    assert one(身份证号=written).fields["id_number"] == "371726201502081232"


def test_it_reads_a_number_wrapped_as_a_formula_in_text() -> None:
    line = [*GOOD[:6], '="371726201502081232"', *GOOD[7:]]
    text = "\n".join("\t".join(map(str, each)) for each in (HEADER, line))
    assert read(text.encode(), "册.txt")[1].fields["id_number"] == "371726201502081232"


def test_a_lower_case_x_is_upper_case() -> None:
    number = next(first + "X" for n in range(100, 999) if check_digit(first := f"37172620150208{n}") == "X")
    assert one(身份证号=number.lower(), 性别="").fields["id_number"] == number


WRONG = [
    ("37172620150208123", "id_length"), ("371726201502081233", "id_checksum"), (3.71726201502081e17, "id_precision"),
    ("3.71726E+17", "id_precision"), ("371726201513081232", "id_birth_date"), ("abc", "id_length"),
]  # fmt: skip


@pytest.mark.parametrize(("written", "code"), WRONG)
def test_a_wrong_number_waits_with_its_reason(written: Any, code: str) -> None:
    result = one(身份证号=written)
    assert result.status == "quarantined" and code in codes_of(result)


PLACES = [
    ("陈王街道", "魏庄村村民委员会", "ok"), ("陈王街道", "魏庄村委会", "ok"), ("陈王", "魏庄", "ok"), ("", "魏庄村", "ok"),
    ("", "陈王街道魏庄村", "ok"), ("", "鄄城县陈王街道魏庄村3组", "ok"), ("陈王街道办事处", "城濮社区居委会", "ok"),
    ("", "樊庄村", "village_ambiguous"), ("", "没有的村", "village_unknown"), ("陈王街道", "", "village_missing"),
    ("陈王街道", "陈王街道魏庄村", "ok"), ("", "曹县魏庄村", "other_county"), ("没有镇", "魏庄村", "town_unknown"),
]  # fmt: skip


@pytest.mark.parametrize(("town", "village", "expected"), PLACES)
def test_it_knows_which_village_is_meant(town: str, village: str, expected: str) -> None:
    result = one(**{"乡镇（街道）": town, "村（居）": village})
    assert expected == (result.status if result.status == "ok" else next(iter(codes_of(result))))


@pytest.mark.parametrize(("changes", "code"), [
    ({"儿童姓名": ""}, "name_missing"), ({"儿童姓名": "@cmd|' /C calc'!A0"}, "name_strange"), ({"性别": "女"}, "sex_conflict"),
    ({"出生日期": "2014-02-08"}, "birth_conflict"), ({"出生日期": "", "身份证号": ""}, "birth_missing"),
    ({"身份证号": "37172619850208123" + check_digit("37172619850208123"), "出生日期": "", "性别": ""}, "adult"),
])  # fmt: skip
def test_what_cannot_be_right_waits(changes: dict[str, Any], code: str) -> None:
    result = one(**changes)
    assert result.status == "quarantined" and code in codes_of(result)


def test_spaces_in_names_and_dots_of_minority_names_are_one() -> None:
    assert one(儿童姓名="李 　明").fields["name"] == "李明"
    assert one(儿童姓名="阿依古丽 • 买买提").fields["name"] == "阿依古丽·买买提"


def test_titles_notes_totals_signatures_and_blanks_are_no_children() -> None:
    rows = [
        ["鄄城县留守儿童花名册"], ["填报单位（盖章）：", "", "", "填表日期：2026年1月"], HEADER, GOOD, [], HEADER,
        row(儿童姓名="王红", 身份证号="", 序号=2), ["小计", "", "", "2人"], ["合计", 2], ["注：本表由村填写"], ["填表人：某某", "", "审核人：某某"],
    ]  # fmt: skip
    statuses = [result.status for result in read(workbook(rows))]
    assert statuses == ["not_data"] * 3 + ["ok"] + ["not_data"] * 2 + ["ok"] + ["not_data"] * 4


def test_a_header_of_two_merged_rows_tells_the_child_from_the_guardian() -> None:
    top = ["序号", "村（居）", "儿童信息", "", "", "监护人信息", "", ""]
    below = ["", "", "姓名", "性别", "身份证号码", "姓名", "身份证号码", "联系电话"]
    data = [1, "魏庄村", "李明", "男", "371726201502081232", "李大山", "372926196002081234", "13800001111"]
    for merged in ((), ("A1:A2", "B1:B2", "C1:E1", "F1:H1")):
        result = read(workbook([top, below, data], merged=merged))[2]
        assert (result.fields["name"], result.fields["guardian"], result.fields["id_number"]) == (
            "李明",
            "李大山",
            "371726201502081232",
        )


def test_a_town_merged_over_its_rows_counts_for_each() -> None:
    rows = [
        HEADER,
        row(**{"村（居）": "樊庄村"}),
        row(**{"乡镇（街道）": None, "村（居）": "樊庄村", "儿童姓名": "王红", "身份证号": "", "序号": 2}),
    ]
    results = read(workbook(rows, merged=["B2:B3"]))
    assert [result.status for result in results] == ["not_data", "ok", "ok"]


def test_rows_are_counted_as_the_user_sees_them() -> None:
    results = read(
        workbook([[], [], HEADER, GOOD], [["说明"], [], HEADER, GOOD[:3] + ["王红", "女", "2016-01-01", ""] + GOOD[7:]])
    )
    assert [(r.sheet, r.row) for r in results if r.status == "ok"] == [("表1", 4), ("表2", 4)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_it_reads_text_in_every_usual_encoding(encoding: str, mark: str) -> None:
    text = "\r\n".join(mark.join(map(str, line)) for line in (HEADER, GOOD))
    assert [r.status for r in read(text.encode(encoding), "名册.txt")] == ["not_data", "ok"]


def test_a_locked_workbook_opens_with_its_password_only() -> None:
    plain, locked = io.BytesIO(workbook([HEADER, GOOD])), io.BytesIO()
    OOXMLFile(plain).encrypt("口令1", locked)
    assert [r.status for r in read(locked.getvalue(), password="口令1")] == ["not_data", "ok"]
    for password, code in (("", "password_needed"), ("错", "password_wrong")):
        with pytest.raises(Unreadable) as refusal:
            read(locked.getvalue(), password=password)
        assert refusal.value.code == code


@pytest.mark.parametrize("content", [b"", b"   ", b"PK\x03\x04broken", workbook([HEADER])[:600], b"\x89PNG\r\n\x1a\n" + bytes(range(32)) * 20,
                                     b"\xd0\xcf\x11\xe0" + b"x" * 600, b"<html><table></table></html>"])  # fmt: skip
def test_what_is_no_table_is_refused_with_a_sentence(content: bytes) -> None:
    with pytest.raises(Unreadable) as refusal:
        read(content)
    assert refusal.value.sentence.endswith("。")


def test_a_file_too_big_is_refused_before_it_is_unpacked() -> None:
    with pytest.raises(Unreadable, match="上限"):
        read(b"a," * (30 * 1024 * 1024), "大.csv")


def test_the_same_child_twice_in_a_file_waits_the_second_time() -> None:
    results = read(workbook([HEADER, GOOD, GOOD]))
    assert [r.status for r in results] == ["not_data", "ok", "quarantined"]
    assert "第 2 行" in results[2].reasons[0]["message"]


_children = st.lists(
    st.tuples(st.sampled_from(["王小合", "李大合", "阿依古丽·买买提"]), st.dates(datetime(2010, 1, 1).date(), datetime(2020, 12, 31).date()),
              st.integers(100, 999)), min_size=1, max_size=4, unique_by=lambda c: c[1:])  # fmt: skip


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    _children,
    st.permutations(range(12)),
    st.integers(0, 3),
    st.sampled_from(["utf-8", "gb18030"]),
    st.sampled_from(["%Y-%m-%d", "%Y.%m.%d", "%Y年%m月%d日", "%Y%m%d"]),
)
def test_known_children_come_back_from_any_layout(
    children: Any, order: Any, titles: int, encoding: str, form: str
) -> None:
    lines = [["某县花名册"]] * titles + [[HEADER[c] for c in order]]
    expected = []
    for name, born, serial in children:
        number = f"371726{born:%Y%m%d}{serial}"
        number += check_digit(number)
        full = row(儿童姓名=name, 出生日期=born.strftime(form), 身份证号=number, 性别="男" if serial % 2 else "女")
        lines.append([full[c] for c in order])
        expected.append((name, born.isoformat(), number))
    text = "\n".join("\t".join(map(str, line)) for line in lines)
    found = [r for r in read(text.encode(encoding), "册.txt") if r.status == "ok"]
    assert [(r.fields["name"], r.fields["birth_date"], r.fields["id_number"]) for r in found] == expected


PARENTS_FIRST = [
    ["序号", "村（居）", "儿童信息", "", "", "父亲", "", "母亲", "", "监护人信息", "", ""],
    ["", "", "姓名", "性别", "身份证号码", "姓名", "联系电话", "姓名", "联系电话", "姓名", "关系", "联系电话"],
    [1, "魏庄村", "李明", "男", "371726201502081232", "李父", "13800000001", "李母", "13800000002", "李大山", "祖父", "13800000003"],
]  # fmt: skip
MERGED = ("A1:A2", "B1:B2", "C1:E1", "F1:G1", "H1:I1", "J1:L1")


@pytest.mark.parametrize("merged", [(), MERGED])
def test_parents_before_the_guardian_are_not_taken_for_the_guardian(merged: tuple[str, ...]) -> None:
    fields = read(workbook(PARENTS_FIRST, merged=merged))[2].fields
    assert (fields["name"], fields["guardian"], fields["phone"]) == ("李明", "李大山", "13800000003")


@pytest.mark.parametrize("merged", [(), ("A1:A2", "B1:B2", "C1:E1", "F1:G1", "H1:I1")])
def test_parents_without_a_guardian_leave_the_guardian_open(merged: tuple[str, ...]) -> None:
    fields = read(workbook([line[:9] for line in PARENTS_FIRST], merged=merged))[2].fields
    assert (fields["name"], fields["guardian"], fields["phone"]) == ("李明", None, None)


@pytest.mark.parametrize("above", ["填报单位（盖章）：鄄城县某学校", "鄄城县留守儿童监护人花名册"])
def test_a_line_above_the_header_says_nothing_about_whose_columns_stand_below(above: str) -> None:
    for merged in ((), ("A1:D1",), ("A1:L1",)):
        assert read(workbook([[above], HEADER, GOOD], merged=merged))[2].fields == one().fields


STRANGE = ["行次", "娃名", "何时生", "哪个庄", "奶奶或爷爷"]


def test_a_header_nobody_knows_is_read_once_a_user_has_explained_it() -> None:
    rows = [
        ["某村的娃"],
        STRANGE,
        [1, "李明", "2015-02-08", "魏庄村", "李大山"],
        [2, "王红", "2016-01-01", "魏庄村", ""],
    ]
    assert {r.status for r in read(workbook(rows))} == {"not_data"}
    (sheet,) = open_book(workbook(rows), "册.xlsx", limits=CENSUS.limits.on(TODAY))
    guessed = guess_header(sheet)
    assert guessed and guessed.labels == tuple(STRANGE)
    explained = {guessed.signature: {1: "name", 2: "birth_date", 3: "village", 4: "guardian"}}
    assert [r.status for r in read(workbook(rows), corrections=explained)] == ["not_data", "not_data", "ok", "ok"]
