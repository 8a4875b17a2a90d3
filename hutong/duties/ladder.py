"""Escalation: who stands above the bearer is told of what is overdue. Owns the levels of duties; decides nothing else."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from django.db import connection

from hutong.duties.operations import CLERK
from hutong.kernel.scope import acting
from hutong.policy.obligations import OBLIGATIONS
from hutong.staff.models import User

# Counts only: a notice names no child. `%s` is filled in by the database's format().
TEXT = "您辖区内新增 %s 名儿童的 %s 项任务逾期较久，请督促办理。"


@dataclass(frozen=True)
class Told:
    """How many duties went up a step, and how many people were told."""

    raised: int
    notices: int


@cache
def _statement() -> str:
    return (Path(__file__).parent / "ladder.sql").read_text()


def steps() -> dict[str, list[Any]]:
    """The ladders of policy/obligations.yaml as columns: obligation, number of the step from 1, days after the due day, role."""
    rows = [
        (key, number, days, role)
        for key, rule in OBLIGATIONS.items()
        for number, (days, role) in enumerate(rule.ladder, 1)
    ]
    columns: list[list[Any]] = [list(column) for column in zip(*rows, strict=True)]
    return dict(zip(("obligations", "numbers", "days", "roles"), columns, strict=True))


def escalate(*, on: date, at: datetime, by: User | None = None) -> Told:
    """Raise what has been overdue long enough and tell whoever the ladder names. Twice the same day tells nobody twice."""
    with acting(replace(CLERK, user=by.pk if by else None)), connection.cursor() as cursor:
        cursor.execute(_statement(), {**steps(), "on": on, "at": at, "text": TEXT})
        return Told(*cursor.fetchone())
