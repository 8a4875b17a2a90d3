"""Who is worth comparing: pairs that share one of a few keys, each of two or three things that agree.

A key that too many share says nothing and is left out, so that a register where everyone is born on 1 January stays in memory.
"""

from __future__ import annotations

import duckdb

from hutong.policy.linkage import LINKAGE

_BOTH = {
    1: ("birth", "name_s"),
    2: ("name_s", "village"),
    3: ("name_s", "division"),
    4: ("birth", "village", "sex"),
    5: ("birth", "division", "sex"),
    6: ("birth", "id_tail"),
    7: ("id_area", "id_tail", "sex"),
    8: ("id_whole",),
    9: ("id_tail", "name_s"),
}
_PARENT = {20: ("name_s", "{0}"), 21: ("birth", "{0}")}


def pairs(db: duckdb.DuckDBPyConnection) -> None:
    """Make table pair (l, r), each once, from l_row and r_row."""
    for side, wanted in (("l", "k is not null"), ("r", "k in (select k from l_key)")):
        each = " union all ".join(f"select n, {key} as k from {side}_row" for key in _keys())
        db.execute(f"create table {side}_key as select n, k from ({each}) where {wanted}")
    rules = LINKAGE.blocks
    db.execute(f"""create table telling as select k from (select k, count(*) as c from l_key group by k) l
        join (select k, count(distinct n) as c from r_key group by k) r using (k)
        where r.c <= {rules.most_on_right} and l.c * r.c <= {rules.most_pairs}""")
    db.execute("""create table pair as select distinct l.n as l, r.n as r
        from l_key l semi join telling using (k) join r_key r on r.k = l.k where (l.n, r.n) not in (select (l, r) from refused)""")
    for table in ("l_key", "r_key", "telling"):
        db.execute(f"drop table {table}")


def _keys() -> list[str]:
    keys = dict(_BOTH)
    keys |= {
        number: tuple(part.format(f"{parent}_s") for part in parts)
        for number, parts in _PARENT.items()
        for parent in ("par1",)
    }
    found = [_key(number, parts) for number, parts in keys.items()]
    found += [_key(number, tuple(part.format("par2_s") for part in parts)) for number, parts in _PARENT.items()]
    found.append(
        _key(22, ("least(name_s, par1_s)", "greatest(name_s, par1_s)"))
    )  # one may stand where the other belongs
    found.append(_key(23, ("par1_s", "par2_s")))
    return found


def _key(number: int, parts: tuple[str, ...]) -> str:
    known = " and ".join(f"{part} is not null" for part in parts)
    return f"case when {known} then hash({number}, {', '.join(parts)}) end"
