"""Querysets that are composed and compiled once in a process, and at every call only filled in.

Composing and compiling is most of what a page costs the web worker, and comes out the same each time but for the values.
The queryset stays the one place where a statement is written: the first call of a shape composes it with stand-ins, finds
where they ended up among the parameters, and keeps that; Django's own compiler makes objects of the rows as ever.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from functools import update_wrapper
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Field, ForeignKey, Lookup, QuerySet
from django.db.models.sql.compiler import SQLCompiler

from hutong.kernel.scope import Scope

Row = TypeVar("Row")
_FAR = datetime(3000, 1, 1, tzinfo=UTC)  # no value of ours


class Lost(TypeError):
    """A value that is not among the parameters as it was given: a lookup changed it, or the statement leaves it out."""


@Field.register_lookup
@ForeignKey.register_lookup
class AnyOf(Lookup):  # type: ignore[type-arg]
    """`field__any=[…]`: one of a list, as one parameter, so that the statement is the same however long the list is."""

    lookup_name = "any"

    def get_prep_lookup(self) -> list[Any]:
        """Each value as the field would have it."""
        return [self.lhs.output_field.get_prep_value(value) for value in self.rhs]

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> tuple[str, list[Any]]:
        """`= ANY` of an array."""
        left, params = self.process_lhs(compiler, connection)
        return f"{left} = ANY(%s::{self.lhs.output_field.db_type(connection)}[])", [*params, self.rhs]


@dataclass(frozen=True, slots=True)
class _Shape:
    """A compiled queryset. `slots`: of each parameter the number of the value that belongs there, or None for its own."""

    rows: QuerySet[Any]
    compiler: SQLCompiler
    sql: str
    params: tuple[Any, ...]
    slots: tuple[int | None, ...]

    def filled(self, values: list[Any]) -> QuerySet[Any]:
        """The queryset with these values."""
        pairs = zip(self.params, self.slots, strict=True)
        params = tuple(own if slot is None else _as(own, values[slot]) for own, slot in pairs)
        compiler = copy.copy(self.compiler)
        compiler.connection = connection
        compiler.as_sql = lambda *args, **options: (self.sql, params)  # type: ignore[method-assign]
        rows = self.rows.all()
        rows.query.get_compiler = lambda *args, **options: compiler  # type: ignore[method-assign]
        return rows


class composed(Generic[Row]):  # noqa: N801  (a decorator)
    """Decorates a function that returns a queryset: calling it answers the rows as a list.

    Arguments may be texts, whole numbers, UUIDs, dates, times, a Scope (its ranges), a list (for `__any`), or a tuple of
    those (one parameter each). Anything else (True, None, a choice) decides the shape and is kept in the statement. The
    function must use its arguments in filters only and ask nothing else that changes. Raises Lost at the first call
    when a value does not reach the parameters.
    """

    def __init__(self, write: Callable[..., QuerySet[Any, Row]]) -> None:
        self.write, self._shapes = write, dict[Hashable, _Shape]()
        update_wrapper(self, write)

    def __call__(self, *given: Any) -> list[Row]:
        """The rows for these values."""
        values = [value for one in given for value in _values(one)]
        if [] in values:  # nothing says of what type its values would be
            return list(self.write(*given))
        kind = tuple(map(_kind, given))
        if kind not in self._shapes:
            try:
                self._shapes[kind] = self._compiled(given)
            except EmptyResultSet:  # Django knows without asking; that is not kept
                return list(self.write(*given))
        return list(self._shapes[kind].filled(values))

    def _compiled(self, given: tuple[Any, ...]) -> _Shape:
        numbers = iter(range(1000))
        standing = [_stand_in(one, numbers) for one in given]
        known = {_hashable(value): at for at, value in enumerate(value for one in standing for value in _values(one))}
        rows = self.write(*standing)
        compiler = rows.query.get_compiler(connection=connection)
        sql, params = compiler.as_sql()
        slots = tuple(known.get(_hashable(value)) for value in params)
        if lost := set(known.values()) - set(slots):
            raise Lost(f"{self.write.__qualname__}: value {min(lost)} does not reach the statement as it was given")
        return _Shape(rows, compiler, sql, tuple(params), slots)


def _values(one: Any) -> Iterator[Any]:
    """The values of an argument, one for each parameter."""
    if isinstance(one, tuple):
        for part in one:
            yield from _values(part)
    elif isinstance(one, Scope):
        yield from _values(one.ranges)
    elif _stands(one):
        yield one


def _stands(one: Any) -> bool:
    return isinstance(one, str | int | UUID | date | list) and not isinstance(one, bool | Enum)


def _kind(one: Any) -> Hashable:
    """What decides the shape."""
    if isinstance(one, tuple):
        return tuple(map(_kind, one))
    if isinstance(one, Scope):
        return Scope, len(one.ranges)
    return (type(one), *map(type, one[:1] if isinstance(one, list) else ())) if _stands(one) else (type(one), one)


def _stand_in(one: Any, numbers: Iterator[int]) -> Any:
    """A value of the same kind that no row has; within what every column of the kind can hold."""
    if isinstance(one, tuple):
        return tuple(_stand_in(part, numbers) for part in one)
    if isinstance(one, Scope):
        return replace(one, ranges=_stand_in(one.ranges, numbers))
    if not _stands(one):
        return one
    if isinstance(one, list):
        return [_stand_in(one[0], numbers)]
    number = next(numbers)
    makes: dict[type, Callable[[], Any]] = {
        str: lambda: f"\x1f{number}\x1f", int: lambda: -32_000 - number, UUID: lambda: UUID(int=2**127 + number),
        datetime: lambda: _FAR + timedelta(days=number), date: lambda: (_FAR + timedelta(days=number)).date(),
    }  # fmt: skip
    return next(make for kind, make in makes.items() if isinstance(one, kind))()


def _hashable(value: Any) -> Hashable:
    return ("list", *value) if isinstance(value, list) else (value if isinstance(value, Hashable) else id(value))


def _as(own: Any, value: Any) -> Any:
    """A value in the wrapping Django gave its stand-in (a whole number's width)."""
    return value if type(own) is type(value) else type(own)(value)
