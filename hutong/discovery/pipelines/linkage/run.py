"""One run of linkage, from two files to one: the stages in order, timed, within the memory policy allows."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from hutong.discovery.pipelines import alone
from hutong.discovery.pipelines.linkage import (
    blocks,
    deciding,
    evidence,
    exact,
    features,
    index,
    ledger,
    names,
    reading,
)
from hutong.kernel.refusals import Refusal
from hutong.policy.linkage import LINKAGE

_TWICE = "另一次比对正在写同一个结果文件，这一次没有运行。没有写入任何结果。请等它结束后再试。"
_INDEX_IN_USE = "另一次比对正在使用或重建这份人员索引，这一次没有运行。没有写入任何结果。请等它结束后再试。"
Stage = Callable[[duckdb.DuckDBPyConnection], object]


@dataclass(slots=True)
class Outcome:
    """Rows of both registers, links by band, seconds by stage."""

    left: int
    right: int
    bands: dict[str, int] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Kept:
    """Files that outlive a run, each optional: people's decisions, earlier links, the person index and the key of its tokens.

    `standing`: a file of left rows (left_id) of which an earlier run knows more: `gone`, whose links end, and those of today's
    that it tried in vain to link exactly, and would again. `lasting`: the key stays the same from run to run, so that what is made with it can be compared later.
    """

    decisions: Path | None = None
    before: Path | None = None
    standing: Path | None = None
    index: Path | None = None
    key: str = ""
    lasting: bool = False


def link(left: Path, right: Path, out: Path, kept: Kept | None = None) -> Outcome:
    """Link each row of `left` to at most one of `right`; write `out`. Refuses, in a sentence, what cannot be used."""
    _place(out)
    with alone.work(out, _TWICE) as scratch, connect(scratch) as db:
        try:
            return _link(db, left, right, out, kept or Kept(), scratch)
        except duckdb.OutOfMemoryException as error:
            raise Refusal(
                f"内存不够（上限 {LINKAGE.engine.memory_limit}），比对没有完成，没有写入任何结果。请分县比对，或在 linkage.yaml 调高上限。"
            ) from error
        except (duckdb.InvalidInputException, duckdb.DataError) as error:
            raise Refusal(
                f"登记表的内容读不出来，没有写入任何结果：{_first_line(error)}。请重新导出后再试。"
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


def _link(db: duckdb.DuckDBPyConnection, left: Path, right: Path, out: Path, kept: Kept, scratch: Path) -> Outcome:
    outcome = Outcome(reading.read(db, left, "l_read", "左侧"), 0)
    with _right(db, right, kept, outcome):
        ledger.open_(db, kept.decisions, kept.before, kept.standing)
        for name, stage in (_with_index(kept.key) if kept.index is not None else _WITHOUT) + _REST:
            _timed(outcome, name, stage, db)
        outcome.bands = deciding.write(db, out, scratch)
    return outcome


@contextmanager
def _right(db: duckdb.DuckDBPyConnection, right: Path, kept: Kept, outcome: Outcome) -> Iterator[None]:
    """The right register, or its index: made anew if need be, and held so that nobody makes another while it is used."""
    if (at := kept.index) is None:
        outcome.right = reading.read(db, right, "r_read", "右侧")
        yield
        return
    if not index.current(at, right, kept.key):
        with alone.held(at, _INDEX_IN_USE):
            reading.read(db, right, "r_read", "右侧")
            _timed(outcome, "index", lambda db: index.build(db, at, right, kept.key), db)
    with alone.held(at, _INDEX_IN_USE, shared=True):
        outcome.right = index.use(db, at)
        yield


def _timed(outcome: Outcome, name: str, stage: Stage, db: duckdb.DuckDBPyConnection) -> None:
    begun = time.perf_counter()
    stage(db)
    outcome.seconds[name] = round(time.perf_counter() - begun, 3)


_REST_OF_LEFT = "(select * from l_read anti join done on done.l = l_read.n)"


def _tokens(db: duckdb.DuckDBPyConnection) -> None:
    """Tokens of what exact agreement left over, and of the right rows born in those years."""
    features.tokens(db, _REST_OF_LEFT, "l_token", None, ahead=False)
    features.tokens(db, "r_read", "r_token", None, where=years(db, "birth_date"), ahead=False, once=True)


def years(db: duckdb.DuckDBPyConnection, birth: str) -> str:
    """SQL: the births among which the residual is looked for."""
    low, high = db.execute(
        "select quantile_disc(birth, 0.001), quantile_disc(birth, 0.999) from l_token where birth is not null"
    ).fetchall()[0]
    if low is None:
        return "true"
    around = LINKAGE.blocks.years_around * 366
    return f"({birth} is null or {birth} between date '{low}' - {around} and date '{high}' + {around})"


def _rows_of_index(db: duckdb.DuckDBPyConnection, key: str) -> None:
    """What exact agreement left over, and the indexed rows born in those years."""
    features.tokens(db, _REST_OF_LEFT, "l_token", key)
    names.load(db)
    features.compared(db, "l_token", "l_row")
    db.execute(f"create table r_row as select * from r_index where {years(db, 'birth')}")
    db.execute("drop table l_token")


def _features(db: duckdb.DuckDBPyConnection) -> None:
    names.load(db)
    for side in "lr":
        features.compared(db, f"{side}_token", f"{side}_row", ahead=False)
    db.execute("drop view r_token")
    db.execute("drop table l_token")


def _with_index(key: str) -> tuple[tuple[str, Stage], ...]:
    return (
        ("tokens", lambda db: features.whole(db, "l_read", "l_whole", key)),
        ("exact", exact.link_index),
        ("features", lambda db: _rows_of_index(db, key)),
    )


_WITHOUT: tuple[tuple[str, Stage], ...] = (("exact", exact.link), ("tokens", _tokens), ("features", _features))
_REST: tuple[tuple[str, Stage], ...] = (
    ("blocks", blocks.pairs),
    ("evidence", evidence.weigh),
    ("deciding", deciding.decide),
)


def _place(out: Path) -> None:
    if out.is_dir() or not out.parent.is_dir():
        raise Refusal(f"不能写到“{out}”：要写成文件，它所在的文件夹要已经存在。没有写入任何结果。")


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [""])[0]
