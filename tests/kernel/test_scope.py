"""The database enforces the scope, whatever the query forgot."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, connection, connections, transaction

from hutong.kernel.scope import Scope, acting
from hutong.people.models import Circumstance, File, Kinship, Person

AT = datetime(2026, 11, 2, 3, tzinfo=UTC)
HERE, THERE = 371726001216, 371721001001
ALL = frozenset({"identity", "category", "care"})


def scope(low: int = 371726000000, high: int = 371727000000, **changes: object) -> Scope:
    return Scope(**{"ranges": ((low, high),), "reads": ALL, "writes": ALL, **changes})  # type: ignore[arg-type]


def person(division: int, name: str = "甲") -> Person:
    return Person.objects.create(division=division, name=name, created_at=AT)


@pytest.fixture
def two(db: None) -> tuple[Person, Person]:
    return person(HERE), person(THERE, "乙")


def test_it_shows_only_the_own_area_without_any_filter(two: tuple[Person, Person]) -> None:
    with acting(scope()):
        assert list(Person.objects.all()) == [two[0]]


def test_it_shows_nothing_without_a_scope(two: tuple[Person, Person]) -> None:
    with acting(Scope()):
        assert not Person.objects.exists()


def test_it_shows_nothing_of_a_domain_that_is_not_granted(two: tuple[Person, Person]) -> None:
    with acting(scope(reads=frozenset({"care"}))):
        assert not Person.objects.exists()


def test_it_refuses_a_write_across_the_county_border(two: tuple[Person, Person]) -> None:
    with acting(scope()):
        with pytest.raises(DatabaseError), transaction.atomic():
            person(THERE)
        with pytest.raises(DatabaseError), transaction.atomic():
            Person.objects.filter(pk=two[0].pk).update(division=THERE)
        assert Person.objects.filter(pk=two[1].pk).update(name="丙") == 0


def test_it_restores_the_outer_scope(two: tuple[Person, Person]) -> None:
    with acting(scope()):
        with acting(scope(371721000000, 371722000000)):
            assert list(Person.objects.all()) == [two[1]]
        assert list(Person.objects.all()) == [two[0]]
    with connection.cursor() as cursor:
        cursor.execute("select current_user, current_setting('hutong.ranges', true)")
        assert cursor.fetchone() == ("hutong_owner", "{}")


def test_an_adult_of_another_area_is_read_through_the_kinship_of_the_child(two: tuple[Person, Person]) -> None:
    child, adult = two
    Kinship.objects.create(child=child, relative=adult, division=HERE, relation="51", source="test")
    Circumstance.objects.create(
        person=adult, division=THERE, domain="care", kind="away_work", source="test", recorded_at=AT
    )
    with acting(scope()):
        assert Person.objects.count() == 2
        assert Circumstance.objects.get().kind == "away_work"


def test_moving_a_person_moves_all_that_belongs_to_them(two: tuple[Person, Person]) -> None:
    child = two[0]
    file = File.objects.create(child=child, number="F1", division=HERE, opened_on=AT.date())
    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")
    with acting(scope()), connection.cursor() as cursor:
        cursor.execute("select hutong_hand_over(%s, %s)", [child.pk, THERE])
        assert not File.objects.exists()
    file.refresh_from_db()
    assert file.division == THERE


def test_history_is_protected_like_its_subject(two: tuple[Person, Person]) -> None:
    from django.apps import apps

    event = apps.get_model("people", "PersonEvent")
    with acting(scope(user=two[0].pk, purpose="查看")):
        Person.objects.filter(pk=two[0].pk).update(name="丁")
        assert set(event.objects.values_list("name", flat=True)) == {"甲", "丁"}
        with connection.cursor() as cursor:
            cursor.execute("select by_user, by_purpose from people_personevent where name = '丁'")
            assert cursor.fetchone() == (two[0].pk, "查看")


@pytest.fixture
def signed_in_as_web(db: None) -> Iterator[None]:
    """The default connection is one of the web server's own login, not the owner's."""
    owner = connections["default"]
    web = owner.copy()
    web.settings_dict = {**owner.settings_dict, "USER": "hutong_web"}
    connections["default"] = web
    yield
    web.close()
    connections["default"] = owner


@pytest.mark.parametrize("asked", ["hutong_web", "hutong_worker"])
def test_who_signed_in_as_a_role_of_the_application_keeps_it_whatever_a_scope_asks_for(
    signed_in_as_web: None, asked: str
) -> None:
    with acting(Scope(role=asked)), connection.cursor() as cursor:
        cursor.execute("select session_user, current_user")
        assert cursor.fetchone() == ("hutong_web", "hutong_web")
