"""Registers at rest: encrypted whole, opened by their own key alone."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from hutong.kernel import ciphers, number_tokens, parquet

NAME = "李大芳"


@pytest.fixture
def db() -> duckdb.DuckDBPyConnection:
    return duckdb.connect()


def sealed(db: duckdb.DuckDBPyConnection, folder: Path, id: str = "one") -> Path:
    path = folder / parquet.name(id)
    assert parquet.write(db, f"select i as record_id, '{NAME}' as name from range(3) t(i)", path) == 3
    return path


def test_what_was_written_is_read_again_by_duckdb(tmp_path: Path, db: duckdb.DuckDBPyConnection) -> None:
    path = sealed(db, tmp_path)
    for _ in range(2):
        assert db.execute(f"select count(*), max(name) from {parquet.relation(db, path)}").fetchall() == [(3, NAME)]


def test_the_bytes_of_the_file_hold_no_name_and_no_heading(tmp_path: Path, db: duckdb.DuckDBPyConnection) -> None:
    content = sealed(db, tmp_path).read_bytes()
    assert NAME.encode() not in content and b"record_id" not in content
    assert parquet.is_sealed(sealed(db, tmp_path))


def test_only_the_owner_may_read_the_file(tmp_path: Path, db: duckdb.DuckDBPyConnection) -> None:
    assert sealed(db, tmp_path).stat().st_mode & 0o077 == 0


def test_a_file_under_another_name_does_not_open(tmp_path: Path, db: duckdb.DuckDBPyConnection) -> None:
    moved = sealed(db, tmp_path).rename(tmp_path / parquet.name("two"))
    with pytest.raises(duckdb.InvalidInputException):
        db.execute(f"select * from {parquet.relation(db, moved)}")


def test_a_link_to_a_file_opens_as_the_file_does(tmp_path: Path, db: duckdb.DuckDBPyConnection) -> None:
    link = tmp_path / "police.parquet"
    link.symlink_to(sealed(db, tmp_path))
    assert db.execute(f"select count(*) from {parquet.relation(db, link)}").fetchall() == [(3,)]


def test_a_query_that_fails_leaves_no_file(tmp_path: Path, db: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(duckdb.Error):
        parquet.write(db, "select error('broken') as x from range(3)", tmp_path / parquet.name("three"))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "written",
    [
        "37172620170809101X",
        "37172620170809101x",
        " 371726 20170809 101X",
        "'37172620170809101X",
        "３７１７２６２０１７０８０９１０１Ｘ",
    ],
)
def test_a_number_written_in_any_form_has_one_token(db: duckdb.DuckDBPyConnection, written: str) -> None:
    number_tokens.prepare(db)
    repaired = number_tokens.repaired("w")
    query = f"select {number_tokens.whole('n')}, {number_tokens.tail('n')} from (select {repaired} as n from (select ? as w))"
    whole, tail = db.execute(query, [written]).fetchall()[0]
    assert whole == number_tokens.whole_of("37172620170809101X")
    assert tail == number_tokens.whole_of("101X") and len(tail) == number_tokens.HEX


def test_tokens_depend_on_the_index_key_and_outlive_a_new_sealing_key(settings: object) -> None:
    before, keys = number_tokens.whole_of("37172620170809101X"), dict(ciphers._KEYS)
    try:
        ciphers.configure({1: b"a" * 32}, index_secret=b"i" * 32)
        first = number_tokens.whole_of("37172620170809101X")
        ciphers.configure({1: b"a" * 32, 2: b"b" * 32}, index_secret=b"i" * 32)
        assert number_tokens.whole_of("37172620170809101X") == first != before
    finally:
        ciphers._KEYS.clear()
        ciphers._KEYS.update(keys)
