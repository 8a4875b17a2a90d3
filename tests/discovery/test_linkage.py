"""Linkage on small worlds: what agrees is linked, what only looks alike is not, and what is unsure goes to a person."""

from __future__ import annotations

import random
from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hutong.discovery.pipelines.linkage import run
from hutong.workbench.synth import registers as synth
from tests.discovery.registers import VILLAGE, links, number, person, read, write

OTHERS = [person(serial) for serial in range(200)]


def seven(**said: object) -> dict:
    return person(7, **said)


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"id_no": None},
        {"id_no": person(7)["id_no"].lower()},
        {"id_no": " " + person(7)["id_no"][:6] + " " + person(7)["id_no"][6:]},
        {"id_no": "'" + person(7)["id_no"]},
        {"id_no": person(7)["id_no"][:9] + "9" + person(7)["id_no"][10:]},  # one digit wrong
        {"id_no": None, "name": person(7)["name"][0] + " " + person(7)["name"][1:]},
        {"id_no": None, "name": person(7)["name"][:2] + "音"},  # a homophone of 英 or not, the rest agrees
        {"id_no": None, "birth_date": "2017-08-09"},  # another day
        {"id_no": None, "division": VILLAGE + 150},  # moved
        {"id_no": None, "sex": None, "division": None, "father_name": None},
        {"name": "赵" + person(7)["name"][1:]},  # another surname after a remarriage
        {"birth_date": None, "sex": None},
    ],
)
def test_one_mistake_does_not_lose_a_person(tmp_path: Path, said: dict) -> None:
    assert links(tmp_path, [seven(**said)], OTHERS)[7][0] == 7


def test_a_missing_number_is_unknown_and_not_another_one(tmp_path: Path) -> None:
    links(tmp_path, [seven(id_no=None)], OTHERS)
    (evidence,) = duckdb.sql(f"select evidence from '{tmp_path}/links.parquet'").fetchall()[0]
    assert evidence.startswith("i0n1b1")


def test_what_is_blank_is_unknown_and_agrees_with_nothing(tmp_path: Path) -> None:
    blank = {"id_no": "  ", "father_name": "", "mother_name": " "}
    links(tmp_path, [seven(**blank)], [one | blank for one in OTHERS])
    (evidence,) = duckdb.sql(f"select evidence from '{tmp_path}/links.parquet'").fetchall()[0]
    assert evidence.startswith("i0n1b1s1p0q0")


def test_agreement_on_number_and_name_is_exact(tmp_path: Path) -> None:
    assert links(tmp_path, [seven()], OTHERS) == {7: (7, "exact")}


def test_who_is_not_in_the_register_is_not_linked(tmp_path: Path) -> None:
    assert links(tmp_path, [seven()], [one for one in OTHERS if one["record_id"] != 7]) == {}


def test_the_number_of_a_parent_given_for_the_child_does_not_link_the_parent(tmp_path: Path) -> None:
    father = person(
        900,
        name="李大芳",
        birth_date="1985-03-04",
        id_no=number("37172619850304151"),
        father_name=None,
        mother_name=None,
    )
    found = links(tmp_path, [seven(id_no=father["id_no"])], [*OTHERS, father])
    assert found.get(7, (7, ""))[0] == 7


def test_twins_are_told_apart(tmp_path: Path) -> None:
    one = seven(record_id=7, name="王子涵")
    other = seven(record_id=8, name="王子轩", id_no=number(person(7)["id_no"][:14] + "999"))
    found = links(tmp_path, [one | {"id_no": None}, other | {"id_no": None}], [*OTHERS[20:], one, other])
    assert {left: right for left, (right, _) in found.items()} == {7: 7, 8: 8}


def test_the_twin_whom_the_police_do_not_have_is_not_taken_for_the_other(tmp_path: Path) -> None:
    one = seven(name="王子涵")
    found = links(tmp_path, [one, seven(record_id=8, name="王若曦", id_no=None)], [*OTHERS[20:], one])
    assert found == {7: (7, "exact")}


def test_a_number_used_again_by_another_person_links_neither_by_itself(tmp_path: Path) -> None:
    stranger = person(60, id_no=person(7)["id_no"])
    found = links(tmp_path, [seven(), stranger], OTHERS)
    assert found == {7: (7, "exact"), 60: (60, found[60][1])}


def test_the_dot_of_a_name_may_be_written_in_any_way(tmp_path: Path) -> None:
    right = seven(name="阿布都·热合曼")
    for written in ("阿布都•热合曼", "阿布都.热合曼", "阿布都热合曼"):
        assert links(tmp_path, [right | {"name": written, "id_no": None}], [*OTHERS[20:], right])[7][0] == 7


GIVEN = [one + other for one in ("harri", "made", "oli", "chlo") for other in ("son", "line", "ver", "enda", "berta")]
FAMILY = [
    one + other for one in ("capu", "fitz", "bur", "wise") for other in ("rso", "patrick", "ford", "man", "chsler")
]
ABROAD = [
    {
        "record_id": at, "id_no": f"{7000000 + at * 7919}", "name": GIVEN[at % 20], "father_name": FAMILY[at // 20],
        "mother_name": f"{FAMILY[at % 20]} street {at}", "birth_date": f"19{20 + at % 70:02}-{1 + at % 12:02}-{1 + at % 28:02}",
        "address": GIVEN[at // 20] + "ton",
    }
    for at in range(400)
]  # fmt: skip


@pytest.mark.parametrize(
    "said",
    [
        {"name": "wiseman", "father_name": "harrison"},  # given and family name exchanged …
        {"name": "wiseman", "father_name": "harison"},  # … and one of them misspelt
        {"id_no": "9375740", "name": "jess"},  # one digit of another kind of number, another name
        {"id_no": "9385700", "name": "jess"},
        {"id_no": "1234567", "name": "hrrison", "father_name": "wisemna"},  # long words misspelt
    ],
)  # fmt: skip
def test_a_register_without_our_numbers_sexes_and_divisions_is_linked_by_what_it_has(
    tmp_path: Path, said: dict
) -> None:
    assert links(tmp_path, [ABROAD[300] | said], ABROAD) == {300: (300, "linked")}


def test_another_child_of_the_same_parents_is_not_taken_for_the_one_who_is_missing(tmp_path: Path) -> None:
    sister = seven(record_id=1008, name=person(7)["name"][0] + "若曦", sex="女", birth_date="2013-02-03", id_no=None)
    found = links(tmp_path, [seven(id_no=None)], [*(one for one in OTHERS if one["record_id"] != 7), sister])
    assert found.get(7, (0, "review"))[1] == "review"


def test_two_alike_in_everything_are_for_a_person_to_judge(tmp_path: Path) -> None:
    left = seven(id_no=None)
    again = seven(record_id=8, id_no=None)
    assert links(tmp_path, [left], [*OTHERS[20:], seven(id_no=None), again]) == {7: (7, "review")}


def test_a_row_that_appears_twice_is_linked_twice(tmp_path: Path) -> None:
    found = links(tmp_path, [seven(), seven(record_id=1007, id_no=None)], OTHERS)
    assert {right for right, _ in found.values()} == {7}
    assert set(found) == {7, 1007}


def test_empty_registers_have_no_links(tmp_path: Path) -> None:
    assert links(tmp_path, [], OTHERS) == {}
    assert links(tmp_path, [seven()], []) == {}
    assert links(tmp_path, [], []) == {}


@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10**6))
def test_the_order_of_rows_changes_nothing_and_a_register_finds_itself(tmp_path: Path, seed: int) -> None:
    rng = random.Random(seed)
    rows = rng.sample(OTHERS, 40)
    left = [
        {key: value if key in {"record_id", "name"} or rng.random() > 0.15 else None for key, value in row.items()}
        for row in rows
    ]
    first = links(tmp_path, left, OTHERS)
    shuffled = rng.sample(OTHERS, len(OTHERS))
    assert links(tmp_path, rng.sample(left, len(left)), shuffled) == first
    assert links(tmp_path, rows, rows) == {row["record_id"]: (row["record_id"], "exact") for row in rows}


def test_the_same_run_twice_gives_the_same_file(tmp_path: Path) -> None:
    left, right = write(tmp_path / "a.parquet", [seven(id_no=None), person(9)]), write(tmp_path / "b.parquet", OTHERS)
    for name in ("one", "two"):
        run.link(left, right, tmp_path / name)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_twenty_thousand_synthetic_people_are_linked_well(tmp_path: Path) -> None:
    synth.build(tmp_path, people=20_000, seed=11, chosen=frozenset({"school"}))
    out = tmp_path / "links.parquet"
    run.link(tmp_path / "school.parquet", tmp_path / "police.parquet", out)
    made, true, right = duckdb.sql(
        f"""select count(right_id), count(person), count(*) filter (right_id = person) from '{tmp_path}/truth/school.parquet' t
        left join (from '{out}' where band <> 'review') l on l.left_id = t.record_id"""
    ).fetchall()[0]
    assert 2 * right / (made + true) >= 0.995
    assert len(read(out)) >= made
