"""The synthetic city: the same seed gives the same rows, errors occur at their shares, the truth holds, the page names the columns."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from hutong.kernel.refusals import Refusal
from hutong.people.identity import read_id
from hutong.policy.synth import SYNTH
from hutong.workbench.synth import registers

PAGE = Path(__file__).resolve().parents[2] / "docs" / "registers.md"


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("city")
    registers.build(out, people=12_000, seed=5)
    return out


def rows(sql: str) -> list[tuple]:
    return duckdb.sql(sql).fetchall()


def test_the_same_seed_gives_the_same_rows(city: Path, tmp_path: Path) -> None:
    registers.build(tmp_path, people=12_000, seed=5, chosen=frozenset({"school"}))
    for name in ("police", "school", "truth/school"):
        assert rows(f"from '{city}/{name}.parquet'") == rows(f"from '{tmp_path}/{name}.parquet'")


def test_another_seed_gives_other_people(city: Path, tmp_path: Path) -> None:
    registers.build(tmp_path, people=12_000, seed=6, chosen=frozenset())
    assert rows(f"select name from '{city}/police.parquet'") != rows(f"select name from '{tmp_path}/police.parquet'")


def test_every_number_of_the_police_is_whole_and_given_once(city: Path) -> None:
    numbers = [row[0] for row in rows(f"select id_no from '{city}/police.parquet'")]
    assert len(set(numbers)) == len(numbers)
    problems = {problem for one in numbers[:2000] for problem in read_id(one).problems}
    assert problems <= {"前6位不是行政区划代码"}  # an area the year did not have yet is not the city's matter


def test_a_number_of_an_area_that_was_never_given_out_is_told_and_does_not_fail() -> None:
    assert read_id("37177220110101001X").problems


def test_numbers_go_missing_and_wrong_at_their_shares(city: Path) -> None:
    found = rows(
        f"""select avg((s.id_no is null)::int), avg((s.id_no <> p.id_no)::int) from '{city}/school.parquet' s
        join '{city}/truth/school.parquet' t using (record_id) join '{city}/police.parquet' p on p.record_id = t.person"""
    )[0]
    school = SYNTH.registers["school"]
    assert found[0] == pytest.approx(school.id_missing, abs=0.03)
    assert found[1] == pytest.approx(school.id_mistyped + school.id_other + 0.01, abs=0.02)


def test_the_truth_names_who_the_police_have_and_nobody_else(city: Path) -> None:
    for name in SYNTH.registers:  # directors are villages
        assert rows(f"""select count(*) from '{city}/truth/{name}.parquet' t
            anti join '{city}/police.parquet' p on p.record_id = t.person where t.person is not null""") == [(0,)]


def test_the_world_holds_what_offices_forgot_and_not_what_no_longer_holds(city: Path) -> None:
    forgotten, stale = rows(f"""select count(*) filter (t.person is null), count(*) filter (w.pid is null)
        from '{city}/truth/world/employment.parquet' w full join '{city}/truth/employment.parquet' t on t.person = w.pid""")[
        0
    ]
    delivered = rows(f"select count(*) from '{city}/employment.parquet'")[0][0]
    assert stale == pytest.approx(delivered * 0.03, rel=0.2)
    assert forgotten == pytest.approx(delivered * 0.97 / 4, rel=0.2)


def test_the_world_knows_all_parents(city: Path) -> None:
    unknown = f"select count(*) filter (father_id_no is null) from '{city}/{{}}police.parquet' where relation = '子女'"
    assert rows(unknown.format("truth/world/"))[0][0] < rows(unknown.format(""))[0][0]


def test_the_page_names_every_column(city: Path) -> None:
    page = PAGE.read_text(encoding="utf-8")
    for name in ("police", *registers.ALL):
        columns = [row[0] for row in rows(f"describe from '{city}/{name}.parquet'")]
        assert [column for column in columns if column not in page] == [], name


def test_an_impossible_city_is_refused_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="人数"):
        registers.refuse_impossible(3, tmp_path)
