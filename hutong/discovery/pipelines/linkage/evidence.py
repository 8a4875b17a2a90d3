"""What a pair's agreements and differences weigh: levels in SQL, whole weights from policy, rarity from the registers.

Owns the levels. A letter and a digit name each in `evidence` ("i1 n2 b1 s1 p0 q0 a3": number, name, birth, sex, a parent,
the second parent, address; 0 is unknown, 1 the fullest agreement).
"""

from __future__ import annotations

import duckdb

from hutong.discovery.pipelines.linkage import features
from hutong.policy.linkage import LINKAGE, ByRarity

_W = LINKAGE.weights
_DAYS = "abs(l.birth - r.birth)"
_BORN = "strftime({0}.birth, '%Y%m%d')"


def _near(one: str, other: str) -> str:
    """SQL: a slip apart (two neighbours exchanged are one), in a long word more. The dear distance is asked only of what is close."""
    longest = f"greatest(length({one}), length({other}))"
    slips = f"greatest(1, {longest} // {LINKAGE.slips.one_in})"
    return (
        f"case when {longest} >= 3 and levenshtein({one}, {other}) <= 2 * {slips}"
        f" then damerau_levenshtein({one}, {other}) <= {slips} else false end"
    )


def _long(one: str) -> str:
    return f"length({one}) >= {LINKAGE.slips.long}"


_EXCHANGED = (
    f"(l.name_s = r.par1_s and (l.par1_s = r.name_s or {_near('l.par1_s', 'r.name_s')})"
    f" or l.par1_s = r.name_s and {_near('l.name_s', 'r.par1_s')})"
)
LEVELS = {
    "i": "case when l.id_whole is null or r.id_whole is null then 0 when l.id_whole = r.id_whole then 1"
    " when l.id_valid and r.id_valid then 5 when l.id_area = r.id_area and l.id_tail = r.id_tail then 2"
    " when l.id_tail = r.id_tail then 3 when l.id_area = r.id_area and not l.id_valid and not r.id_valid then 6 else 4 end",
    "n": "case when l.name is null or r.name is null then 0 when l.name = r.name then 1 when l.name_s = r.name_s then 2"
    f" when {_near('l.name_s', 'r.name_s')} then case when {_long('r.name_s')} then 7 else 3 end when {_EXCHANGED} then 6"
    " when left(l.name_s, 1) = left(r.name_s, 1) then 4 else 5 end",
    "b": "case when l.birth is null or r.birth is null then 0 when l.birth = r.birth then 1"
    " when year(l.birth) = year(r.birth) and month(l.birth) = day(r.birth) and day(l.birth) = month(r.birth) then 2"
    f" when levenshtein({_BORN.format('l')}, {_BORN.format('r')}) <= 1 then 3 when {_DAYS} <= 70 then 4 else 5 end",
    "s": "case when l.sex = 0 or r.sex = 0 then 0 when l.sex = r.sex then 1 else 2 end",
    "p": "case when coalesce(l.par1, l.par2) is null or coalesce(r.par1, r.par2) is null then 0"
    " when l.par1 in (r.par1, r.par2) or l.par2 in (r.par1, r.par2) then 1"
    " when l.par1_s in (r.par1_s, r.par2_s) or l.par2_s in (r.par1_s, r.par2_s) then 2"
    f" when {_near('coalesce(l.par1_s, l.par2_s)', 'r.par1_s')} or {_near('coalesce(l.par1_s, l.par2_s)', 'r.par2_s')}"
    f" then case when {_long('coalesce(l.par1_s, l.par2_s)')} then 6 else 3 end"
    " when (r.par1 is null or r.par2 is null) and (l.par1 is null or l.par2 is null) then 5 else 4 end",
    "q": "case when l.par1 is null or l.par2 is null or r.par1 is null or r.par2 is null then 0"
    f" when (l.par1_s = r.par1_s or {_near('l.par1_s', 'r.par1_s')}) and (l.par2_s = r.par2_s or {_near('l.par2_s', 'r.par2_s')}) then 1"
    " when l.par1_s = r.par2_s and l.par2_s = r.par1_s then 1 else 2 end",
    "a": "case when l.division is not null and l.division = r.division then 1"
    " when l.village = r.village and l.town = r.town then 1 when l.village = r.village then 2"
    f" when l.town = r.town or l.division // 1000 = r.division // 1000 then 3 when {_near('l.village', 'r.village')} then 5"
    " when l.village is null and l.division is null or r.village is null and r.division is null then 0 else 4 end",
}


def weigh(db: duckdb.DuckDBPyConnection) -> None:
    """Make table weighed (l, r, score, name_level, evidence) of pairs, each once."""
    levels = ", ".join(f"({sql})::tinyint as {letter}" for letter, sql in LEVELS.items())
    for side in "lr":
        features.completed(db, side)
    counted = ", ".join(f"case when {level} then {column} end as {column}" for column, level in _COUNTED.items())
    db.execute(f"""create table level as select * replace ({counted}) from (
        select p.l, p.r, {levels}, r.name as rn, r.name_s as rs, r.birth as rb,
          coalesce(r.division::varchar, r.village) as rp, coalesce(l.par1, l.par2) as lp
        from pair p join l_seen l on l.n = p.l join r_seen r on r.n = p.r)""")
    db.execute("drop table pair")
    total = db.execute("select greatest(count(*), 1) from r_row").fetchall()[0][0]
    for name, column, of in (("fn", "rn", "name"), ("fs", "rs", "name_s"), ("fb", "rb", "birth"), ("fp", "rp", _PLACE)):
        db.execute(
            f"create table {name} as select {of} as v, count(*) as c from r_row where {of} in (select {column} from level) group by 1"
        )
    db.execute(
        "create table fq as select v, count(*) as c from (select unnest([par1, par2]) as v from r_row) where v in (select lp from level) group by 1"
    )
    db.execute(f"""create table weighed as select l, r, n as name_level, ({_total()}) - round(10 * log2({total} * 100.0 / {LINKAGE.prior_share}))::integer
          - case when d.r is null then 0 when n >= 3 and n <> 6 then {-_W.taken_other_name} else {-_W.taken} end as score,
          concat({", ".join(f"'{letter}', {letter}" for letter in LEVELS)}) as evidence
        from (select level.*, {_rarity("name", "fn", total)} as wn, {_rarity("name_sound", "fs", total)} as ws,
            {_rarity("birth", "fb", total)} as wb, {_rarity("place", "fp", total)} as wp, {_rarity("parent", "fq", total)} as wq
          from level left join fn on fn.v = rn left join fs on fs.v = rs left join fb on fb.v = rb left join fp on fp.v = rp
          left join fq on fq.v = lp)
        left join (select r from done where band <> 'review' union select r from taken) d using (r)""")
    for table in ("l_seen", "r_seen", "level", "fn", "fs", "fb", "fp", "fq"):
        db.execute(f"drop table {table}")


_PLACE = "coalesce(division::varchar, village)"
# Rarity is asked of full agreement only.
_COUNTED = {"rn": "n = 1", "rs": "n = 2", "rb": "b = 1", "rp": "a = 1", "lp": "p = 1"}


def _rarity(name: str, table: str, total: int) -> str:
    rule: ByRarity = getattr(_W, name)
    worth = f"round(10 * log2({total}::double / greatest(coalesce({table}.c, 1), 1)))::integer - {rule.lost}"
    return f"least({rule.most}, greatest({rule.least}, {worth}))"


def _total() -> str:
    """SQL: the sum of the weights of a pair's levels."""
    worth: dict[str, list[int | str]] = {
        "i": [0, _W.id_same, _W.id_area_and_tail, _W.id_tail, _W.id_differs, _W.id_both_valid, _W.id_half],
        "n": [0, "wn", "ws", _W.name_near, _W.name_surname, _W.name_differs, _W.name_exchanged, _W.name_long],
        "b": [0, "wb", _W.birth_swapped, _W.birth_digit, _W.birth_lunar, _W.birth_differs],
        "s": [0, _W.sex_same, _W.sex_differs],
        "p": [0, "wq", _W.parent_sound, _W.parent_near, _W.parent_differs, _W.parent_unsure, _W.parent_long],
        "q": [0, _W.parent_second, 0],
        "a": [0, "wp", _W.place_name, _W.place_town, _W.place_differs, _W.place_near],
    }
    sums = {
        letter: f"case {letter} {' '.join(f'when {level} then {weight}' for level, weight in enumerate(weights))} end"
        for letter, weights in worth.items()
    }
    sums["p"] = (
        f"case when n = 6 then 0 else {sums['p']} end"  # where names were exchanged, the parent's was counted with it
    )
    return " + ".join(sums.values())
