"""A register file in any state, as a table of text: which columns it has, and a sentence where it cannot be used.

Owns headings, dates and sexes as offices write them. A table read has: n (bigint, orders and names the row), record (as the
file had it), id_no, name, sex (0, 1, 2), birth (date), address, division, parent_one, parent_two; what is missing is null.
written_name and written_sex are the file's own; the variable TABLE_numbered says whether n is the record itself.
mark and sure_mark are hashes of all that is compared, and of what exact agreement asks, as the file has them.
door_area, door_tail (tokens) and door_valid are known where the number became tokens at the door; id_no is then one too.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from hutong.kernel import parquet
from hutong.kernel.refusals import Refusal
from hutong.policy.linkage import LINKAGE

_DATES = "['%Y%m%d', '%Y-%m-%d', '%Y/%m/%d', '%Y.%m.%d', '%Y年%m月%d日', '%Y-%m-%d %H:%M:%S']"
_SPARSE = 8  # row numbers that lie no further apart than this are told apart by a bit each, a fifth of the work
_WHOLE_NUMBERS = {"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER"}
# Texts without the null for an empty one, for a select around that makes it: nullif works out twice what it is given.
_TEXTS = dict.fromkeys(("id_no", "name", "address", "parent_one", "parent_two"), "trim({0}::varchar)")
_TEXTS["id_no"] = "case when strlen({0}::varchar) = 18 then {0}::varchar else trim({0}::varchar) end"
SQL = {column: f"nullif({text}, '')" for column, text in _TEXTS.items()} | {
    "sex": "case {0}::varchar when '男' then 1 when '女' then 2 else case lower(trim({0}::varchar))"
    " when '男' then 1 when '1' then 1 when 'm' then 1 when 'male' then 1 when '男性' then 1"
    " when '女' then 2 when '2' then 2 when 'f' then 2 when 'female' then 2 when '女性' then 2 else 0 end end",
    "birth_date": "try_strptime(trim({0}::varchar), " + _DATES + ")::date",
    "division": "case when length({0}::varchar) = 12 then try_cast({0} as bigint) end",
}
WRITTEN = ("name", "sex")  # also as the file has them, for who reads only a few rows' of them
_NOTHING = {"sex": "0", "birth_date": "null::date", "division": "null::bigint"}


def read(db: duckdb.DuckDBPyConnection, path: Path, table: str, side: str) -> int:
    """Make view `table` of the register; returns its rows. `side` names it in sentences."""
    source, found = _opened(db, path, side)
    record = first_of(found, LINKAGE.columns.record) or "file_row_number"
    picked = {column: heading(found, column) for column in SQL}
    if not picked["name"] and not picked["id_no"]:
        raise Refusal(
            f"{side}登记表“{path.name}”里没有可以比对的列：需要 name（姓名）或 id_no（身份证号），现有的列是"
            f" {_list(list(found))}。没有写入任何结果。请改列名后再试。"
        )
    number = (
        record if found.get(record, "BIGINT") in _WHOLE_NUMBERS else "row_number() over (order by record::varchar) - 1"
    )
    texts = [column for column in _TEXTS if picked[column]]
    columns = ", ".join(
        f"{_column(column, picked[column], found, within=column in texts)} as {column}" for column in SQL
    )
    given = ", ".join(f"nullif({column}, '') as {column}" for column in texts)
    written = ", ".join(f"{_quoted(picked[column])}::varchar as written_{column}" for column in WRITTEN)
    db.execute(f"set variable {table}_numbered = {number == record}")
    db.execute(
        f"create view {table} as select {'record' if number == record else number}::bigint as n, * replace ({given}) from"
        f' (select "{record}" as record, {columns}, {written}, {_door(found)}, {_marks(picked, found)} from {source})'
    )
    return _checked(db, path, table, side, record)


def _quoted(heading: str | None) -> str:
    return "null" if heading is None else f'"{heading}"'


def quoted(path: Path | str) -> str:
    """A path as an SQL string."""
    return "'" + str(path).replace("'", "''") + "'"


_SURE = ("id_no", "name", "sex")
_AT_THE_DOOR = {"id_area": "varchar", "id_tail": "varchar", "id_valid": "boolean"}


def _door(found: dict[str, str]) -> str:
    """The tokens made at the door; null for a register that has numbers."""
    here = found.keys() >= _AT_THE_DOOR.keys()
    return ", ".join(
        f"{column if here else 'null'}::{kind} as door_{column.removeprefix('id_')}"
        for column, kind in _AT_THE_DOOR.items()
    )


def _marks(picked: dict[str, str | None], found: dict[str, str]) -> str:
    """Hashes by which a row of the next delivery is known for the same."""
    door = [column for column in _AT_THE_DOOR if column in found]
    of = {"mark": [*picked.values(), *door], "sure_mark": [*(picked[column] for column in _SURE), *door]}
    return ", ".join(
        f"hash({', '.join(_quoted(heading) for heading in there if heading)}) as {name}" for name, there in of.items()
    )


def _opened(db: duckdb.DuckDBPyConnection, path: Path, side: str) -> tuple[str, dict[str, str]]:
    """What to select from, and its columns with their types."""
    if not path.is_file():
        raise Refusal(f"找不到{side}登记表“{path}”。没有写入任何结果。请检查文件名。")
    if path.stat().st_size == 0:
        raise Refusal(f"{side}登记表“{path.name}”是空文件（0 字节）。没有写入任何结果。请重新导出后再试。")
    try:
        source = parquet.relation(db, path)
        found = {name: kind for name, kind, *_ in db.execute(f"describe from {source}").fetchall()}
    except duckdb.Error as error:
        raise _unreadable(path, side) from error
    return source, {name: kind for name, kind in found.items() if name != "file_row_number"}


def _checked(db: duckdb.DuckDBPyConnection, path: Path, table: str, side: str, record: str) -> int:
    try:
        rows, given, low, high = db.execute(f"select count(*), count(n), min(n), max(n) from {table}").fetchall()[0]
        each = (
            f"bit_count(bitstring_agg(n, {low}, {high}))"
            if given and high - low < _SPARSE * given
            else "count(distinct n)"
        )
        different = db.execute(f"select {each} from {table}").fetchall()[0][0]
    except duckdb.OutOfMemoryException:
        raise
    except duckdb.Error as error:
        raise _unreadable(path, side) from error
    if given < rows or different < rows:
        raise Refusal(
            f"{side}登记表“{path.name}”的行号列 {record} 有 {rows - different} 处空缺或重复，结果会说不清是哪一行。"
            "没有写入任何结果。请去掉这一列（将按行的次序编号）或改正后再试。"
        )
    return int(rows)


def _unreadable(path: Path, side: str) -> Refusal:
    return Refusal(
        f"{side}登记表“{path.name}”不是完整的 Parquet 文件，可能没有传完或已损坏。没有写入任何结果。请重新导出或重新传送后再试。"
    )


def heading(found: dict[str, str], column: str) -> str | None:
    """The file's heading of a column, large or small letters alike."""
    return first_of(found, LINKAGE.columns.read[column])


def first_of(found: dict[str, str], names: tuple[str, ...]) -> str | None:
    """The first of these names that the file has, as the file writes it."""
    alike = {name.strip().lower(): name for name in reversed(found)}
    return next((alike[name] for name in names if name in alike), None)


def _column(column: str, heading: str | None, found: dict[str, str], *, within: bool) -> str:
    """SQL of a column; of a text `within` a select that makes empty ones null."""
    if heading is None:
        return _NOTHING.get(column, "null::varchar")
    if within:
        return _TEXTS[column].format(f'"{heading}"')
    if column == "birth_date" and found[heading] in {"DATE", "TIMESTAMP", "TIMESTAMP_NS", "TIMESTAMP_MS"}:
        return f'"{heading}"::date'
    if column == "division" and found[heading] == "BIGINT":
        return f'case when "{heading}" between 100000000000 and 999999999999 then "{heading}" end'
    return SQL[column].format(f'"{heading}"')


def _list(names: list[str]) -> str:
    return "、".join(names[:12]) + (" 等" if len(names) > 12 else "") if names else "（没有）"
