"""What every form sends beside its fields: the operation id that makes sending twice harmless."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest


def op_of(request: HttpRequest) -> UUID | None:
    """The form's operation id; None when it is missing or damaged."""
    try:
        return UUID(request.POST.get("op_id", ""))
    except ValueError:
        return None
