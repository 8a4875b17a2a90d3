"""Many rows of one table in one statement, with an array a column.

Django's own `bulk_create` writes a placeholder a value and parses them all again; COPY is refused under row security.
The arrays are written here: the driver's way looks at every value anew and took longer than the statement.
Owns the statement only: rights, history and constraints are the database's as with any insert.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from operator import attrgetter
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import JSONField, Model

_BATCH = 5000
# Arrays are told as these types and made into the column's own on the way in.
_TOLD = {"jsonb": "text"}


def insert(model: type[Model], rows: Sequence[Model]) -> None:
    """Insert new objects of one model. A key counted by the database stays unknown to the objects."""
    fields = [field for field in model._meta.concrete_fields if field.get_internal_type() != "BigAutoField"]
    read = [_reader(field) for field in fields]
    kinds = [_type(field) for field in fields]
    statement = (
        f"insert into {_quoted(model._meta.db_table)} ({', '.join(_quoted(field.column) for field in fields)})"
        f" select {', '.join(f'c{n}::{kind}' for n, kind in enumerate(kinds))} from {_unnest(kinds)}"
    )
    with connection.cursor() as cursor:
        for part in _parts(rows):
            cursor.execute(statement, [_array([one(row) for row in part]) for one in read])


def update(model: type[Model], rows: Sequence[Model], *names: str) -> None:
    """Write these fields of known objects, found by their key."""
    fields: list[Any] = [model._meta.pk, *(model._meta.get_field(name) for name in names)]
    kinds, read = [_type(field) for field in fields], [_reader(field) for field in fields]
    statement = (
        f"update {_quoted(model._meta.db_table)} as r set"
        f" {', '.join(f'{_quoted(field.column)} = c{n}::{kinds[n]}' for n, field in enumerate(fields) if n)}"
        f" from {_unnest(kinds)} where r.{_quoted(fields[0].column)} = t.c0"
    )
    with connection.cursor() as cursor:
        for part in _parts(rows):
            cursor.execute(statement, [_array([one(row) for row in part]) for one in read])


def _unnest(kinds: Sequence[str]) -> str:
    told = ", ".join(f"%s::{_TOLD.get(kind, kind)}[]" for kind in kinds)
    return f"unnest({told}) as t({', '.join(f'c{n}' for n in range(len(kinds)))})"


def _array(values: Sequence[Any]) -> str:
    """An array literal. Every value is quoted, so that no text can be taken for a bracket, a comma or a NULL."""
    return "{" + ",".join("NULL" if value is None else f'"{_text(value)}"' for value in values) + "}"


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value.replace("\\", "\\\\").replace('"', '\\"')
    if isinstance(value, bytes | memoryview):
        return f"\\\\x{value.hex()}"
    if isinstance(value, UUID):
        return value.hex
    return _text(str(value))  # numbers, truth values, days and moments


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)


def _parts(rows: Sequence[Model]) -> Iterator[Sequence[Model]]:
    return (rows[start : start + _BATCH] for start in range(0, len(rows), _BATCH))


def _type(field: Any) -> str:
    return str(field.rel_db_type(connection) if field.is_relation else field.db_type(connection)).split("(")[0]


def _reader(field: Any) -> Callable[[Model], Any]:
    if isinstance(field, JSONField):
        return lambda row: _json(getattr(row, field.attname))
    return attrgetter(field.attname)


def _json(value: Any) -> str | None:
    return None if value is None else json.dumps(value, ensure_ascii=False)
