"""The demonstration county: complete, marked, repeatable, and never on top of real data."""

from __future__ import annotations

from datetime import UTC, date, datetime
from random import Random

import pytest
from stdnum.cn import ric

from hutong.kernel import ciphers
from hutong.kernel.refusals import Refusal
from hutong.people.models import Category, File, Kinship, Person
from hutong.staff.models import Post, User
from hutong.wellbeing.models import Visit
from hutong.workbench.demo import accounts, check, county, names

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 23, 2, tzinfo=UTC)


def test_every_village_has_a_director_and_every_town_a_supervisor() -> None:
    county.load(files=80, seed=1, at=AT)
    assert Post.objects.filter(role="director").values("division").distinct().count() == 391
    assert Post.objects.filter(role="director").count() == 400
    assert Post.objects.filter(role="supervisor").values("division").distinct().count() == 17


def test_it_makes_as_many_files_as_asked_for_each_with_carer_and_category() -> None:
    county.load(files=80, seed=1, at=AT)
    assert File.objects.count() == 80
    assert set(Category.objects.values_list("file", flat=True)) == set(File.objects.values_list("id", flat=True))
    cared = Kinship.objects.filter(carer=True).values_list("child", flat=True)
    assert set(cared) == set(File.objects.values_list("child", flat=True))
    assert Visit.objects.filter(occurred_on__gte=date(2026, 11, 24)).count() == 0


def test_nobody_in_it_passes_for_real() -> None:
    county.load(files=80, seed=1, at=AT)
    assert not Person.objects.filter(synthetic=False).exists()
    assert not User.objects.filter(synthetic=False).exists()
    assert not File.objects.filter(synthetic=False).exists()


def test_citizen_numbers_are_well_formed_and_open_again() -> None:
    county.load(files=10, seed=1, at=AT)
    for person in Person.objects.all():
        number = ciphers.unseal(person.id_sealed, "id_number")
        assert ric.is_valid(number) and ric.get_birth_date(number) == person.birth_date
        assert (int(number[16]) % 2 == 1) == (person.sex == "1")


def test_a_second_load_keeps_what_is_there() -> None:
    first = county.load(files=20, seed=1, at=AT)
    assert county.load(files=500, seed=2, at=AT).pk == first.pk
    assert File.objects.count() == 20


def test_it_refuses_where_somebody_is_real() -> None:
    User.objects.create(username="real", name="实", created_at=AT)
    with pytest.raises(Refusal):
        county.load(files=20, seed=1, at=AT)
    assert not Person.objects.exists()


def test_the_same_seed_draws_the_same_people() -> None:
    def drawn() -> list[str]:
        rng = Random(5)
        return [names.surname(rng, "张庄") + names.given(rng, "2") for _ in range(50)]

    assert drawn() == drawn()


def test_the_printed_accounts_can_sign_in() -> None:
    assert accounts.accounts() == []
    county.load(files=10, seed=1, at=AT)
    table = accounts.accounts()
    assert [one.username for one in table][:2] == ["director", "supervisor"] and len(table) == 8
    assert all(User.objects.get(username=one.username).check_password(one.password) for one in table)


def test_bulk_rows_are_what_the_operations_would_have_made() -> None:
    county.load(files=10, seed=1, at=AT)
    assert check.check(families=6, seed=1, today=AT.date()) == []
    assert File.objects.count() == 10
