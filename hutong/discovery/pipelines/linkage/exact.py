"""Rows that agree on the identity number and the name: linked at once, and out of the way of the rest."""

from __future__ import annotations

import duckdb

from hutong.discovery.pipelines.linkage import names, reading
from hutong.policy.linkage import LINKAGE


def link(db: duckdb.DuckDBPyConnection) -> None:
    """Add to table done what agrees between l_read and r_read in number and name (one character's difference allowed).

    A number that many left rows bear, or that two of the right bear under such names, decides nothing here; nor what a
    person refused or has already decided.
    """
    number = "case when regexp_full_match(id_no, '[0-9A-Z]+') then id_no else upper(regexp_replace(id_no, '[^0-9A-Za-z]', '', 'g')) end"
    _left(db, f"select n, name, sex, {number} as k from l_read where length(id_no) >= 15")
    name, sex = (reading.SQL[column].format(f"r.written_{column}") for column in reading.WRITTEN)
    _join(db, "r_read", "id_no", name, sex)
    db.execute("drop table l_key")


def link_index(db: duckdb.DuckDBPyConnection) -> None:
    """The same between l_whole and the person index, on tokens, but for what was tried before."""
    _left(db, f"select n, {names.cleaned('name')} as name, sex, id_whole as k from l_whole"
              " where id_whole is not null and n not in (select l from tried)")  # fmt: skip
    if db.execute("select count(*) from l_key").fetchall()[0][0]:
        # Of an index DuckDB knows no number of rows: left to choose, it hashes all of it.
        db.execute("set disabled_optimizers = 'build_side_probe_side'")
        _join(db, "r_index", "id_whole", "r.name", "r.sex")
        db.execute("reset disabled_optimizers")
    db.execute("drop table l_key")


def _left(db: duckdb.DuckDBPyConnection, rows: str) -> None:
    db.execute(f"create table l_key as {rows}")
    db.execute(f"""delete from l_key where k in
        (select k from l_key group by k having count(*) > {LINKAGE.exact.most_on_left})""")


def _join(db: duckdb.DuckDBPyConnection, right: str, number: str, name: str, sex: str) -> None:
    """`name` and `sex`: of the right row, read only where the number agrees."""
    db.execute(f"""insert into done select l.n, any_value(r.n), {LINKAGE.bands.exact}, 'exact', 'i1n1'
        from {right} r join l_key l on r.{number} = l.k
        where (l.name = {name} or (l.sex = {sex} and levenshtein(l.name, {name}) <= 1))
          and l.n not in (select l from done) and (l.n, r.n) not in (select (l, r) from refused)
        group by l.n having count(*) = 1""")
