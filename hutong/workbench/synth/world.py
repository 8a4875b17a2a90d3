"""The world behind the registers: DIR/truth/world/NAME.parquet holds what each register would say if no office made a mistake.

Rows bear `pid` (the person's record_id in the police register) and the register's own columns; rows the office forgot are in,
rows no longer true are out, everybody's parents are known. Rules run over it give the truth that leads are judged by.
"""

from __future__ import annotations

from pathlib import Path

import duckdb
import numpy as np
from numpy.random import Generator

from hutong.policy.synth import SYNTH
from hutong.workbench.synth import details
from hutong.workbench.synth.mistakes import Columns
from hutong.workbench.synth.people import CHILD, TODAY, Ints, Longs, People
from hutong.workbench.synth.states import Mask


def untrue(rng: Generator, people: People, state: Mask, count: int) -> Ints:
    """Adults of whom a register says what no longer holds."""
    return rng.choice(np.flatnonzero(~state & (people.role != CHILD)), count, replace=False).astype(np.int32)


def register(db: duckdb.DuckDBPyConnection, out: Path, name: str, columns: Columns) -> None:
    """A register's true rows."""
    own = {column: sql for column, sql in details.SQL[name].items() if column != "guardian_name"}
    db.register("true_rows", columns)
    said = "".join(f", {sql} as {column}" for column, sql in own.items())
    db.execute(f"copy (select pid{said} from true_rows) to {_quoted(out, name)} (compression zstd)")
    db.unregister("true_rows")


def police(db: duckdb.DuckDBPyConnection, out: Path, people: People, person: Longs, absent: Mask) -> None:
    """Everybody the police have, with all parents; a person's number here is the person's id. Whom they lack no rule can find."""
    parents = {
        side: np.where(at >= 0, person[np.maximum(at, 0)], -1) for side, at in (("father", people.father), ("mother", people.mother))
    }  # fmt: skip
    db.register(
        "true_rows",
        {"pid": person, "household_id": people.household, "role": people.role, "born": people.birth, "sex": people.sex,
         "village": people.village, "absent": absent, **parents},
    )  # fmt: skip
    db.execute(f"""copy (select pid, pid::varchar as id_no, case when sex = 1 then '男' else '女' end as sex,
        date '1970-01-01' + born::integer as birth_date, division, household_id, (['户主', '配偶', '子女'])[role::integer + 1] as relation,
        case when father >= 0 then father::varchar end as father_id_no, case when mother >= 0 then mother::varchar end as mother_id_no
        from true_rows join place using (village) where not absent) to {_quoted(out, "police")} (compression zstd)""")
    db.unregister("true_rows")


def directors(db: duckdb.DuckDBPyConnection, out: Path, rng: Generator, people: People) -> int:
    """The list of child directors, one row a village; and the same without its omissions."""
    count, shares = len(people.divisions), SYNTH.villages
    silent = rng.random(count) < shares["silent"]
    since = np.where(silent, rng.integers(70, 300, count), rng.integers(0, 30, count))
    found = {
        "record_id": np.arange(1, count + 1), "division": people.divisions, "vacant": rng.random(count) < shares["vacant"],
        "unlisted": rng.random(count) < shares["unlisted"], "since": int(TODAY.astype(int)) - since,
    }  # fmt: skip
    db.register("true_rows", found)
    rows = """select record_id, division, case when not vacant then 'd' || record_id end as director,
        case when not vacant then date '1970-01-01' + since::integer end as last_active_on from true_rows"""
    db.execute(f"copy (select null::bigint as pid, * from ({rows})) to {_quoted(out, 'directors')} (compression zstd)")
    delivered = _quoted(out, "../../directors")
    db.execute(f"copy ({rows} where not unlisted) to {delivered} (compression zstd)")
    db.unregister("true_rows")
    return int((~found["unlisted"]).sum())


def _quoted(out: Path, name: str) -> str:
    return "'" + str(out / "truth" / "world" / f"{name}.parquet").replace("'", "''") + "'"
