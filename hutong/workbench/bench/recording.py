"""Recording what a page asks of the database and what it answers, in this process, as the user of the bench."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from django.db import connection
from django.test import Client
from django.test.utils import override_settings

_ROWS = ('"wellbeing_visit"', '"wellbeing_answer"')
# What the floor is spared: who asks, the scope, savepoints, and the record of the look.
_SPARED = ("set_config", "staff_session", "django_session", "SAVEPOINT", "kernel_access", "staff_ratebucket")


@dataclass(slots=True)
class Recorded:
    """One request's data statements and answer. `ids`: keys of the rows it inserts. `queries`: all statements it made.

    Of each statement its values, and whether the page keeps its plan (kernel.plans).
    """

    statements: list[tuple[str, Any, bool]]
    body: bytes
    type: str
    status: int
    queries: int
    ids: frozenset[UUID] = frozenset()
    writes: bool = False

    def plain(self) -> dict[str, Any]:
        """For the floor, which imports nothing of ours. It keeps plans only where it writes."""
        return {
            "statements": [(sql, values, kept and self.writes) for sql, values, kept in self.statements],
            "body": self.body, "type": self.type, "status": self.status, "ids": self.ids, "writes": self.writes,
        }  # fmt: skip


@dataclass(slots=True)
class _Listener:
    heard: list[tuple[str, Any, bool]] = field(default_factory=list)

    def __call__(self, execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any) -> Any:
        self.heard.append((str(sql), params, connection.connection.prepare_threshold is not None))
        return execute(sql, params, many, context)


def record(client: Client, path: str, post: dict[str, Any] | None = None) -> Recorded:
    """Ask for a page once to warm it, and once to listen."""
    began = time.time_ns() // 1_000_000
    with override_settings(ALLOWED_HOSTS=["*"]):
        if post is None:
            client.get(path)
        listener = _Listener()
        with connection.execute_wrapper(listener):
            answer = client.get(path) if post is None else client.post(path, post)
    body = answer.getvalue()
    statements = [one for one in listener.heard if not any(word in one[0] for word in _SPARED)]
    kind = answer.headers.get("Content-Type", "text/html")
    found = Recorded(statements, body, kind, answer.status_code, len(listener.heard))
    if post is not None:
        found.writes = True
        found.ids = frozenset(
            {UUID(post["op_id"]), *(one for _, params, _ in statements for one in _made(params, began))}
        )
    return found


def bare(recorded: Recorded) -> Recorded:
    """Of a visit only the inserts of the visit and its answers: the least that a write of it could be."""
    rows = [
        (sql, values, False)
        for sql, values, _ in recorded.statements
        if any(f"INSERT INTO {one}" in sql for one in _ROWS)
    ]
    return replace(recorded, statements=rows)


def _made(value: Any, began: int) -> Iterator[UUID]:
    """Keys of rows made since `began` (milliseconds), however deep among the parameters: a key says when it was made (UUIDv7)."""
    if isinstance(value, UUID):
        if value.version == 7 and value.int >> 80 >= began:
            yield value
    elif isinstance(value, dict):
        yield from _made(list(value.values()), began)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _made(one, began)
