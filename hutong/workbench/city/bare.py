"""Taking indexes, keys and triggers off tables for a load, and putting them back as they were, two at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import psycopg
from django.db import connection

_KEYS = """
select c.contype, c.conrelid::regclass::text, quote_ident(c.conname), pg_get_constraintdef(c.oid)
from pg_constraint c
where c.contype in ('f', 'p', 'u') and (c.conrelid::regclass::text = any(%s) or c.contype = 'f' and c.confrelid::regclass::text = any(%s))
order by c.contype = 'f' desc, c.conname
"""
_INDEXES = """
select i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid), i.indrelid::regclass::text
from pg_index i left join pg_constraint c on c.conindid = i.indexrelid and c.contype in ('p', 'u')
where i.indrelid::regclass::text = any(%s) and c.oid is null
order by 1
"""
_AT_ONCE = 2
_MEMORY = "1GB"


@dataclass(frozen=True, slots=True)
class Taken:
    """What was taken off: statements that put it back, indexes before foreign keys."""

    tables: tuple[str, ...]
    indexes: tuple[str, ...]
    foreign: tuple[str, ...]


def take_off(tables: Iterable[str]) -> Taken:
    """Drop keys and indexes of the tables, foreign keys that point at them included, and silence their triggers."""
    names = list(tables)
    with connection.cursor() as cursor:
        cursor.execute(_KEYS, [names, names])
        keys = cursor.fetchall()
        for _, table, name, _ in keys:
            cursor.execute(f"alter table {table} drop constraint {name}")
        cursor.execute(_INDEXES, [names])
        indexes = cursor.fetchall()
        for name, _, _ in indexes:
            cursor.execute(f"drop index {name}")
        for table in names:
            cursor.execute(f"alter table {table} disable trigger user")
    added = [(kind, f"alter table {table} add constraint {name} {text}") for kind, table, name, text in keys]
    unique = tuple(text for kind, text in added if kind != "f")
    plain = tuple(text for _, text, _ in indexes)
    return Taken(tuple(names), unique + plain, tuple(text for kind, text in added if kind == "f"))


def put_back(taken: Taken, told: Callable[[str], None]) -> None:
    """Build the indexes, two at a time, then the foreign keys, which checks every row; then the triggers."""
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        list(pool.map(lambda text: _run(text, told), taken.indexes))
    for text in taken.foreign:
        _run(text, told)
    with connection.cursor() as cursor:
        for table in taken.tables:
            cursor.execute(f"alter table {table} enable trigger user")


def _run(statement: str, told: Callable[[str], None]) -> None:
    told(statement)
    with psycopg.connect(**_where(), autocommit=True) as own:
        own.execute(f"set maintenance_work_mem = '{_MEMORY}'")
        own.execute(statement)


def _where() -> dict[str, Any]:
    """How Django itself connects, without its own classes."""
    known = connection.get_connection_params()
    return {key: value for key, value in known.items() if key in {"dbname", "user", "password", "host", "port"}}
