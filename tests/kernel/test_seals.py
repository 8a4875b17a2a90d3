"""The record of what was done can be proved unchanged."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from hutong.kernel import looks, seals
from hutong.kernel.models import Access, Seal

AT = datetime(2026, 11, 2, 3, tzinfo=UTC)


@pytest.fixture
def two_days(db: None) -> None:
    for when in (AT, AT, AT + timedelta(days=1)):
        looks.look(what="file", subject=("people.file", uuid4()), division=371726001216, by=uuid4(), at=when)


def _tamper(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("alter table kernel_access disable trigger user")
        cursor.execute(sql)
        cursor.execute("alter table kernel_access enable trigger user")


def test_it_seals_each_closed_day_once(two_days: None) -> None:
    assert seals.seal(at=AT + timedelta(days=2)) == 2
    assert seals.seal(at=AT + timedelta(days=2)) == 0
    assert list(Seal.objects.order_by("day").values_list("count", flat=True)) == [2, 1]
    assert list(seals.verify()) == []


def test_it_leaves_the_day_open_that_is_not_over(two_days: None) -> None:
    assert seals.seal(at=AT + timedelta(days=1)) == 1


@pytest.mark.parametrize(
    "sql",
    [
        "update kernel_access set purpose = '别的' where id = (select id from kernel_access order by id limit 1)",
        "delete from kernel_access where id = (select id from kernel_access order by id limit 1)",
    ],
)
def test_it_notices_a_row_changed_or_gone(two_days: None, sql: str) -> None:
    seals.seal(at=AT + timedelta(days=2))
    _tamper(sql)
    assert [fault.day for fault in seals.verify()] == [AT.date()]
    with pytest.raises(CommandError, match="核对未通过"):
        call_command("audit", "verify")


def test_moving_a_child_does_not_break_the_proof(two_days: None) -> None:
    seals.seal(at=AT + timedelta(days=2))
    _tamper("update kernel_access set division = 371721001001")
    assert list(seals.verify()) == []


def test_the_database_refuses_to_change_what_was_recorded(two_days: None) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        Access.objects.update(purpose="别的")
    with pytest.raises(DatabaseError), transaction.atomic():
        Access.objects.all().delete()
