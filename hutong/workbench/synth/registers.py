"""Writing the registers: Parquet files of text, and beside each the truth about who its rows are.

Owns how written codes become text (numbers with their check character, names, addresses). DIR/police.parquet is the
population register; its `record_id` is the person. DIR/truth/NAME.parquet: record_id → person, null when not in it.
"""

from __future__ import annotations

from pathlib import Path

import duckdb
import numpy as np
from numpy.random import Generator

from hutong.kernel.refusals import Refusal
from hutong.places.operations import DATA as PLACES
from hutong.policy.linkage import LINKAGE
from hutong.policy.synth import SYNTH, Register
from hutong.workbench.synth import details, mistakes, states, world
from hutong.workbench.synth.mistakes import Columns
from hutong.workbench.synth.people import Longs, People, as_number, draw

ALL = frozenset({*SYNTH.registers, "directors"})
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_BARE = Register(of="", share=1, id_missing=0, id_mistyped=0, id_other=0)


def check(number: str) -> str:
    """SQL: the check character (MOD 11-2) of an expression of 17 digits as a number."""
    total = "+".join(f"{weight}*({number}//{10 ** (16 - at)}%10)" for at, weight in enumerate(_WEIGHTS))
    return f"substr('10X98765432', (({total})%11)::integer + 1, 1)"


def _full(number: str) -> str:
    return f"({number}::varchar || {check(number)})"


def _name(prefix: str = "", dots: str = "(['·', '•', '.', ''])[{a} % 4 + 1]") -> str:
    """SQL: the name of the characters s, a, b; offices write the dot of names that have one in four ways."""
    s, a, b, mark, dotted = (f"{prefix}{part}" for part in ("s", "a", "b", "mark", "dotted"))
    first = f"case {mark} when {mistakes.UNREAD} then '？' when {mistakes.SPACE} then ' ' || chr({a}) else chr({a}) end"
    last = f"case when {b} > 0 then chr({b}) else '' end"
    dot = dots.format(a=a)
    return f"chr({s}) || {first} || {last} || case when {dotted} then {dot} || chr({a}) || chr({s}) else '' end"


_ID = f"""case id_error when {mistakes.MISSING} then null
  when {mistakes.WRONG_DIGIT} then substr(id, 1, id_at) || ((substr(id, id_at + 1, 1)::integer + id_by) % 10) || substr(id, id_at + 2)
  when {mistakes.SWAPPED} then substr(id, 1, id_at) || substr(id, id_at + 2, 1) || substr(id, id_at + 1, 1) || substr(id, id_at + 3)
  when {mistakes.DROPPED} then substr(id, 1, id_at) || substr(id, id_at + 2)
  when {mistakes.SPACED} then case when right(id, 1) = 'X' then lower(id) when id_at % 2 = 0 then substr(id, 1, 6) || ' ' || substr(id, 7)
    else '''' || id end
  when {mistakes.OLD} then substr(id, 1, 6) || substr(id, 9, 9) else id end"""
_ADDRESS = """case form when 0 then '山东省菏泽市' || county || town || village_name || house || '号'
  when 1 then '菏泽市' || county || town || village_name || house || '号' when 2 then county || town || village_name
  when 3 then town || short || '行政村' when 4 then '菏泽' || county || town_short || short
  when 5 then '山东省菏泽市 ' || county || ' ' || town end"""
_DOT = "'·'"
_BORN = "try_strptime(born::varchar, '%Y%m%d')::date"
_PLACE = """create table place as select (row_number() over (order by v.code) - 1)::integer as village, v.code as division, v.name as village_name,
  regexp_replace(v.name, '(社区|村|居|委|民|员|会)+$', '') as short, t.name as town, regexp_replace(t.name, '(街道|镇|乡)$', '') as town_short,
  c.name as county from {0} v join {0} t on t.code = v.parent_code join {0} c on c.code = t.parent_code where v.level = 5"""


def build(out: Path, *, people: int, seed: int, chosen: frozenset[str] = ALL) -> dict[str, int]:
    """Write the registers `chosen` and the police's to `out`; returns rows of each. The same seed gives the same bytes of data."""
    rng = np.random.default_rng(seed)
    city = draw(rng, people)
    befell = states.draw(rng, city)
    person = (rng.permutation(len(city)) + 100_000_000).astype(np.int64)
    (out / "truth" / "world").mkdir(parents=True, exist_ok=True)
    room: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": "6GB",
        "temp_directory": str(out / ".spill"),
    }
    with duckdb.connect(config=LINKAGE.engine.config() | room) as db:  # a city of millions is drawn whole
        divisions = str(PLACES / "heze_divisions.csv").replace("'", "''")
        db.execute(_PLACE.format(f"read_csv('{divisions}')"))
        absent = _absent(rng, befell["pupil"])
        counts = {"police": _police(db, out, city, person, absent)}
        world.police(db, out, city, person, absent)
        if "directors" in chosen:
            counts["directors"] = world.directors(db, out, np.random.default_rng([seed, *b"directors"]), city)
        for name, register in SYNTH.registers.items():
            own = np.random.default_rng([seed, *name.encode()])  # each register the same, whichever are chosen
            if name in chosen:
                counts[name] = _register(db, out, name, register, own, city, person, absent, befell)
    return counts


def _absent(rng: Generator, pupil: states.Mask) -> states.Mask:
    return pupil & (rng.random(len(pupil)) < SYNTH.people.police_missing)


def _police(db: duckdb.DuckDBPyConnection, out: Path, city: People, person: Longs, absent: states.Mask) -> int:
    """The population register: without errors, but for a parent in twenty it does not know of."""
    rng = np.random.default_rng(len(city))
    columns: Columns = {
        "person": person,
        "absent": absent,
        "household": city.household,
        "role": city.role,
        "spot": np.arange(len(city)),
    }
    columns |= {
        "father": np.where(rng.random(len(city)) < 0.04, -1, city.father),
        "village": city.village,
        "house": city.house,
    }
    columns |= {"mother": np.where(rng.random(len(city)) < 0.05, -1, city.mother), "id17": city.number, "sex": city.sex}
    columns |= {
        "s": city.surname,
        "a": city.first,
        "b": city.second,
        "mark": np.zeros(len(city)),
        "dotted": city.dotted,
        "born": as_number(city.birth),
    }
    db.register("drawn", columns)
    db.execute(f"create table named as select spot, {_full('id17')} as id, {_name(dots=_DOT)} as name from drawn")
    db.execute(f"""copy (select person as record_id, n.id as id_no, n.name, case when sex = 1 then '男' else '女' end as sex, {_BORN} as birth_date,
        '山东省菏泽市' || county || town || village_name || house || '号' as address, division, household as household_id,
        (['户主', '配偶', '子女'])[role::integer + 1] as relation,
        f.id as father_id_no, m.id as mother_id_no, f.name as father_name, m.name as mother_name
        from drawn d join named n using (spot) join place using (village) left join named f on f.spot = d.father left join named m on m.spot = d.mother
        where not absent order by person) to {_quoted(out / "police.parquet")} (compression zstd)""")
    db.unregister("drawn")
    db.execute("drop table named")
    return int((~absent).sum())


def _register(
    db: duckdb.DuckDBPyConnection, out: Path, name: str, register: Register, rng: Generator,
    city: People, person: Longs, absent: states.Mask, befell: dict[str, states.Mask],
) -> int:  # fmt: skip
    of = np.flatnonzero(befell[register.of] & ~(absent & (name != "school"))).astype(np.int32)
    rows = of[rng.random(len(of)) < register.share]
    forgotten = np.setdiff1d(of, rows)
    rows = rng.permutation(np.r_[rows, rng.choice(rows, int(len(rows) * register.doubled), replace=False)]).astype(
        np.int32
    )
    apart = rng.spawn(1)[0]  # so that the rows of registers without such mistakes stay what a seed made them
    if register.most > 1:
        rows = np.repeat(rows, apart.integers(1, register.most + 1, len(rows))).astype(np.int32)
    holds = len(rows)
    rows = np.r_[rows, world.untrue(apart, city, befell[register.of], int(holds * register.stale))].astype(np.int32)
    drawn = mistakes.draw(rng, city, rows, register) | details.draw(rng, name, city, rows, befell)
    db.register(
        "codes", drawn | {"record_id": np.arange(1, len(rows) + 1), "person": person[rows], "absent": absent[rows]}
    )
    guardian = f"case when g_known then {_name('g_')} end" if "g_known" in drawn else "null"
    extra = "".join(f", {sql} as {column}" for column, sql in details.SQL[name].items())
    db.execute(f"""copy (select record_id, {_ID} as id_no, {_name()} as name, case when sex = 1 then '男' else '女' end as sex,
        {_BORN} as birth_date, {_ADDRESS} as address, case when form < 6 then division end as division{extra}
        from (select *, {_full("id17")} as id, {guardian} as g_name from codes) join place using (village) order by record_id)
        to {_quoted(out / f"{name}.parquet")} (compression zstd)""")
    db.execute(f"""copy (select record_id, case when not absent then person end as person from codes order by record_id)
        to {_quoted(out / "truth" / f"{name}.parquet")} (compression zstd)""")
    db.unregister("codes")
    forgotten = forgotten[apart.random(len(forgotten)) < register.omitted].astype(np.int32)
    missed = details.draw(apart, name, city, forgotten, befell)
    true = {key: np.r_[column[:holds], missed[key]] for key, column in drawn.items() if key in missed}
    world.register(db, out, name, true | {"pid": person[np.r_[rows[:holds], forgotten]]})
    return len(rows)


def _quoted(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"


def refuse_impossible(people: int, out: Path) -> None:
    """Say in a sentence what would fail later."""
    if not 100 <= people <= 20_000_000:
        raise Refusal("人数应在一百到两千万之间。没有写入任何文件。")
    if out.exists() and not out.is_dir():
        raise Refusal(f"{out} 不是文件夹。没有写入任何文件。请另选 --out。")
