"""Every table with personal data, histories included, is protected by the database itself."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import connection

from hutong.kernel.rowsecurity import Renew

# Tables without personal data of children or families, each with the reason why no policy is needed.
OPEN = {
    "policy_version": "hashes of packaged data",
    "places_division": "public statistics codes",
    "places_succession": "public",
    "places_alias": "public",
    "places_unit": "public",
    "places_unit_divisions": "public",
    "places_organisation": "public bodies",
    "staff_user": "officials; read before sign-in",
    "staff_post": "the public directory of officials",
    "staff_session": "read before it is known who asks; holds no data of children",
    "staff_ratebucket": "counters by user",
    "kernel_seal": "digests only",
}


def _our_tables() -> set[str]:
    return {
        model._meta.db_table
        for config in apps.get_app_configs()
        if config.name.startswith("hutong.")
        for model in config.get_models(include_auto_created=True)
        if model._meta.managed
    }


def _protected() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("select relname from pg_class where relrowsecurity and relkind = 'r'")
        return {name for (name,) in cursor.fetchall()}


def _policies(command: str) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "select tablename from pg_policies where cmd in (%s, 'ALL') and roles = '{public}' and schemaname = 'public'",
            [command],
        )
        return {name for (name,) in cursor.fetchall()}


@pytest.mark.django_db
def test_every_table_is_either_protected_or_named_open_with_a_reason() -> None:
    unprotected = _our_tables() - _protected() - set(OPEN)
    assert not unprotected, f"no row security: {sorted(unprotected)}"


@pytest.mark.django_db
def test_no_table_is_called_open_that_is_not_there() -> None:
    assert set(OPEN) <= _our_tables()


@pytest.mark.django_db
@pytest.mark.parametrize("command", ["SELECT", "INSERT"])
def test_every_protected_table_has_a_policy_for_everybody(command: str) -> None:
    ours = _our_tables() & _protected()
    assert ours and ours <= _policies(command)


@pytest.mark.django_db
def test_the_roles_of_the_application_own_nothing_and_bypass_nothing() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "select rolname from pg_roles where rolname in ('hutong_web', 'hutong_worker') and (rolbypassrls or rolsuper)"
        )
        assert cursor.fetchall() == []
        cursor.execute(
            "select count(*) from pg_tables where schemaname = 'public' and tableowner in ('hutong_web', 'hutong_worker')"
        )
        assert cursor.fetchone() == (0,)


@pytest.mark.django_db
def test_the_narrow_doors_fix_their_search_path_and_are_closed_to_the_public() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "select proname, proconfig::text like '%%search_path%%', has_function_privilege('public', oid, 'execute')"
            " from pg_proc where prosecdef and proname like 'hutong%%'"
        )
        rows = cursor.fetchall()
    assert {name for name, _, _ in rows} >= {"hutong_match_identifier", "hutong_point_out", "hutong_hand_over"}
    assert all(fixed and not public for _, fixed, public in rows), rows


@pytest.mark.django_db
def test_making_all_policies_anew_changes_none_of_a_new_database() -> None:
    before = _written()
    with connection.schema_editor() as editor:
        Renew("0010_beyond", but=("staff_grant",)).database_forwards("discovery", editor, None, None)
    assert len(before) > 100 and _written() == before


def _written() -> list[tuple[str, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "select tablename, policyname, cmd, roles::text, qual, with_check from pg_policies order by 1, 2"
        )
        return cursor.fetchall()
