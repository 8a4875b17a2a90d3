"""Registers at rest: Parquet encrypted as a whole (Parquet modular encryption, AES-GCM), read by DuckDB through Arrow.

Registers lie outside row security, so that no one but the worker, who has the keys, can read them. A file bears in its
name the number of the sealing key its own key is derived from (`ID.kN.parquet`): no two files share a key, and a sealing
key that is given up makes the file unreadable. DuckDB itself cannot write encrypted Parquet without an extension from the
network, and does not read what others wrote; Arrow does both.
"""

from __future__ import annotations

import os
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from hutong.kernel import ciphers

if TYPE_CHECKING:  # Arrow takes 44 MB of every web worker that never reads a register: it is loaded where it is used
    import pyarrow.dataset

_NAME = re.compile(r"(?P<id>[0-9A-Za-z_-]+)\.k(?P<key>\d{1,3})\.parquet")
_MARK = b"PARE"  # the first four bytes of a file with an encrypted footer
_BATCH = 100_000
_KEY_BYTES = 32


def name(id: str) -> str:
    """The file name for something of this id, sealed with today's key."""
    return f"{id}.k{ciphers.current_key()}.parquet"


def write(db: duckdb.DuckDBPyConnection, query: str, path: Path, compression: str = "zstd") -> int:
    """Write what the query answers, encrypted; whole or not at all, readable by its owner alone. Returns the rows.

    `compression`: "lz4" for what is read far more often than it is written or stored.
    """
    import pyarrow.parquet as files

    _take_memory_as_python_does()
    part, rows = path.with_name(f".{path.name}.part"), 0
    reader = db.sql(query).to_arrow_reader(_BATCH)
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
            with files.ParquetWriter(
                out, reader.schema, compression=compression, encryption_properties=_writing(path)
            ) as sink:
                for batch in reader:
                    sink.write_batch(batch)
                    rows += batch.num_rows
            out.flush()
            os.fsync(out.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return rows


def names_key(path: Path) -> bool:
    """Whether a file of this name is to be encrypted: `name` makes such names."""
    return bool(_NAME.fullmatch(path.name))


def is_sealed(path: Path) -> bool:
    """Whether the file is one of ours, encrypted."""
    with path.open("rb") as file:
        return file.read(len(_MARK)) == _MARK


def relation(db: duckdb.DuckDBPyConnection, path: Path) -> str:
    """What to select from to read the file: an encrypted one is opened with its key and stays a relation of `db`.

    A plain one has `file_row_number` beside its columns. Raises duckdb.Error for a file that cannot be read, also one
    whose key is not here.
    """
    if not path.is_file() or not is_sealed(path):
        return f"read_parquet('{str(path).replace(chr(39), chr(39) * 2)}', file_row_number = true)"
    import pyarrow.dataset as arrow

    _take_memory_as_python_does()
    try:
        known = f"register_{abs(hash((path.resolve(), path.stat().st_mtime_ns)))}"
        db.register(known, arrow.dataset(path.resolve(), format=_reading(path.resolve())))
    except (OSError, ciphers.Unsealable) as error:
        raise duckdb.InvalidInputException(f"{path.name}: {error}") from error
    return known


@cache
def _take_memory_as_python_does() -> None:
    """Arrow's own allocator gets each page anew from the system: half the time of a first reading of the person index."""
    import pyarrow

    pyarrow.set_memory_pool(pyarrow.system_memory_pool())


def _reading(path: Path) -> pyarrow.dataset.ParquetFileFormat:
    import pyarrow.dataset as arrow
    from pyarrow.parquet import encryption

    keys = encryption.create_decryption_properties(footer_key=_key(path))
    return arrow.ParquetFileFormat(
        default_fragment_scan_options=arrow.ParquetFragmentScanOptions(decryption_properties=keys)
    )


def _writing(path: Path) -> object:
    from pyarrow.parquet import encryption

    return encryption.create_encryption_properties(footer_key=_key(path))


def _key(path: Path) -> bytes:
    """The file's own key. Raises Unsealable for a name that says none."""
    found = _NAME.fullmatch(path.name)
    if not found:
        raise ciphers.Unsealable("a sealed register whose name says no key")
    return ciphers.derived(int(found["key"]), b"register " + found["id"].encode(), _KEY_BYTES)
