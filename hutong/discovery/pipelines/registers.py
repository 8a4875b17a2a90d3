"""The registers rules may read and their columns (docs/registers.md), and reading them with the person each row is.

Does not own linkage: it asks for it.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from hutong.discovery.pipelines import columns
from hutong.discovery.pipelines.linkage.reading import quoted
from hutong.kernel import parquet
from hutong.kernel.refusals import Refusal

if TYPE_CHECKING:  # linkage brings libraries along that the pages, which only ask for columns, must not carry
    from hutong.discovery.pipelines.linkage import run

_OWN = {
    "police": {"household_id": "bigint", "relation": "text", "father_id_no": "text", "mother_id_no": "text"},
    "school": {"school_division": "bigint", "grade": "int", "term_days": "int", "attended_days": "int"},
    "disability": {"category": "text", "grade": "int", "issued_on": "date"},
    "rehabilitation": {"service": "text", "received_on": "date"},
    "dibao": {"kind": "text", "monthly_amount": "int", "since": "date"},
    "allowance": {"kind": "text", "monthly_amount": "int", "since": "date"},
    "death": {"died_on": "date"},
    "custody": {"began_on": "date", "months": "int"},
    "detox": {"began_on": "date", "months": "int"},
    "missing": {"declared_on": "date"},
    "employment": {"work_area": "bigint", "employer_kind": "text", "insured_from": "date"},
    "marriage": {"registered_on": "date"},
    "birth_defect": {"defect": "text", "found_on": "date", "followed_up": "boolean"},
    "hospital": {"kind": "text", "admitted_on": "date", "days": "int"},
    "barred": {"kind": "text", "since": "date"},
    "moves": {"moved_on": "date"},
    "directors": {"director": "text", "last_active_on": "date"},
    "files": {"kind": "text", "opened_on": "date", "last_visit_on": "date"},
}
_COMMON = {
    "record_id": "bigint",
    "id_no": "text",
    "name": "text",
    "sex": "text",
    "birth_date": "date",
    "division": "bigint",
}
COLUMNS = {name: {**_COMMON, **own} for name, own in _OWN.items()}
NAMES = frozenset(COLUMNS)
_NEEDED = frozenset(
    {"record_id", "id_no", "birth_date", "division", "relation", "father_id_no", "mother_id_no"}
)  # of the police register: without them nobody is anybody's child
OF_VILLAGES = frozenset({"directors"})  # whose rows are villages, not persons: nothing to link
OWN = {name: frozenset(own) for name, own in _OWN.items()}
ZH = {
    "police": "公安户籍登记", "school": "教育学籍名册", "disability": "残联残疾人登记", "rehabilitation": "残联康复服务名册",
    "dibao": "民政低保特困名册", "allowance": "民政补贴发放名册", "death": "死亡登记", "custody": "羁押服刑名单",
    "detox": "强制隔离戒毒名单", "missing": "宣告失踪名单", "employment": "人社就业参保登记", "marriage": "民政婚姻登记",
    "birth_defect": "卫健新生儿缺陷登记", "hospital": "卫健就诊住院名册", "barred": "法院公安禁止照料名单",
    "moves": "公安户籍迁移登记", "directors": "儿童主任名册", "files": "在册儿童档案",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Delivered:
    """A register as it came: how many rows, which of its own columns can be used, what could not be read.

    `unlinked`: rows no person was found for. `state`: stands for the file, the police register and the linkage's settings.
    """

    rows: int
    columns: frozenset[str]
    doubts: tuple[str, ...] = ()
    unlinked: int = 0
    state: str = ""


def load(
    db: duckdb.DuckDBPyConnection,
    folder: Path,
    scratch: Path,
    *,
    kept: Path | None = None,
    key: str = "",
    told: Callable[[str], None] = lambda name: None,
) -> dict[str, Delivered]:
    """Make a table of each register, with `pid` (the person's record_id in police; null: not found).

    The others are as in `shelf`.
    """
    with shelf(db, folder, scratch, kept=kept, key=key, told=told) as registers:
        for name in registers.there:
            registers.table(name)
        return registers.there


@contextmanager
def shelf(
    db: duckdb.DuckDBPyConnection,
    folder: Path,
    scratch: Path,
    *,
    kept: Path | None = None,
    key: str = "",
    told: Callable[[str], None] = lambda name: None,
    known: dict[str, Delivered] | None = None,
) -> Iterator[Shelf]:
    """The registers of a folder, linked, their links held for this run.

    A register that was not delivered becomes an empty table. Refuses a folder without police, and a file that cannot be read.
    `scratch`: where the links are written; `kept`: where they stay for the next run, so that one that was killed goes on;
    `key`: with it the person index stays too, encrypted, and of a register delivered again only changed rows are linked.
    `told` hears the name of each register before it is linked. `known`: what an earlier run knew; of a register in the same
    state nothing is read before its table is asked for.
    """
    from hutong.discovery.pipelines import kept_links
    from hutong.discovery.pipelines.linkage import run

    if not (folder / "police.parquet").is_file():
        raise Refusal(f"{folder} 里没有 police.parquet（户籍登记），没有运行规则。请把各部门名册放进同一个文件夹。")
    if kept and key:
        prepared = run.Kept(index=kept / parquet.name("persons"), key=key, lasting=True)
    else:
        prepared = run.Kept(index=scratch / "police.index", key=secrets.token_hex(16))
    with kept_links.folder(kept or scratch):
        yield Shelf(db, folder, _Links(scratch, kept, prepared), told, known or {})


class Shelf:
    """What is known of each register (`there`), and its table when it is asked for."""

    def __init__(
        self,
        db: duckdb.DuckDBPyConnection,
        folder: Path,
        where: _Links,
        told: Callable[[str], None],
        known: dict[str, Delivered],
    ) -> None:
        self._db, self._folder, self._where, self._made = db, folder, where, set[str]()
        self.there: dict[str, Delivered] = {}
        for name in ["police", *sorted(NAMES - {"police"})]:
            told(name)
            state = self._state(name)
            if name in known and state == known[name].state:
                self.there[name] = known[name]
            else:
                self.there[name] = replace(self._load(name), state=state)

    def table(self, name: str) -> None:
        """Make the register's table, once."""
        if name not in self._made:
            self._load(name)

    def _load(self, name: str) -> Delivered:
        self._made.add(name)
        return _load(self._db, self._folder / f"{name}.parquet", name, self._where)

    def _state(self, name: str) -> str:
        from hutong.discovery.pipelines import kept_links

        file, police = self._folder / f"{name}.parquet", self._folder / "police.parquet"
        return kept_links.of(file, police, self._folder).name if file.is_file() else "none"


@dataclass(frozen=True, slots=True)
class _Links:
    """Where links go, and the police register prepared once: for this run, its key thrown away with it, or to stay."""

    scratch: Path
    kept: Path | None
    prepared: run.Kept


def _load(db: duckdb.DuckDBPyConnection, file: Path, name: str, where: _Links) -> Delivered:
    if not file.is_file():
        empty(db, name)
        return Delivered(0, frozenset())
    with _readable(file):
        laid = columns.lay(db, parquet.relation(db, file), COLUMNS[name], ZH[name])
    if name == "police" and (lacking := sorted(_NEEDED - laid.usable)):
        raise Refusal(
            f"户籍登记（{file.name}）没有列 {'、'.join(lacking)}，或一个值也读不懂，认不出孩子和父母，没有运行规则，"
            "原有线索不变。请核对列名和格式后重新导出。"
        )
    pid, join = "record_id", ""
    if name not in OF_VILLAGES | {"police"} and laid.rows:
        pid, join = "l.right_id", f"left join ({_links(file, where)}) l on l.left_id = d.{columns.ROW}"
    with _readable(file):
        db.execute(f"create table {name} as select d.* exclude ({_apart(name)}), {pid} as pid from delivered d {join}")
    db.execute("drop view delivered")
    unlinked = db.execute(f"select count(*) from {name} where pid is null").fetchall()[0][0]
    return Delivered(laid.rows, laid.usable & OWN[name], laid.doubts, unlinked)


@contextmanager
def _readable(file: Path) -> Iterator[None]:
    """Says in a sentence that the file cannot be read."""
    try:
        yield
    except duckdb.OutOfMemoryException:
        raise
    except duckdb.Error as error:
        raise Refusal(
            f"{file.name} 读不出来，没有运行规则，原有线索不变：{str(error).splitlines()[0]}。请重新导出这份名册。"
        ) from error


def _links(file: Path, where: _Links) -> str:
    """SQL: who each row is. Pairs left for a person to judge are not links: a rule must not rest on them."""
    from hutong.discovery.pipelines import kept_links

    police = file.parent / "police.parquet"
    links = kept_links.of(file, police, where.kept or where.scratch)
    if not kept_links.whole(links):
        kept_links.make(file, police, links, where.prepared, where.scratch)
    return f"select left_id, right_id from {quoted(links)} where band in ('exact', 'linked', 'confirmed')"


def empty(db: duckdb.DuckDBPyConnection, name: str) -> None:
    """The register as a table without rows."""
    apart = _apart(name).split(", ")
    shape = {column: kind for column, kind in {**COLUMNS[name], "pid": "bigint"}.items() if column not in apart}
    db.execute(f"create table {name} ({', '.join(f'{column} {kind}' for column, kind in shape.items())})")


def _apart(name: str) -> str:
    """SQL: what is not for rules. By numbers only the police's own say who whose parent is."""
    return columns.ROW if name == "police" else f"{columns.ROW}, id_no"
