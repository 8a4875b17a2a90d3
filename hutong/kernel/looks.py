"""Who looked at what, and why: reading a child's file is itself a row."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from hutong.kernel import plans
from hutong.kernel.models import Access


def look(
    *,
    what: str,
    subject: tuple[str, UUID] | None,
    division: int,
    by: UUID,
    at: datetime,
    purpose: str = "",
    data: dict[str, Any] | None = None,
) -> Access:
    """Record one reading: `what` is `file`, `reveal`, `search`, `export`, `import`, `pointer`…; never the text searched for."""
    kind, identifier = subject or ("", None)
    with plans.kept():
        return Access.objects.create(
            what=what,
            subject_kind=kind,
            subject_id=identifier,
            division=division,
            user_id=by,
            at=at,
            purpose=purpose,
            data=data or {},
        )


def look_many(*, what: str, subjects: Iterable[tuple[str, UUID, int]], by: UUID, at: datetime) -> None:
    """Record readings of many at once; each of `subjects` is kind, id and division."""
    Access.objects.bulk_create(
        Access(what=what, subject_kind=kind, subject_id=identifier, division=division, user_id=by, at=at)
        for kind, identifier, division in subjects
    )
