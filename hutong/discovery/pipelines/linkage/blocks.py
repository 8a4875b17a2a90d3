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
    5: ("birth", "division", "sex"),
    6: ("birth", "id_tail"),
    7: ("id_area", "id_tail", "surname"),
    8: ("id_whole",),
    9: ("id_tail", "name_s"),
    10: ("id_area", "id_tail", "year"),
}
# Many villages of a city bear one name: asked where a row does not say which.
_WHERE_UNSAID = ("birth", "village", "sex")
_UNSAID = {"l": {4: "division is null", 40: "true"}, "r": {4: "true", 40: "division is null"}}
_PARENT = {20: "name_s", 21: "birth"}  # with either parent
_PARENTS = {
    22: ("least(name_s, par1_s)", "greatest(name_s, par1_s)"),  # one may stand where the other belongs
    23: ("par1_s", "par2_s"),
}
_WORDS = {name: name for name in ("name_s", "village", "par1_s", "par2_s")} | {"surname": "left(name_s, 1)"}
# Each word is made a number once, not in each of its keys.
_PARTS = "n, birth, year(birth) as year, sex, division, id_area, id_tail, id_whole, " + ", ".join(
    f"case when {word} is not null then hash({word}) end as {name}" for name, word in _WORDS.items()
)
_TELLING = {1, 3, 5, 8, 20, 21}


def pairs(db: duckdb.DuckDBPyConnection) -> None:
    """Make table pair (l, r), each once, from l_row and r_row."""
    db.execute(f"create table l_part as select {_PARTS} from l_row")
    db.execute(
        f"create table r_part as select {_PARTS}, n not in (select r from done union all select r from taken) as free from r_row"
    )
    for side, wanted in (("l", "k is not null"), ("r", "k in (select k from l_key)")):
        each = " union all ".join(f"select n, {key} as k from {side}_part" for key in _keys(side))
        db.execute(f"create table {side}_key as select n, k from ({each}) where {wanted}")
    for table in ("l_part", "r_part"):
        db.execute(f"drop table {table}")
    rules = LINKAGE.blocks
    db.execute(f"""create table telling as select k from (select k, count(*) as c from l_key group by k) l
        join (select k, count(*) as c from r_key group by k) r using (k)
        where r.c <= {rules.most_on_right} and l.c * r.c <= {rules.most_pairs}""")
    db.execute("""create table pair as select distinct l.n as l, r.n as r
        from l_key l semi join telling using (k) join r_key r on r.k = l.k where (l.n, r.n) not in (select (l, r) from refused)""")
    for table in ("l_key", "r_key", "telling"):
        db.execute(f"drop table {table}")


def _keys(side: str) -> list[str]:
    """Each key as SQL: of persons who have their row already (not `free`), what tells most."""
    parents = ("par1_s", "par2_s")
    keys = [
        *_BOTH.items(),
        *((number, (one, parent)) for number, one in _PARENT.items() for parent in parents),
        *_PARENTS.items(),
    ]
    found = [_key(number, parts, side) for number, parts in keys]
    return found + [_key(number, _WHERE_UNSAID, side, where) for number, where in _UNSAID[side].items()]


def _key(number: int, parts: tuple[str, ...], side: str, where: str = "true") -> str:
    known = " and ".join([where, *(f"{part} is not null" for part in parts)])
    if side == "r" and number not in _TELLING:
        known += " and free"
    return f"case when {known} then hash({number}, {', '.join(parts)}) end"
