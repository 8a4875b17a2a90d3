"""Rows that agree on the identity number and the name: linked at once, and out of the way of the rest."""

from __future__ import annotations

import duckdb

from hutong.policy.linkage import LINKAGE


def link(db: duckdb.DuckDBPyConnection) -> None:
    """Make table done (l, r) from l_read and r_read, and names of at most one character's difference.

    A number that many left rows bear, or that two of the right bear under such names, decides nothing here.
    """
    db.execute(f"""create table l_key as select n, name, sex, id_no as k, count(*) over (partition by id_no) as often from
        (select n, name, sex, upper(regexp_replace(id_no, '[^0-9A-Za-z]', '', 'g')) as id_no from l_read where length(id_no) >= 15)
        qualify often <= {LINKAGE.exact.most_on_left}""")
    db.execute("""create table done as select l.n as l, any_value(r.n) as r from l_key l join r_read r on r.id_no = l.k
        where l.name = r.name or (l.sex = r.sex and levenshtein(l.name, r.name) <= 1)
        group by l.n having count(*) = 1""")
    db.execute("drop table l_key")
