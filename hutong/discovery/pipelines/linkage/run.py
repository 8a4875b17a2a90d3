"""One run of linkage, from two files to one: the stages in order, timed, within the memory policy allows."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from hutong.discovery.pipelines.linkage import blocks, deciding, evidence, exact, features, names, reading
from hutong.kernel.refusals import Refusal
from hutong.policy.linkage import LINKAGE


@dataclass(slots=True)
class Outcome:
    """Rows of both registers, links by band, seconds by stage."""

    left: int
    right: int
    bands: dict[str, int] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)


def link(left: Path, right: Path, out: Path) -> Outcome:
    """Link each row of `left` to at most one of `right`; write `out`. Refuses, in a sentence, what cannot be used."""
    _place(out)
    with TemporaryDirectory(prefix=".link-", dir=out.parent) as scratch, connect(Path(scratch)) as db:
        try:
            return _link(db, left, right, out)
        except duckdb.OutOfMemoryException as error:
            raise Refusal(
                f"内存不够（上限 {LINKAGE.engine.memory_limit}），比对没有完成，没有写入任何结果。请分县比对，或在 linkage.yaml 调高上限。"
            ) from error
        except (duckdb.IOException, OSError) as error:
            raise Refusal(
                f"读写文件没有成功，没有写入任何结果：{_first_line(error)}。请检查磁盘空间和文件夹。"
            ) from error


def connect(scratch: Path) -> duckdb.DuckDBPyConnection:
    """A connection in memory with the limits of policy; it spills to `scratch`."""
    db = duckdb.connect(config=LINKAGE.engine.config() | {"temp_directory": str(scratch)})
    db.execute("set preserve_insertion_order = false")
    return db


def _link(db: duckdb.DuckDBPyConnection, left: Path, right: Path, out: Path) -> Outcome:
    outcome = Outcome(reading.read(db, left, "l_read", "左侧"), reading.read(db, right, "r_read", "右侧"))
    stages: tuple[tuple[str, Callable[[duckdb.DuckDBPyConnection], None]], ...] = (
        ("exact", exact.link),
        ("tokens", _tokens),
        ("features", _features),
        ("blocks", blocks.pairs),
        ("evidence", evidence.weigh),
        ("deciding", deciding.decide),
    )
    for name, stage in stages:
        begun = time.perf_counter()
        stage(db)
        outcome.seconds[name] = round(time.perf_counter() - begun, 3)
    outcome.bands = deciding.write(db, out)
    return outcome


def _tokens(db: duckdb.DuckDBPyConnection) -> None:
    """Tokens of what exact agreement left over, and of the right rows born in those years."""
    features.tokens(db, "(select * from l_read anti join done on done.l = l_read.n)", "l_token", None)
    low, high = db.execute(
        "select quantile_disc(birth, 0.001), quantile_disc(birth, 0.999) from l_token where birth is not null"
    ).fetchall()[0]
    around = LINKAGE.blocks.years_around * 366
    where = (
        "true"
        if low is None
        else f"birth_date is null or birth_date between date '{low}' - {around} and date '{high}' + {around}"
    )
    features.tokens(db, "r_read", "r_token", None, where=where)


def _features(db: duckdb.DuckDBPyConnection) -> None:
    names.load(db)
    for side in "lr":
        features.compared(db, f"{side}_token", f"{side}_row")
        db.execute(f"drop table {side}_token")


def _place(out: Path) -> None:
    if out.is_dir() or not out.parent.is_dir():
        raise Refusal(f"不能写到“{out}”：要写成文件，它所在的文件夹要已经存在。没有写入任何结果。")


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [""])[0]
