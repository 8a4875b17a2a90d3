"""Small registers made by hand, as Parquet files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb

from hutong.discovery.pipelines.linkage import run
from hutong.people.identity import check_digit

COLUMNS = {
    "record_id": "bigint", "id_no": "varchar", "name": "varchar", "sex": "varchar", "birth_date": "date", "address": "varchar",
    "division": "bigint", "father_name": "varchar", "mother_name": "varchar",
}  # fmt: skip
VILLAGE = 371726101201


def number(body: str) -> str:
    return body + check_digit(body)


def person(serial: int, **said: Any) -> dict[str, Any]:
    """A child unlike the others; what is said replaces what it has."""
    day = f"20{10 + serial % 8:02}-{1 + serial % 12:02}-{1 + serial % 27:02}"
    name = "王李张刘陈"[serial % 5] + "建国军民强伟志勇"[serial // 5 % 8] + "秀英兰芳梅桂凤珍"[serial // 40 % 8]
    own = number(f"371726{day.replace('-', '')}{serial % 500 * 2 + 1:03}")
    return {
        "record_id": serial, "id_no": own, "name": name, "sex": "男", "birth_date": day, "division": VILLAGE + serial % 200,
        "father_name": name[0] + "大" + name[2], "mother_name": "孙" + name[1],
    } | said  # fmt: skip


def write(path: Path, rows: list[dict[str, Any]], columns: dict[str, str] = COLUMNS) -> Path:
    with duckdb.connect() as db:
        db.execute(f"create table t ({', '.join(f'{name} {kind}' for name, kind in columns.items())})")
        for row in rows:
            db.execute(f"insert into t values ({', '.join('?' * len(columns))})", [row.get(name) for name in columns])
        db.execute(f"copy t to '{path}' (format parquet)")
    return path


def links(tmp_path: Path, left: list[dict[str, Any]], right: list[dict[str, Any]]) -> dict[int, tuple[int, str]]:
    """left_id → (right_id, band)."""
    out = tmp_path / "links.parquet"
    run.link(write(tmp_path / "left.parquet", left), write(tmp_path / "right.parquet", right), out)
    return read(out)


def read(out: Path) -> dict[int, tuple[int, str]]:
    return {row[0]: (row[1], row[2]) for row in duckdb.sql(f"select left_id, right_id, band from '{out}'").fetchall()}
