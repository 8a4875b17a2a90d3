"""The person index: the right register prepared once and kept, so that a daily delivery is compared without reading it again.

It holds features and keyed tokens, no identity number; sorted by birth, so that a run reads only the years it needs. It
knows which file, which rules and which code it was made from, and is made anew when one of them changed.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import duckdb

from hutong.discovery.pipelines.linkage import features, made, names
from hutong.discovery.pipelines.linkage.reading import quoted
from hutong.kernel import parquet
from hutong.policy.loader import version

_RULES = ("linkage.yaml", "names.yaml")


def current(index: Path, register: Path, key: str) -> bool:
    """Whether the index is of this register as it is now, by these rules and this key."""
    return index.is_file() and _said(index).get("made_from") == _made_from(register, key)


def build(db: duckdb.DuckDBPyConnection, index: Path, register: Path, key: str) -> None:
    """Prepare all rows of r_read and write them; whole or not at all. Encrypted where the index has a name that says a key."""
    part = index.with_name(f".{index.name}.part")
    names.load(db)
    features.tokens(db, "r_read", "i_token", key, once=True)
    features.compared(db, "i_token", "i_row")
    said = {"made_from": _made_from(register, key), "rows": _one(db, "select count(*) from i_row"),
            "numbered": _one(db, "select getvariable('r_read_numbered')")}  # fmt: skip
    rows = "select i_row.* exclude (number, address) from i_row order by birth nulls first, n"
    if not said["numbered"]:
        rows = rows.replace(" from i_row", ", r_read.record from i_row join r_read using (n)")
    _note(index).unlink(missing_ok=True)
    try:
        if parquet.names_key(index):
            parquet.write(db, rows, index, "lz4")
        else:
            db.execute(f"copy ({rows}) to {quoted(part)} (format parquet, compression zstd)")
            part.replace(index)
        _note(index).write_text(json.dumps(said))
    finally:
        part.unlink(missing_ok=True)
    db.execute("drop view i_token")
    db.execute("drop table i_row")


def use(db: duckdb.DuckDBPyConnection, index: Path) -> int:
    """Make view r_index of a built index; r_read is answered from it too. Returns its rows."""
    source, said = (
        parquet.relation(db, index) if parquet.is_sealed(index) else f"read_parquet({quoted(index)})",
        _said(index),
    )
    all_, record = ("*", "n as record") if said["numbered"] else ("* exclude (record)", "record")
    db.execute(
        f"create temp view r_index as select {all_}, null::varchar as number, null::varchar as address from {source}"
    )
    db.execute(f"create or replace temp view r_read as select n, {record} from {source}")
    db.execute(f"set variable r_read_numbered = {said['numbered']}")
    return int(said["rows"])


def _one(db: duckdb.DuckDBPyConnection, query: str) -> Any:
    return db.execute(query).fetchall()[0][0]


def _said(index: Path) -> dict[str, Any]:
    """What was noted of the index when it was built; nothing where it was not finished."""
    try:
        said = json.loads(_note(index).read_text())
    except (OSError, ValueError):
        return {}
    return said if isinstance(said, dict) else {}


def _note(index: Path) -> Path:
    return index.with_name(f"{index.name}.json")


def _made_from(register: Path, key: str) -> list[Any]:
    """File, its size and time, the rules' version, which code, and which key (not the key)."""
    stat = register.stat()
    mark = hashlib.sha256(f"index:{key}".encode()).hexdigest()[:12]
    return [str(register.resolve()), stat.st_size, stat.st_mtime_ns, version(*_RULES), made.by(), mark]
