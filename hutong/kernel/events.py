"""What was done, to whom, by whom, when it happened and when it was entered: one row an operation.

The unique operation id makes every write safe to repeat: a second call finds the first one's event.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from hutong.kernel.clock import now
from hutong.kernel.composed import composed
from hutong.kernel.models import Event


def record(
    *,
    kind: str,
    subject: tuple[str, UUID],
    division: int,
    by: UUID | None,
    at: datetime,
    op: UUID | None = None,
    domain: str = "identity",
    about: UUID | None = None,
    data: dict[str, Any] | None = None,
    happened: datetime | None = None,
) -> Event:
    """Write the event of an operation. `at` is the moment of entry, `happened` that of the thing itself (default: `at`).

    `about` is the child's file whose timeline shows it. `kind` is `room.noun.verb`, `subject` the kind and id of the row, `data` small, without identity numbers or phones.
    Raises IntegrityError when `op` was already used: call `repeated(op)` first.
    """
    return Event.objects.create(
        kind=kind,
        subject_kind=subject[0],
        subject_id=subject[1],
        about=about or (subject[1] if subject[0] == "people.file" else None),
        division=division,
        user_id=by,
        happened_at=happened or at,
        entered_at=at,
        op=op,
        domain=domain,
        data=data or {},
        written_at=now(),
    )


def repeated(op: UUID | None) -> Event | None:
    """The event this operation id already made, if any and if visible to whoever asks."""
    return next(iter(_of(op)), None) if op else None


@composed
def _of(op: UUID) -> QuerySet[Event]:
    return Event.objects.filter(op=op)
