"""Registers whose numbers became tokens at the door say the same as registers with numbers."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb
import pytest

from hutong.discovery.pipelines import registers
from hutong.discovery.pipelines.rules import rules
from hutong.discovery.pipelines.running import discover
from hutong.kernel import number_tokens, parquet
from hutong.workbench.synth import registers as synth

ON = date(2026, 9, 1)


def at_the_door(source: Path, folder: Path) -> None:
    """Every register of a folder as the door would store it, behind links under the registers' names."""
    with duckdb.connect() as db:
        number_tokens.prepare(db)
        for file in source.glob("*.parquet"):
            there = {row[0] for row in db.execute(f"describe from '{file}'").fetchall()}
            parents = [name for name in ("father_id_no", "mother_id_no") if name in there]
            of_persons = file.stem not in registers.OF_VILLAGES
            numbers = ", ".join(
                f"{number_tokens.repaired(name)} as {name}" for name in (["id_no"] if of_persons else []) + parents
            )
            query = f"from '{file}'"
            if numbers:
                tokens = ", ".join(f"{number_tokens.whole(name)} as {name}" for name in ["id_no", *parents])
                query = f"""select * replace ({tokens}), {number_tokens.area("id_no")} as id_area, {number_tokens.tail("id_no")} as id_tail,
                    {number_tokens.valid("id_no")} as id_valid from (select * replace ({numbers}) from '{file}')"""
            stored = folder / parquet.name(file.stem)
            parquet.write(db, query, stored)
            (folder / file.name).symlink_to(stored)


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    plain, sealed = tmp_path_factory.mktemp("plain"), tmp_path_factory.mktemp("sealed")
    synth.build(plain, people=6000, seed=11)
    at_the_door(plain, sealed)
    return plain, sealed


def test_rules_find_the_same_leads_in_tokens_as_in_numbers(folders: tuple[Path, Path], tmp_path: Path) -> None:
    plain, sealed = (discover(folder, tmp_path / f"{folder.name}.parquet", rules(), on=ON) for folder in folders)
    assert sum(plain.rules.values()) > 100
    assert sealed.rules == plain.rules
    assert sealed.unlinked == plain.unlinked


def test_no_number_is_in_what_is_stored(folders: tuple[Path, Path]) -> None:
    plain, sealed = folders
    with duckdb.connect() as db:
        numbers = {
            row[0]
            for row in db.execute(f"select id_no from '{plain / 'police.parquet'}' where id_no is not null").fetchall()
        }
        stored = db.execute(f"from {parquet.relation(db, sealed / 'police.parquet')}").fetchall()
    assert not numbers & {value for row in stored for value in row}
