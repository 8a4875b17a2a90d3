"""The best of each left row, the band it falls in, and the file of links."""

from __future__ import annotations

from pathlib import Path

import duckdb

from hutong.discovery.pipelines import alone
from hutong.discovery.pipelines.linkage.reading import quoted
from hutong.policy.linkage import LINKAGE

_B = LINKAGE.bands


def decide(db: duckdb.DuckDBPyConnection) -> None:
    """Make table link (l, r, score, band, evidence), at most one a left row; equals are ordered by the right row's number."""
    db.execute(f"""create table best as select l, r, score, evidence, score - coalesce(second, {-(10**6)}) as gap from
        (select l, r, score, evidence, row_number() over (partition by l order by score desc, r) as place,
          lead(score) over (partition by l order by score desc, r) as second from weighed where score >= {_B.review - 200})
        where place = 1 and score >= {_B.review}""")
    db.execute(f"""create table link as select * from done union all select l, r, least(score, {_B.exact - 1})::integer,
          case when score < {_B.linked} or gap < {_B.gap} then 'review' else 'linked' end, evidence from best""")


def write(db: duckdb.DuckDBPyConnection, out: Path, scratch: Path) -> dict[str, int]:
    """Write links with the registers' own row ids, ordered, the file whole or not at all; how many of each band."""
    part = scratch / "links"
    db.execute(f"""copy ({_links(db)}) to {quoted(part)} (format parquet, compression zstd)""")
    alone.publish(part, out)
    return dict(
        db.execute(
            "select band, count(*) from (select band from link union all select band from carried) group by 1 order by 1"
        ).fetchall()
    )


def _links(db: duckdb.DuckDBPyConnection) -> str:
    """SQL: links with the registers' own ids, and those carried over."""
    sides = {side: _record(db, side) for side in "lr"}
    own = f"""select {", ".join(f"{record} as {name}" for name, (record, _) in zip(("left_id", "right_id"), sides.values(), strict=True))},
        score, band, evidence from link {" ".join(join for _, join in sides.values())}"""
    if db.execute("select count(*) from carried").fetchall()[0][0] == 0:
        return f"{own} order by link.l"
    return f"select * from ({own} union all select left_id, right_id, score, band, evidence from carried) order by left_id, right_id"


def _record(db: duckdb.DuckDBPyConnection, side: str) -> tuple[str, str]:
    """SQL: a side's own id of a link, and the join that brings it; none where rows are numbered by it."""
    numbered = db.execute(f"select getvariable('{side}_read_numbered')").fetchall()[0][0]
    return (
        (f"link.{side}", "")
        if numbered
        else (f"{side}{side}.record", f"join {side}_read {side}{side} on {side}{side}.n = link.{side}")
    )
