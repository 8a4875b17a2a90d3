"""Search tokens never stand without their person: what a foreign key promised, kept by triggers that ask once a statement."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from hutong.people.models import Person, Token
from tests import make

pytestmark = pytest.mark.django_db
NEXT = 371726001219


def test_a_token_of_nobody_or_of_another_village_is_refused() -> None:
    person = make.file(make.zhou()).child
    for whose, division in ((uuid4(), person.division), (person.pk, NEXT)):
        with pytest.raises(IntegrityError, match="no person of its village"), transaction.atomic():
            Token.objects.create(token="n:某", division=division, person_id=whose)


def test_a_token_cannot_be_given_to_nobody_afterwards() -> None:
    token = Token.objects.filter(person=make.file(make.zhou()).child).first()
    for change in ({"person_id": uuid4()}, {"division": NEXT}):
        with pytest.raises(IntegrityError, match="no person of its village"), transaction.atomic():
            Token.objects.filter(pk=token.pk).update(**change)


def test_tokens_move_with_their_person_in_the_same_statement() -> None:
    person = make.file(make.zhou()).child
    words = set(Token.objects.filter(person=person).values_list("token", flat=True))
    Person.objects.filter(pk=person.pk).update(division=NEXT)
    assert words and set(Token.objects.filter(person=person, division=NEXT).values_list("token", flat=True)) == words


def test_a_person_with_tokens_stays_and_one_without_may_go() -> None:
    person = make.person(make.zhou())
    with (
        pytest.raises(IntegrityError, match="cannot be deleted"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("delete from people_person where id = %s", [person.pk])
        cursor.execute("set constraints all immediate")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("delete from people_token where person_id = %s", [person.pk])
        cursor.execute("delete from people_person where id = %s", [person.pk])
        cursor.execute("set constraints all immediate")
    assert not Person.objects.filter(pk=person.pk).exists()
