"""An officer judges on pages whether two registrations are one person."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest
from django.test import Client

from hutong.kernel.models import Access
from hutong.people import duplicates
from hutong.people.models import Pair, Person
from hutong.staff.models import User
from tests import make
from tests.make import HERE

pytestmark = pytest.mark.django_db
BORN = date(2016, 5, 4)


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def zhou() -> User:
    return make.zhou()


@pytest.fixture
def pair(zhou: User) -> Pair:
    with make.as_(zhou) as scope:
        make.file(zhou, name="张小合", born=BORN)
        again = make.person(zhou, name="张晓合", birth_date=BORN, sex="2")
        return duplicates.note(person=again, scope=scope)[0]


def test_the_two_stand_side_by_side_with_reasons_and_masked_numbers(zhou: User, pair: Pair) -> None:
    client = browser(zhou)
    assert "张小合" in client.get("/duplicates/").content.decode()
    page = client.get(f"/duplicates/{pair.pk}/").content.decode()
    assert "姓名读音相同" in page and "371726" + "2016" not in page
    assert Access.objects.filter(subject_id=pair.pk, user_id=zhou.pk).exists()


def test_joined_it_can_be_taken_back(zhou: User, pair: Pair) -> None:
    client = browser(zhou)
    client.post(f"/duplicates/{pair.pk}/", {"verdict": "merge", "keep": pair.first_id, "op_id": uuid4()})
    assert Person.objects.get(pk=pair.second_id).canonical_id == pair.first_id
    page = client.get(f"/duplicates/{pair.pk}/").content.decode()
    undo = page.split('action="')[-1].split('"')[0]
    client.post(undo)
    assert Person.objects.get(pk=pair.second_id).canonical_id is None


@pytest.mark.parametrize("keep", ["", "x", "0198a000-0000-7000-8000-000000000000"])
def test_without_a_choice_nothing_is_joined_and_a_sentence_says_so(zhou: User, pair: Pair, keep: str) -> None:
    data = {"verdict": "merge", "keep": keep, "op_id": uuid4()}
    page = browser(zhou).post(f"/duplicates/{pair.pk}/", data)
    assert page.status_code == 200 and 'role="alert"' in page.content.decode()
    assert not Person.objects.exclude(canonical=None).exists()


def test_registering_a_child_again_says_that_somebody_is_alike(pair: Pair) -> None:
    lin = make.lin()
    data = {
        "name": "张小合", "birth_date": "2016-05-04", "id_number": make.id_number(BORN, sex="2"), "sex": "2",
        "division": HERE, "hukou_kind": "rural", "op_id": uuid4(),
    }  # fmt: skip
    page = browser(lin).post("/children/new/", data, follow=True).content.decode()
    assert "可能是同一人" in page
    assert Pair.objects.count() > 1


def test_a_director_judges_nothing(pair: Pair) -> None:
    assert browser(make.lin()).get("/duplicates/").status_code == 403


def test_another_county_finds_no_pair(pair: Pair) -> None:
    assert browser(make.ma()).get(f"/duplicates/{pair.pk}/").status_code == 404
