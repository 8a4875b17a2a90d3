"""The person index: the right register prepared once and kept, so that a daily delivery is compared without reading it again.

It holds features and keyed tokens, no identity number; sorted by birth, so that a run reads only the years it needs. It
knows which file, which rules and which code it was made from, and is made anew when one of them changed.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import duckdb

from hutong.discovery.pipelines.linkage import features, made, names
from hutong.discovery.pipelines.linkage.reading import quoted
from hutong.kernel import parquet
from hutong.policy.loader import version

_RULES = ("linkage.yaml", "names.yaml")


def current(index: Path, register: Path, key: str) -> bool:
    """Whether the index is of this register as it is now, by these rules and this key."""
    note = _note(index)
    return index.is_file() and note.is_file() and note.read_text() == _made_from(register, key)


def build(db: duckdb.DuckDBPyConnection, index: Path, register: Path, key: str) -> None:
    """Prepare all rows of r_read and write them; whole or not at all. Encrypted where the index has a name that says a key."""
    part = index.with_name(f".{index.name}.part")
    names.load(db)
    features.tokens(db, "r_read", "i_token", key, once=True)
    features.compared(db, "i_token", "i_row")
    rows = "select i_row.* exclude (number, address), r_read.record from i_row join r_read using (n) order by birth nulls first, n"
    _note(index).unlink(missing_ok=True)
    try:
        if parquet.names_key(index):
            parquet.write(db, rows, index)
        else:
            db.execute(f"copy ({rows}) to {quoted(part)} (format parquet, compression zstd)")
            part.replace(index)
        _note(index).write_text(_made_from(register, key))
    finally:
        part.unlink(missing_ok=True)
    db.execute("drop view i_token")
    db.execute("drop table i_row")


def use(db: duckdb.DuckDBPyConnection, index: Path) -> None:
    """Make view r_index of a built index; r_read is answered from it too."""
    source = parquet.relation(db, index) if parquet.is_sealed(index) else f"read_parquet({quoted(index)})"
    db.execute(f"create temp view r_index as select *, null::varchar as number, null::varchar as address from {source}")
    db.execute("create or replace temp view r_read as select n, record from r_index")
    db.execute("set variable r_read_numbered = false")


def _note(index: Path) -> Path:
    return index.with_name(f"{index.name}.json")


def _made_from(register: Path, key: str) -> str:
    """File, its size and time, the rules' version, which code, and which key (not the key)."""
    stat = register.stat()
    mark = hashlib.sha256(f"index:{key}".encode()).hexdigest()[:12]
    return json.dumps([str(register.resolve()), stat.st_size, stat.st_mtime_ns, version(*_RULES), made.by(), mark])
