"""What outlives a run: people's decisions, the links of earlier deliveries, the person index."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from hutong.discovery.pipelines.linkage import run
from hutong.kernel.refusals import Refusal
from tests.discovery.registers import person, read, write

OTHERS = [person(serial) for serial in range(60)]
LEFT = [person(serial, **({"id_no": None} if serial % 3 else {})) for serial in range(30)]


@pytest.fixture
def left(tmp_path: Path) -> Path:
    return write(tmp_path / "left.parquet", LEFT)


@pytest.fixture
def right(tmp_path: Path) -> Path:
    return write(tmp_path / "right.parquet", OTHERS)


def decided(tmp_path: Path, *rows: tuple[int, int, str]) -> Path:
    kinds = {"left_id": "bigint", "right_id": "bigint", "verdict": "varchar"}
    return write(tmp_path / "decisions.parquet", [dict(zip(kinds, row, strict=True)) for row in rows], kinds)


def test_a_decision_is_never_overturned(tmp_path: Path, left: Path, right: Path) -> None:
    """Row 3 agrees in everything with 3, row 4 with 4; a person has said otherwise."""
    decisions = decided(tmp_path, (3, 3, "different"), (4, 4, "different"), (6, 50, "same"), (7, 51, "same"))
    run.link(left, right, tmp_path / "out.parquet", run.Kept(decisions=decisions))
    found = read(tmp_path / "out.parquet")
    assert found.get(3, (None,))[0] != 3
    assert found.get(4, (None,))[0] != 4
    assert found[6] == (50, "confirmed")
    assert found[7] == (51, "confirmed")
    assert found[9] == (9, "exact")


def test_decisions_that_contradict_are_refused(tmp_path: Path, left: Path, right: Path) -> None:
    with pytest.raises(Refusal, match="两个不同的人"):
        run.link(
            left, right, tmp_path / "out.parquet", run.Kept(decisions=decided(tmp_path, (3, 3, "same"), (3, 4, "same")))
        )
    with pytest.raises(Refusal, match="不是 same"):
        run.link(left, right, tmp_path / "out.parquet", run.Kept(decisions=decided(tmp_path, (3, 3, "maybe"))))
    with pytest.raises(Refusal, match="缺少列"):
        run.link(left, right, tmp_path / "out.parquet", run.Kept(decisions=right))


def test_todays_delivery_joins_what_was_linked_before(tmp_path: Path, left: Path, right: Path) -> None:
    whole, first, then = (tmp_path / f"{name}.parquet" for name in ("whole", "first", "then"))
    run.link(left, right, whole)
    run.link(write(tmp_path / "a.parquet", LEFT[:20]), right, first)
    run.link(write(tmp_path / "b.parquet", LEFT[20:]), right, then, run.Kept(before=first))
    assert read(then) == read(whole)


def test_an_empty_delivery_ends_no_link(tmp_path: Path, left: Path, right: Path) -> None:
    first, then = tmp_path / "first.parquet", tmp_path / "then.parquet"
    run.link(left, right, first)
    run.link(write(tmp_path / "nothing.parquet", []), right, then, run.Kept(before=first))
    assert read(then) == read(first)


def test_a_row_delivered_again_is_compared_anew(tmp_path: Path, left: Path, right: Path) -> None:
    first, then = tmp_path / "first.parquet", tmp_path / "then.parquet"
    run.link(left, right, first)
    changed = write(tmp_path / "changed.parquet", [person(40, record_id=0)])
    run.link(changed, right, then, run.Kept(before=first))
    assert read(then) == read(first) | {0: (40, "exact")}


def test_the_index_gives_the_same_links_and_holds_no_number(tmp_path: Path, left: Path, right: Path) -> None:
    plain, built, used = (tmp_path / f"{name}.parquet" for name in ("plain", "built", "used"))
    kept = run.Kept(index=tmp_path / "persons.index", key="0f" * 16)
    run.link(left, right, plain)
    assert "index" in run.link(left, right, built, kept).seconds
    assert "index" not in run.link(left, right, used, kept).seconds
    assert read(built) == read(used) == read(plain)
    columns = {row[0] for row in duckdb.sql(f"describe from read_parquet('{kept.index}')").fetchall()}
    assert "id_no" not in columns
    assert OTHERS[5]["id_no"] not in str(duckdb.sql(f"from read_parquet('{kept.index}')").fetchall())


def test_the_index_is_made_anew_when_register_or_key_changed(tmp_path: Path, left: Path, right: Path) -> None:
    kept = run.Kept(index=tmp_path / "persons.index", key="0f" * 16)
    run.link(left, right, tmp_path / "out.parquet", kept)
    write(right, [*OTHERS, person(70)])
    assert "index" in run.link(left, right, tmp_path / "out.parquet", kept).seconds
    assert "index" in run.link(left, right, tmp_path / "out.parquet", run.Kept(index=kept.index, key="1f" * 16)).seconds
