"""How often one user may ask for one kind of thing: a token bucket in the database, one statement, no cache server."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from hutong.kernel import plans
from hutong.kernel.clock import day
from hutong.kernel.refusals import Refusal
from hutong.policy.limits import LIMITS

_TAKE = """
insert into staff_ratebucket as b (key, tokens, updated_at) values (%(key)s, %(burst)s - 1, %(at)s)
on conflict (key) do update set
  tokens = least(%(burst)s, b.tokens + extract(epoch from %(at)s - b.updated_at) * %(per_second)s) - 1,
  updated_at = %(at)s
where least(%(burst)s, b.tokens + extract(epoch from %(at)s - b.updated_at) * %(per_second)s) >= 1
"""


class TooOften(Refusal):
    """The bucket is empty."""

    code = "too_often"


def take(kind: str, *, user: UUID, at: datetime) -> None:
    """Count one use of `kind` (policy/limits.yaml) or raise TooOften."""
    rate = LIMITS[kind].on(day(at))
    values: dict[str, Any] = {
        "key": f"{kind}:{user}",
        "at": at,
        "burst": float(rate.burst),
        "per_second": rate.per_hour / 3600,
    }
    with plans.kept(), connection.cursor() as cursor:
        cursor.execute(_TAKE, values)
        if cursor.rowcount == 0:
            raise TooOften("查得太勤了，为保护孩子的信息，请过几分钟再试。没有改动任何内容。")
