"""What was settled before this run: people's decisions, which the machine never overturns, and the links of earlier deliveries.

Decisions: left_id, right_id, verdict ("same" or "different"). Earlier links: a file this pipeline wrote. Rows of today's
delivery are compared anew; links of rows that are not in it are carried over as they are, so that a delivery of nothing
ends no link.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from hutong.discovery.pipelines.linkage.reading import quoted
from hutong.kernel.refusals import Refusal
from hutong.policy.linkage import LINKAGE

_VERDICTS = ("same", "different")


def open_(
    db: duckdb.DuckDBPyConnection, decisions: Path | None, before: Path | None, standing: Path | None = None
) -> None:
    """Make tables done (l, r, score, band, evidence), refused (l, r), taken (r), tried (l) and carried, empty where nothing was given.

    `standing`: left rows of which more is known from earlier (run.Kept).
    """
    db.execute("create table done (l bigint, r bigint, score integer, band varchar, evidence varchar)")
    db.execute("create table refused (l bigint, r bigint)")
    db.execute("create table taken (r bigint)")
    db.execute("create table tried (l bigint)")
    db.execute("create table carried (left_id bigint, right_id bigint, score integer, band varchar, evidence varchar)")
    if decisions is not None:
        _file(db, decisions, "决定", ("left_id", "right_id", "verdict"))
        _decisions(db, decisions)
    if before is not None:
        _file(db, before, "上次的结果", ("left_id", "right_id", "score", "band", "evidence"))
        _before(db, before, standing)


def _decisions(db: duckdb.DuckDBPyConnection, path: Path) -> None:
    source = f"read_parquet({quoted(path)})"
    wrong = db.execute(f"select count(*) from {source} where verdict is null or verdict not in {_VERDICTS}").fetchall()[
        0
    ][0]
    if wrong:
        raise Refusal(
            f"“{path.name}”里有 {wrong} 个决定不是 same（同一人）或 different（不是同一人）。没有写入任何结果。"
        )
    db.execute(f"""create table decided as select l.n as l, r.n as r, d.verdict from {source} d
        join l_read l on l.record::varchar = d.left_id::varchar join r_read r on r.record::varchar = d.right_id::varchar""")
    twice = db.execute(
        "select count(*) from (select l from decided where verdict = 'same' group by l having count(distinct r) > 1)"
    )
    if count := twice.fetchall()[0][0]:
        raise Refusal(f"“{path.name}”里有 {count} 行被认定为两个不同的人。没有写入任何结果。请先改正这些决定。")
    db.execute(
        f"insert into done select distinct l, r, {LINKAGE.bands.exact}, 'confirmed', 'person' from decided where verdict = 'same'"
    )
    db.execute("insert into refused select l, r from decided where verdict = 'different'")


def _before(db: duckdb.DuckDBPyConnection, path: Path, standing: Path | None) -> None:
    earlier, ended = f"read_parquet({quoted(path)})", "select record as id from l_read"
    if standing is not None:
        known = f"select left_id as id from read_parquet({quoted(standing)})"
        ended += f" union all {known} where gone"
        db.execute(f"insert into tried select n from l_read where record in ({known} where not gone)")
    db.execute("drop table carried")
    db.execute(f"create view carried as select left_id, right_id, score, band, evidence from {earlier}"
               f" where not {_among(db, 'left_id', earlier, ended)}")  # fmt: skip
    exact = "select right_id as id from carried where band in ('exact', 'confirmed')"
    numbered = db.execute("select getvariable('r_read_numbered')").fetchall()[0][0]
    found = exact if numbered else f"select n from r_read where {_among(db, 'record', 'r_read', exact)}"
    db.execute(f"insert into taken {found}")


def _among(db: duckdb.DuckDBPyConnection, column: str, table: str, ids: str) -> str:
    """SQL: whether a column of a table is among these ids; compared as text where the two files have ids of different types."""
    kinds = {db.execute(f"describe {query}").fetchall()[0][1] for query in (f"select {column} from {table}", ids)}
    if len(kinds) == 1:
        return f"{column} in ({ids})"
    return f"{column}::varchar in (select id::varchar from ({ids}))"


def _file(db: duckdb.DuckDBPyConnection, path: Path, what: str, columns: tuple[str, ...]) -> None:
    try:
        found = {row[0] for row in db.execute(f"describe from read_parquet({quoted(path)})").fetchall()}
    except duckdb.Error as error:
        raise Refusal(f"{what}文件“{path}”不存在或不是完整的 Parquet 文件。没有写入任何结果。") from error
    if missing := [column for column in columns if column not in found]:
        raise Refusal(f"{what}文件“{path.name}”缺少列 {'、'.join(missing)}。没有写入任何结果。")
