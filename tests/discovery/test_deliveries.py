"""A register delivered again: only what changed is linked, what stayed keeps its link, what went loses it."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from hutong.discovery.pipelines import deliveries, kept_links, running
from hutong.discovery.pipelines.linkage import run
from hutong.discovery.pipelines.rules import rules
from tests.discovery.family import ON, lay
from tests.discovery.registers import person, read, write

KEY = "0f" * 16
OTHERS = [person(serial) for serial in range(80)]
FIRST = [person(serial, **({"id_no": None} if serial % 3 else {})) for serial in range(40)]
THEN = [*FIRST[1:30], person(41, record_id=30), *FIRST[31:], person(50)]  # 0 went, 30 became somebody else, 50 came


def link(folder: Path, rows: list[dict], *, lasting: bool = True) -> Path:
    school, police = write(folder / "school.parquet", rows), folder / "police.parquet"
    kept = folder / ".links"
    kept.mkdir(exist_ok=True)
    links = kept_links.of(school, police, kept)
    prepared = run.Kept(index=folder / "persons.k1.parquet", key=KEY, lasting=lasting)
    kept_links.make(school, police, links, prepared, folder)
    return links


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path / "police.parquet", OTHERS)
    return tmp_path


def test_the_links_of_a_changed_register_are_those_of_linking_it_whole(folder: Path) -> None:
    whole = read(link(folder, THEN, lasting=False))
    first = link(folder, FIRST)
    then = link(folder, THEN)
    assert read(then) == whole and not first.exists()
    assert read(then)[30][0] == 41 and 0 not in read(then)


def test_only_new_and_changed_rows_are_linked(folder: Path) -> None:
    first = link(folder, FIRST)
    school = write(folder / "school.parquet", THEN)
    left = deliveries.changed(school, last_of(first), folder / "new.k1.parquet", folder)
    assert left and {row[0] for row in duckdb.sql(f"select record_id from '{left.rows}'").fetchall()} == {30, 50}


def test_a_row_that_still_agrees_in_number_and_name_keeps_its_link_whatever_else_changed(folder: Path) -> None:
    first = link(folder, FIRST)
    moved = [row | {"address": "山东省菏泽市鄄城县合成镇别村"} for row in FIRST]
    school = write(folder / "school.parquet", moved)
    left = deliveries.changed(school, last_of(first), folder / "new.k1.parquet", folder)
    exact = {row for row, (_, band) in read(first).items() if band == "exact"}
    compared = {row[0] for row in duckdb.sql(f"select record_id from '{left.rows}'").fetchall()} if left else set()
    assert exact and compared == {row["record_id"] for row in FIRST} - exact
    assert read(link(folder, moved)) == read(link(folder, moved, lasting=False))


def test_what_is_remembered_of_rows_is_encrypted(folder: Path) -> None:
    marks = last_of(link(folder, FIRST)).marks
    assert marks.read_bytes()[:4] == b"PARE"


def test_rows_named_in_another_type_are_linked_whole(folder: Path) -> None:
    first = link(folder, FIRST)
    school = folder / "school.parquet"
    named = [row | {"record_id": f"r{row['record_id']}"} for row in FIRST]
    write(school, named, {**dict.fromkeys(FIRST[0], "varchar"), "division": "bigint"})
    assert deliveries.changed(school, last_of(first), folder / "new.k1.parquet", folder) is None


def last_of(links: Path) -> deliveries.Last:
    stem, settled, state, _ = links.name.split(".")
    return deliveries.Last(links, links.parent / f"rows-{stem}-{settled}-{state}.k1.parquet")


def test_another_police_register_links_everything_anew(folder: Path) -> None:
    link(folder, FIRST)
    write(folder / "police.parquet", OTHERS[:20])
    assert len(read(link(folder, FIRST))) == 20


def test_the_person_index_that_stays_is_encrypted_and_finds_the_same(tmp_path: Path) -> None:
    folder = lay(tmp_path)
    running.discover(folder, folder / "plain.parquet", rules(), on=ON)
    for links in (folder / ".links").glob("*.parquet"):
        links.unlink()
    for _ in range(2):  # made, then used
        running.discover(folder, folder / "leads.parquet", rules(), on=ON, key=KEY)
    (index,) = (folder / ".links").glob("persons.k*.parquet")
    assert index.read_bytes()[:4] == b"PARE" and "张小合".encode() not in index.read_bytes()
    assert read_all(folder / "leads.parquet") == read_all(folder / "plain.parquet") != []


def read_all(file: Path) -> list[tuple]:
    return duckdb.sql(f"from '{file}' order by lead").fetchall()
