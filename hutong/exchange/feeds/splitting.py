"""One file of a whole city → a part for each county, by the row's division code alone; what belongs to no county is set aside.

A part is a Parquet file of the rows as they came, with the numbers the sender sees and the heading first (raw.piece reads it).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from hutong.exchange.feeds import checking, door, raw
from hutong.exchange.feeds.checking import Bad, Reason
from hutong.exchange.feeds.headings import Found, Unfit, counting, match
from hutong.exchange.feeds.values import quoted
from hutong.kernel.sentences import Sentence
from hutong.policy.feeds import LIMITS, Feed

_TELLS = {"division", "id_no", "birth_date"}  # where a row belongs, and that it is one and not a total or a signature
_COUNTY = 10**6


@dataclass(frozen=True)
class Split:
    """What became of a city's file. rows = all counties' + unplaced + not_data. `counties`: code → rows; `bad`: the first unplaced."""

    rows: int
    counties: dict[int, int]
    unplaced: int
    not_data: int
    headings: tuple[str, ...]
    bad: tuple[Bad, ...]


def split(
    path: Path,
    name: str,
    feed: Feed,
    *,
    counties: Mapping[int, str],
    city: str,
    today: date,
    out: Callable[[int], Path],
) -> Split:
    """Write the part of every one of `counties` (code → name), also an empty one, to `out(code)`. Raises Refusal; parts may be there then."""
    with door.scratch(path.with_name(f"{path.name}.split")) as db:
        came = raw.load(db, path, name, counting(feed))
        found = match(feed, came.headings)
        if "division" not in found.columns:
            raise Unfit(
                "这份全市数据没有“%(title)s”一列，分不出哪一行是哪个县（区）的，没有收下，此前收到的数据不变。请加上这一列再报，或者分县（区）报送。",
                values={"title": Sentence(feed.field("division").title)}, code="no_division",
            )  # fmt: skip
        told = Found({field: place for field, place in found.columns.items() if field in _TELLS}, ())
        checking.check(db, came, told, _placing(feed, counties, city), today)
        _place(db, counties)
        for code in counties:
            _write(db, came.heading, code, out(code))
        return _counted(db, came, counties, found, feed)


def _placing(feed: Feed, counties: Mapping[int, str], city: str) -> Feed:
    """The contract with what tells a row's county alone: a code of six digits will do, and so will a county's name."""
    words = {f"{before}{name}": code for code, name in counties.items() for before in ("", city)}
    place = feed.field("division").model_copy(update={"pad": True, "words": words})
    fields = tuple(place if field.name == "division" else field for field in feed.fields if field.name in _TELLS)
    return feed.model_copy(update={"fields": fields, "identified_by": (("id_no",), ("birth_date",))})


def _place(db: duckdb.DuckDBPyConnection, counties: Mapping[int, str]) -> None:
    """Table `placed`: n, county (0: none), the division read and its problem; rows that are no data are left out."""
    known = ", ".join(map(str, counties)) or "0"
    county = f"division // {_COUNTY} * {_COUNTY}"
    db.execute(f"""create or replace table placed as select n, division, no_division,
          case when {county} in ({known}) then {county} else 0 end as county
        from checked where not (state = 0 and division is null)""")


def _write(db: duckdb.DuckDBPyConnection, heading: int, code: int, out: Path) -> None:
    out.unlink(missing_ok=True)
    out.touch(mode=0o600)
    db.execute(f"""copy (select r.* from raw r left join placed p on p.n = r.n and p.county = {code}
        where r.n = {heading} or p.n is not null order by r.n) to {quoted(str(out))} (format parquet)""")


def _counted(
    db: duckdb.DuckDBPyConnection, came: raw.Raw, counties: Mapping[int, str], found: Found, feed: Feed
) -> Split:
    rows = db.execute("select count(*) from checked").fetchall()[0][0]
    by_county = dict(db.execute("select county, count(*) from placed group by county").fetchall())
    data = sum(by_county.values())
    return Split(
        rows=rows,
        counties={code: by_county.get(code, 0) for code in counties},
        unplaced=by_county.get(0, 0),
        not_data=rows - data,
        headings=came.headings,
        bad=_unplaced(db, found, feed),
    )


def _unplaced(db: duckdb.DuckDBPyConnection, found: Found, feed: Feed) -> tuple[Bad, ...]:
    title, taken = Sentence(feed.field("division").title), set(found.columns.values())
    rows = db.execute(f"""select p.n, p.division, p.no_division, r.* exclude (n) from placed p join raw r using (n)
        where p.county = 0 order by p.n limit {LIMITS.bad_kept}""").fetchall()
    return tuple(
        Bad(row[0], (_reason(title, row[1], row[2]),), tuple((c or "") if i in taken else "" for i, c in enumerate(row[3:])))
        for row in rows
    )  # fmt: skip


def _reason(title: Sentence, division: int | None, problem: str | None) -> Reason:
    if division is not None:
        return Reason(
            "division",
            "elsewhere",
            Sentence("%(field)s不是本市任何一个县（区）的，请写明这一行是哪个县（区）的", field=title),
        )
    if problem:
        return Reason("division", problem, Sentence("%(field)s看不懂，请写明这一行是哪个县（区）的", field=title))
    return Reason("division", "missing", Sentence("没有%(field)s，请写明这一行是哪个县（区）的", field=title))
