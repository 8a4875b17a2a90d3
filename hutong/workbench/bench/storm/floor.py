"""The floor: the very rows the storm made, inserted bare into a copy of its ground, with as many commits and connections.

No web, no checks, no sealing, no row security, no triggers, no foreign keys, and no updates: inserts and commits alone.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from typing import Any

import psycopg

_TABLES = """
select c.relname, a.attname from pg_class c join pg_index i on i.indrelid = c.oid and i.indisprimary
join pg_attribute a on a.attrelid = c.oid and a.attnum = i.indkey[0]
where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace order by 1
"""
_COLUMNS = """
select quote_ident(attname) from pg_attribute
where attrelid = %s::regclass and attnum > 0 and not attisdropped and attgenerated = '' order by attnum
"""


@dataclass(frozen=True)
class Made:
    """The rows of one table, as text of their type."""

    table: str
    columns: list[str]
    rows: list[str]


def mark(raw: psycopg.Connection[Any]) -> None:
    """Note which rows there are."""
    raw.execute("create table bench_before (t text, pk text)")
    for table, key in raw.execute(_TABLES).fetchall():
        raw.execute(f'insert into bench_before select %s, "{key}"::text from "{table}"', [table])
    raw.execute("create index on bench_before (t, pk)")
    raw.execute("analyze bench_before")


def made(raw: psycopg.Connection[Any]) -> list[Made]:
    """What has come since."""
    found = []
    for table, key in raw.execute(_TABLES).fetchall():
        new = f'not exists (select 1 from bench_before b where b.t = %s and b.pk = r."{key}"::text)'
        rows = [
            text for (text,) in raw.execute(f'select r::text from "{table}" r where {new} order by "{key}"', [table])
        ]
        if rows:
            found.append(Made(table, [name for (name,) in raw.execute(_COLUMNS, [table])], rows))
    return found


def bare(where: dict[str, Any], tables: list[Made]) -> None:
    """Take triggers and foreign keys off."""
    with psycopg.connect(**where, autocommit=True) as raw:
        keys = "select conrelid::regclass::text, quote_ident(conname) from pg_constraint where contype = 'f' and connamespace = 'public'::regnamespace"
        for table, name in raw.execute(keys).fetchall():
            raw.execute(f"alter table {table} drop constraint {name}")
        for one in tables:
            raw.execute(f'alter table "{one.table}" disable trigger user')


def insert(where: dict[str, Any], tables: list[Made], *, phones: int, commits: int, connections: int) -> dict[str, Any]:
    """Insert everything: each phone's share in `commits` commits. Returns seconds and the milliseconds of each phone."""
    waiting, lock, times = list(range(phones)), threading.Lock(), list[float]()

    def work() -> None:
        with psycopg.connect(**where, autocommit=True) as raw:
            while True:
                with lock:
                    if not waiting:
                        return
                    phone = waiting.pop()
                start = time.perf_counter()
                for part in range(commits):
                    _commit(raw, tables, phone * commits + part, phones * commits)
                times.append((time.perf_counter() - start) * 1000)

    threads = [threading.Thread(target=work) for _ in range(connections)]
    start = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return {"seconds": time.perf_counter() - start, "times": times}


def _commit(raw: psycopg.Connection[Any], tables: list[Made], number: int, of: int) -> None:
    """The `number`th of `of` equal shares, one statement a table."""
    with raw.transaction():
        for one in tables:
            share = one.rows[len(one.rows) * number // of : len(one.rows) * (number + 1) // of]
            if share:
                values = ", ".join(f"(r).{name}" for name in one.columns)
                raw.execute(
                    f'insert into "{one.table}" ({", ".join(one.columns)}) overriding system value'
                    f' select {values} from (select x::"{one.table}" as r from unnest(%s::text[]) x offset 0) s',
                    [share],
                )
