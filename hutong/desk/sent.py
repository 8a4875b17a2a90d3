"""What every form sends beside its fields: the operation id that makes sending twice harmless."""

from __future__ import annotations

from uuid import UUID

from hutong.desk.request import Request


def op_of(request: Request) -> UUID | None:
    """The form's operation id; None when it is missing or damaged."""
    try:
        return UUID(request.POST.get("op_id", ""))
    except ValueError:
        return None
