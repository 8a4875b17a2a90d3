"""Who looked at what, and why: reading a child's file is itself a row."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

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
