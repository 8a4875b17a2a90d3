"""A kept plan is the connection's; what it shows is still the asker's own."""

from __future__ import annotations

import pytest
from django.db import connection

from hutong.kernel import plans
from hutong.kernel.scope import acting
from hutong.people.models import File
from hutong.staff.access import scope_of
from tests import make

pytestmark = pytest.mark.django_db


def seen(file: File) -> bool:
    with plans.kept():
        return File.objects.select_related("child").filter(pk=file.pk).exists()


def test_the_same_statement_on_the_same_connection_shows_each_asker_only_what_is_theirs() -> None:
    lin, ma = make.lin(), make.ma()
    with make.as_(lin):
        file = make.file(lin)
    found = []
    for _ in range(3):  # the second time it is planned for good
        for user in (lin, ma):
            with acting(scope_of(user)):
                found.append(seen(file))
    with connection.cursor() as cursor:
        cursor.execute("select sum(generic_plans) from pg_prepared_statements where statement like '%people_file%'")
        (kept,) = cursor.fetchone()
    assert found == [True, False] * 3
    assert kept >= 2


def test_after_it_statements_are_bound_as_before() -> None:
    before = connection.connection.cursor_factory
    with plans.kept():
        assert connection.connection.cursor_factory is not before
    assert connection.connection.cursor_factory is before
