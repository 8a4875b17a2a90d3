"""Rows that agree on the identity number and the name: linked at once, and out of the way of the rest."""

from __future__ import annotations

import duckdb

from hutong.discovery.pipelines.linkage import names
from hutong.policy.linkage import LINKAGE


def link(db: duckdb.DuckDBPyConnection) -> None:
    """Add to table done what agrees between l_read and r_read in number and name (one character's difference allowed).

    A number that many left rows bear, or that two of the right bear under such names, decides nothing here; nor what a
    person refused or has already decided.
    """
    number = "upper(regexp_replace(id_no, '[^0-9A-Za-z]', '', 'g'))"
    _left(db, f"select n, name, sex, {number} as k from l_read where length(id_no) >= 15")
    _join(db, "r_read", "id_no")


def link_index(db: duckdb.DuckDBPyConnection) -> None:
    """The same between l_token and the person index, on tokens."""
    _left(db, f"select n, {names.cleaned('name')} as name, sex, id_whole as k from l_token where id_area is not null")
    _join(db, "r_index", "id_whole")


def _left(db: duckdb.DuckDBPyConnection, rows: str) -> None:
    db.execute(f"""create table l_key as select *, count(*) over (partition by k) as often from ({rows})
        qualify often <= {LINKAGE.exact.most_on_left}""")


def _join(db: duckdb.DuckDBPyConnection, right: str, number: str) -> None:
    db.execute(f"""insert into done select l.n, any_value(r.n), {LINKAGE.bands.exact}, 'exact', 'i1n1'
        from l_key l join {right} r on r.{number} = l.k
        where (l.name = r.name or (l.sex = r.sex and levenshtein(l.name, r.name) <= 1))
          and l.n not in (select l from done) and (l.n, r.n) not in (select (l, r) from refused)
        group by l.n having count(*) = 1""")
    db.execute("drop table l_key")
