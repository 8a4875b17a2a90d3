"""What a pack says beside the children: looks at home that officers asked for, and what became of what was put before a supervisor."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from hutong.discovery.models import HomeCheck
from hutong.exchange.models import Conflict
from hutong.kernel.clock import day
from hutong.kernel.scope import Scope
from hutong.policy.field import number
from hutong.staff.models import User


def checks(scope: Scope, at: datetime) -> list[dict[str, Any]]:
    """Looks still to be made: whom to see and what to ask, nothing of what registers say."""
    rows = HomeCheck.objects.visible_to(scope).filter(answered_at=None, lapsed_at=None).order_by("asked_at", "pk")
    return [
        {
            "id": str(row.pk), "name": row.name, "sex": row.sex, "birth_date": row.birth_date and row.birth_date.isoformat(),
            "ask": row.ask, "asked_on": day(row.asked_at).isoformat(),
        }
        for row in rows[: number("pack_children_at_most", day(at))]
    ]  # fmt: skip


def settled(by: User, at: datetime) -> list[dict[str, str]]:
    """What supervisors decided lately about records of this user, by the id the phone gave them."""
    since = at - timedelta(days=number("answers_days", day(at)))
    rows = Conflict.objects.filter(operation__user=by, decided_at__gte=since).select_related("operation")
    return [_answer(row) for row in rows.order_by("decided_at", "pk")]


def _answer(row: Conflict) -> dict[str, str]:
    assert row.decided_at
    return {"op": str(row.operation.op), "field": row.field, "state": row.state, "on": day(row.decided_at).isoformat()}
