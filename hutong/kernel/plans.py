"""Keeping the plans of statements: each connection plans a statement once instead of at every request.

Under row security planning costs three times what finding the rows of one child does. Only for pages and operations
whose statements look up by key: a kept plan is made for any value, which lists of a whole county must not have.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.db.backends.postgresql.base import ServerBindingCursor  # type: ignore[attr-defined]

_SEEN = 1  # a statement that comes a second time on a connection is kept


@contextmanager
def kept() -> Iterator[None]:
    """Within it, also as a decorator, the server binds the values of statements and their plans are kept.

    That the kept plan is used is told with the scope (`Scope.settings`). Needs an open connection.
    """
    connection.ensure_connection()
    raw = connection.connection
    before = raw.cursor_factory, raw.prepare_threshold
    raw.cursor_factory, raw.prepare_threshold = ServerBindingCursor, _SEEN
    try:
        yield
    finally:
        raw.cursor_factory, raw.prepare_threshold = before
