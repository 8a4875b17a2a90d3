"""Who looked at what, and why: reading a child's file is itself a row."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from psycopg.types.json import Jsonb

from hutong.kernel import plans
from hutong.kernel.ids import uuid7
from hutong.kernel.models import Access

# Each opened page writes one, so that it is not composed anew each time.
_ADD = """
insert into kernel_access (id, what, subject_kind, subject_id, division, user_id, at, purpose, data)
values (%s, %s, %s, %s, %s, %s, %s, %s, %s)
"""


def look(
    *,
    what: str,
    subject: tuple[str, UUID] | None,
    division: int,
    by: UUID,
    at: datetime,
    purpose: str = "",
    data: dict[str, Any] | None = None,
) -> None:
    """Record one reading: `what` is `file`, `reveal`, `search`, `export`, `import`, `pointer`…; never the text searched for."""
    kind, identifier = subject or ("", None)
    row: list[Any] = [uuid7(), what, kind, identifier, division, by, at, purpose, Jsonb(data or {})]
    with plans.kept(), connection.cursor() as cursor:
        cursor.execute(_ADD, row)


def look_many(*, what: str, subjects: Iterable[tuple[str, UUID, int]], by: UUID, at: datetime) -> None:
    """Record readings of many at once; each of `subjects` is kind, id and division."""
    Access.objects.bulk_create(
        Access(what=what, subject_kind=kind, subject_id=identifier, division=division, user_id=by, at=at)
        for kind, identifier, division in subjects
    )
