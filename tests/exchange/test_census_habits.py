"""What offices write where a form did not foresee it: marks for the same again, notes in cells, denials, copies of copies."""

from __future__ import annotations

from typing import Any

import pytest

from hutong.exchange.applying import relation_code
from hutong.people.identity import check_digit
from tests.exchange.books import GOOD, HEADER, one, read, row, workbook


def codes_of(result: Any) -> set[str]:
    return {reason["code"] for reason in result.reasons}


def number(born: str, serial: int) -> str:
    first = f"371726{born}{serial:03d}"
    return first + check_digit(first)


def test_a_sheet_of_instructions_is_no_list_of_children() -> None:
    told = [
        ["填表说明"],
        ["1、姓名：与户口簿一致"],
        ["2、身份证号：18位"],
        ["序号", "字段", "说明"],
        [1, "姓名", "必填"],
        [2, "身份证号", "必填"],
    ]
    results = read(workbook([HEADER, GOOD], told, []))
    assert [r.status for r in results] == ["not_data", "ok", *["not_data"] * len(told)]


@pytest.mark.parametrize("mark", ["同上", "〃", '"'])
def test_the_same_again_is_what_stands_above(mark: str) -> None:
    again = {"乡镇（街道）": mark, "村（居）": mark, "监护人": mark, "与儿童关系": mark, "联系电话": mark, "类别": mark}
    rows = [HEADER, GOOD, [], row(儿童姓名="李红", 身份证号="", 出生日期="2017-01-01", 性别="女", **again)]
    results = read(workbook([*rows, row(儿童姓名="李兰", 身份证号="", 出生日期="2018-01-01", 性别="女", **again)]))
    shared = ("division", "guardian", "guardian_relation", "phone", "category")
    for result in (results[3], results[4]):
        assert result.status == "ok"
        assert {key: result.fields[key] for key in shared} == {key: one().fields[key] for key in shared}


def test_a_childs_name_and_number_are_never_taken_from_the_row_above() -> None:
    result = read(workbook([HEADER, GOOD, row(儿童姓名="同上", 身份证号="同上")]))[2]
    assert (result.status, result.fields["name"], result.fields["id_number"]) == ("quarantined", None, None)


def test_the_same_again_with_nothing_above_says_nothing() -> None:
    assert one(监护人="同上").fields["guardian"] is None


@pytest.mark.parametrize("written", ["非留守儿童", "不是困境儿童", "无残疾", "不属于孤儿", "非留守、非困境"])
def test_a_category_that_is_denied_is_not_claimed(written: str) -> None:
    assert one(类别=written).fields["category"] is None


def test_what_is_not_denied_stays() -> None:
    assert one(类别="孤儿（非留守儿童）").fields["category"] == "孤儿"
    assert one(类别="事实无人抚养儿童").fields["category"] == "事实无人抚养儿童"


@pytest.mark.parametrize(("left", "hard", "claimed"), [
    ("是", "否", "留守儿童"), ("√", "√", "留守儿童、困境儿童"), ("否", "", None), ("不清楚", "无", None), ("", "是", "困境儿童"),
])  # fmt: skip
def test_a_column_that_asks_whether_a_category_holds_is_read_where_it_says_yes(
    left: str, hard: str, claimed: str | None
) -> None:
    rows = [[*HEADER[:10], "是否留守儿童", "是否困境"], [*GOOD[:10], left, hard]]
    assert read(workbook(rows))[1].fields["category"] == claimed


def test_a_column_that_asks_for_a_fact_claims_no_category() -> None:
    assert read(workbook([[*HEADER[:10], "是否低保"], [*GOOD[:10], "是"]]))[1].fields["category"] is None


LIVES = ["现住址", "户籍所在地"]


def lives(**places: str) -> Any:
    header = [HEADER[3], *HEADER[4:7], *places]
    return read(workbook([header, [GOOD[3], *GOOD[4:7], *places.values()]]))[1]


def test_a_child_lives_where_it_lives_and_not_where_it_is_registered() -> None:
    for order in (LIVES, LIVES[::-1]):
        where = {"现住址": "鄄城县陈王街道魏庄村", "户籍所在地": "河南省濮阳市"}
        assert lives(**{label: where[label] for label in order}).fields["division"] == "371726001217"


def test_the_place_of_registration_serves_where_nothing_else_is_written_and_is_said() -> None:
    result = lives(户籍所在地="鄄城县陈王街道魏庄村", 现住址="")
    assert (result.status, result.fields["division"], codes_of(result)) == ("ok", "371726001217", {"place_from_hukou"})
    assert lives(户籍所在地="河南省濮阳市", 现住址="").status == "quarantined"


@pytest.mark.parametrize("written", ["魏庄村（自然村：后魏）", "魏庄（原东魏庄）", "魏庄村(3组"])
def test_a_note_behind_a_village_does_not_hide_it(written: str) -> None:
    assert one(**{"村（居）": written}).fields["division"] == "371726001217"


def test_a_town_alone_is_no_village_and_a_slip_gets_a_hint_of_this_county() -> None:
    alone = one(**{"乡镇（街道）": "", "村（居）": "什集镇"})
    assert codes_of(alone) == {"village_missing"} and "只写到乡镇" in alone.reasons[0]["message"]
    assert "大埝镇" in one(**{"乡镇（街道）": "大堰镇", "村（居）": "尹楼村"}).reasons[0]["message"]


def test_a_number_shared_by_two_names_waits_and_says_so() -> None:
    result = read(workbook([HEADER, GOOD, row(儿童姓名="李兰")]))[2]
    assert result.status == "quarantined" and "姓名却不同" in result.reasons[0]["message"]


@pytest.mark.parametrize("first", [0, 1])
def test_the_same_child_with_and_without_a_number_waits_the_second_time(first: int) -> None:
    rows = [row(), row(身份证号="")]
    assert [r.status for r in read(workbook([HEADER, rows[first], rows[1 - first]]))[1:]] == ["ok", "quarantined"]


def test_namesakes_of_one_day_with_numbers_of_their_own_are_two_children() -> None:
    rows = [HEADER, row(身份证号=number("20150208", 123)), row(身份证号=number("20150208", 125))]
    assert [r.status for r in read(workbook(rows))[1:]] == ["ok", "ok"]


@pytest.mark.parametrize(
    ("written", "read_as"),
    [("180630", "2018-06-30"), (180630, "2018-06-30"), ("2018 6 30", "2018-06-30"), ("201806", "2018-06")],
)
def test_dates_without_marks_between(written: Any, read_as: str) -> None:
    assert one(出生日期=written, 身份证号="").fields["birth_date"] == read_as


def test_a_number_among_words_is_found_and_two_are_not_chosen_from() -> None:
    assert one(身份证号="身份证：371726201502081232").fields["id_number"] == "371726201502081232"
    assert one(身份证号="371726201502081232/371726201502081259").status == "quarantined"


@pytest.mark.parametrize(("written", "name", "code"), [
    ("李大山、王花", "李大山", "guardian_several"), ("+SUM(1)", None, "guardian_strange"), ("@cmd|'/c calc'!A1", None, "guardian_strange"),
])  # fmt: skip
def test_a_guardian_is_the_first_of_several_and_nothing_that_is_no_name(
    written: str, name: str | None, code: str
) -> None:
    result = one(监护人=written)
    assert (result.status, result.fields["guardian"], codes_of(result)) == ("ok", name, {code})


def test_a_child_is_not_its_own_guardian() -> None:
    result = one(监护人="李明", 与儿童关系="本人")
    assert (result.fields["guardian"], codes_of(result)) == (None, {"guardian_self"})


def test_a_child_whose_name_sounds_like_a_total_is_a_child() -> None:
    assert one(儿童姓名="总计").status == "ok" and one(儿童姓名="合计", 身份证号="", 出生日期="").status == "not_data"


def test_a_relation_nobody_knows_is_not_written_down_as_no_relation() -> None:
    assert [relation_code(word) for word in ("爷孙", "母女", "看不懂", None)] == ["61", "52", "80", "80"]
