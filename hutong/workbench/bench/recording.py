"""Recording what a page asks of the database and what it answers, in this process, as the user of the bench."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import connection
from django.test import Client
from django.test.utils import override_settings

_NEW_ROWS = {'"wellbeing_visit"': 0, '"wellbeing_answer"': 6}
# What the floor is spared: who asks, the scope, savepoints, and the record of the look.
_SPARED = ("set_config", "staff_session", "django_session", "SAVEPOINT", "kernel_access", "staff_ratebucket")


@dataclass(slots=True)
class Recorded:
    """One request's data statements and answer. `ids`: keys of the rows it inserts. `queries`: all statements it made.

    `kept`: the page keeps the plans of its statements (kernel.plans).
    """

    statements: list[tuple[str, Any]]
    body: bytes
    type: str
    status: int
    queries: int
    ids: frozenset[UUID] = frozenset()
    writes: bool = False
    kept: bool = False

    def plain(self) -> dict[str, Any]:
        """For the floor, which imports nothing of ours."""
        return {
            "statements": self.statements, "body": self.body, "type": self.type, "status": self.status, "ids": self.ids,
            "writes": self.writes,
        }  # fmt: skip


@dataclass(slots=True)
class _Listener:
    heard: list[tuple[str, Any]] = field(default_factory=list)
    kept: bool = False

    def __call__(self, execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any) -> Any:
        self.kept = self.kept or connection.connection.prepare_threshold is not None
        self.heard.append((str(sql), params))
        return execute(sql, params, many, context)


def record(client: Client, path: str, post: dict[str, Any] | None = None) -> Recorded:
    """Ask for a page once to warm it, and once to listen."""
    with override_settings(ALLOWED_HOSTS=["*"]):
        if post is None:
            client.get(path)
        listener = _Listener()
        with connection.execute_wrapper(listener):
            answer = client.get(path) if post is None else client.post(path, post)
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    statements = [one for one in listener.heard if not any(word in one[0] for word in _SPARED)]
    if post is not None:
        statements = [one for one in statements if any(f"INSERT INTO {table}" in one[0] for table in _NEW_ROWS)]
    recorded = Recorded(
        statements,
        body,
        answer.headers.get("Content-Type", "text/html"),
        answer.status_code,
        len(listener.heard),
        kept=listener.kept,
    )
    if post is not None:
        recorded.writes, recorded.ids = True, frozenset(_new_ids(statements))
    return recorded


def _new_ids(statements: list[tuple[str, Any]]) -> list[UUID]:
    """The primary keys among the parameters of the inserts: the first of each row."""
    found: list[UUID] = []
    for sql, params in statements:
        if isinstance(params[0], list):  # one list a column
            found += params[0]
        else:
            width = next(width for table, width in _NEW_ROWS.items() if table in sql) or len(params)
            found += [params[at] for at in range(0, len(params), width)]
    return found
