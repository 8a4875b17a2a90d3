"""Databases for a benchmark that writes: copied, used once and dropped, on the server in use; the one in use stays as it is."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit, urlunsplit

from django.db import OperationalError, connection
from django.db.backends.utils import CursorWrapper

EMPTY = "hutong_bench_empty"


def address(database: str) -> str:
    """The DATABASE_URL of another database on the same server."""
    parts = urlsplit(os.environ["DATABASE_URL"])
    return urlunsplit((parts.scheme, parts.netloc, f"/{database}", parts.query, ""))


def python(module: str, *arguments: str, database: str) -> str:
    """Run a module in a process of its own on a database, so that its memory is its own. Returns what it printed."""
    return subprocess.run(
        [sys.executable, "-m", module, *arguments], env={**os.environ, "DATABASE_URL": address(database)}, check=True,
        stdout=subprocess.PIPE, text=True,
    ).stdout  # fmt: skip


@contextmanager
def copy(name: str, *, of: str = EMPTY) -> Iterator[str]:
    """A database like another one, dropped in the end. The empty one with tables and divisions is made when missing."""
    with connection.cursor() as cursor:
        if of == EMPTY:
            _empty(cursor)
        _drop(cursor, name)
        cursor.execute(f"create database {name} template {of}")
    try:
        yield name
    finally:
        with connection.cursor() as cursor:
            _drop(cursor, name)


def _drop(cursor: CursorWrapper, name: str) -> None:
    """Without force, which an autovacuum at work there refuses: it is asked to leave, and with patience goes."""
    for left in reversed(range(10)):
        try:
            cursor.execute(f"drop database if exists {name}")
            return
        except OperationalError:
            if not left:
                raise
            time.sleep(1)


def _empty(cursor: CursorWrapper) -> None:
    cursor.execute("select 1 from pg_database where datname = %s", [EMPTY])
    if not cursor.fetchone():
        cursor.execute(f"create database {EMPTY} template template0 encoding 'UTF8'")
    # Also when it is there: migrations may have come since.
    python("hutong.workbench.bench.throwaway", database=EMPTY)


def _prepare() -> None:
    import django

    django.setup()
    from django.core.management import call_command

    from hutong.places import operations as places
    from hutong.places.models import Division

    call_command("migrate", verbosity=0, interactive=False)
    if not Division.objects.exists():
        places.load_divisions()
        places.load_organisations(synthetic=True)


if __name__ == "__main__":
    _prepare()
