"""Many rows of one table in one statement, with an array a column.

Django's own `bulk_create` writes a placeholder a value and parses them all again; COPY is refused under row security.
The arrays are written here and bound by the server: the driver's way looks at every value anew and took longer than the
statement. Owns the statement only: rights, history and constraints are the database's as with any insert.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any
from uuid import UUID

import psycopg
from django.db import connection
from django.db.models import JSONField, Model

_BATCH = 5000
# Arrays are told as these types and made into the column's own on the way in.
_TOLD = {"jsonb": "text"}


@dataclass(frozen=True, slots=True)
class Same:
    """One value for every row."""

    value: Any


Columns = Mapping[str, Sequence[Any] | Same]


def insert(model: type[Model], rows: Sequence[Model]) -> None:
    """Insert new objects of one model. A key counted by the database stays unknown to the objects."""
    names = [field.attname for field in _fields(model)]
    insert_columns(model, {name: list(map(attrgetter(name), rows)) for name in names}, len(rows))


def insert_columns(model: type[Model], columns: Columns, count: int) -> None:
    """Insert `count` rows told as columns by attribute (`child_id`); what is not told has the model's default in each row."""
    fields = _fields(model)
    for start in range(0, count, _BATCH):
        size = min(_BATCH, count - start)
        part = {name: one if isinstance(one, Same) else one[start : start + size] for name, one in columns.items()}
        _insert(model, fields, [_column(field, part.get(field.attname), size) for field in fields], size)


def _insert(model: type[Model], fields: list[Any], told: list[Sequence[Any] | Same], size: int) -> None:
    kinds = [_type(field) for field in fields]
    same = [isinstance(one, Same) for one in told]
    chosen = ", ".join(f"%s::{kind}" if same[n] else f"c{n}::{kind}" for n, kind in enumerate(kinds))
    source = _unnest({n: kind for n, kind in enumerate(kinds) if not same[n]}) or f"generate_series(1, {size})"
    execute(
        f"insert into {_quoted(model._meta.db_table)} ({', '.join(_quoted(field.column) for field in fields)})"
        f" select {chosen} from {source}",
        [_scalar(one.value) for one in told if isinstance(one, Same)]
        + [array(one) for one in told if not isinstance(one, Same)],
    )


def update(model: type[Model], rows: Sequence[Model], *names: str) -> None:
    """Write these fields of known objects, found by their key."""
    fields: list[Any] = [model._meta.pk, *(model._meta.get_field(name) for name in names)]
    kinds = dict(enumerate(map(_type, fields)))
    statement = (
        f"update {_quoted(model._meta.db_table)} as r set"
        f" {', '.join(f'{_quoted(field.column)} = c{n}::{kinds[n]}' for n, field in enumerate(fields) if n)}"
        f" from {_unnest(kinds)} where r.{_quoted(fields[0].column)} = t.c0"
    )
    for start in range(0, len(rows), _BATCH):
        part = rows[start : start + _BATCH]
        execute(statement, [array(_told(field, list(map(attrgetter(field.attname), part)))) for field in fields])


def execute(statement: str, values: Sequence[str | None]) -> None:
    """A statement whose values, texts, are bound by the server: long arrays need no quoting. Raises Django's errors."""
    connection.ensure_connection()
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        cursor.execute(statement, values)


def array(values: Sequence[Any]) -> str:
    """An array literal. Every value is quoted, so that no text can be taken for a bracket, a comma or a NULL."""
    try:
        joined = "\x1f".join(values)
    except TypeError:  # not texts alone
        joined = '"'
    if '"' in joined or "\\" in joined or joined.count("\x1f") != len(values) - 1:
        return "{" + ",".join("NULL" if value is None else f'"{_text(value)}"' for value in values) + "}"
    return '{"' + joined.replace("\x1f", '","') + '"}'


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value.replace("\\", "\\\\").replace('"', '\\"')
    if isinstance(value, UUID):
        return f"{value.int:032x}"
    if isinstance(value, bytes | memoryview):
        return f"\\\\x{value.hex()}"
    return _text(str(value))  # numbers, truth values, days and moments


def _scalar(value: Any) -> str | None:
    if isinstance(value, bytes | memoryview):
        return f"\\x{value.hex()}"
    return None if value is None else str(value)


def _fields(model: type[Model]) -> list[Any]:
    return [field for field in model._meta.concrete_fields if field.get_internal_type() != "BigAutoField"]


def _column(field: Any, given: Sequence[Any] | Same | None, size: int) -> Sequence[Any] | Same:
    """What is told of a field: a value a row, or one for all, which is also what a column of equal values is."""
    if given is None:
        given = [field.get_default() for _ in range(size)] if field.primary_key else Same(field.get_default())
    if isinstance(given, Same):
        return Same(_told(field, [given.value])[0])
    given = _told(field, given)
    return Same(given[0]) if given.count(given[0]) == size else given


def _told(field: Any, values: Sequence[Any]) -> Sequence[Any]:
    """JSON as its text; everything else as it is."""
    if not isinstance(field, JSONField):
        return values
    return [None if value is None else json.dumps(value, ensure_ascii=False) for value in values]


def _unnest(kinds: Mapping[int, str]) -> str:
    told = ", ".join(f"%s::{_TOLD.get(kind, kind)}[]" for kind in kinds.values())
    return f"unnest({told}) as t({', '.join(f'c{n}' for n in kinds)})" if kinds else ""


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)


def _type(field: Any) -> str:
    return str(field.rel_db_type(connection) if field.is_relation else field.db_type(connection)).split("(")[0]
