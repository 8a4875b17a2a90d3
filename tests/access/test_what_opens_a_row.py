"""What opens a row to the database: the widest of one's areas, another of them, and, outside all, a grant or one's own name."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest

from hutong.exchange.models import CityDelivery
from hutong.kernel.models import Attachment
from hutong.kernel.scope import NOBODY, Scope, acting
from hutong.people.models import File
from hutong.places.codes import county
from hutong.wellbeing.models import Visit
from tests.access.world import HERE, THERE, World

ONE_COUNTY, OTHER_COUNTY = ((county(place), county(place) + 1_000_000) for place in (HERE, THERE))
VILLAGE = (THERE, THERE + 1)
READER = replace(NOBODY, reads=frozenset({"identity", "care", "category"}))


def _seen(scope: Scope) -> set[int]:
    """Where the visits lie that this scope reads."""
    with acting(scope):
        return set(Visit.objects.values_list("division", flat=True))


@pytest.mark.django_db
def test_a_second_area_is_seen_whichever_of_both_is_the_wider(world: World) -> None:
    assert _seen(replace(READER, ranges=(ONE_COUNTY, VILLAGE))) == {HERE, THERE}
    assert _seen(replace(READER, ranges=(VILLAGE, ONE_COUNTY))) == {HERE, THERE}
    assert _seen(replace(READER, ranges=(ONE_COUNTY,))) == {HERE}
    assert _seen(READER) == set()


@pytest.mark.django_db
def test_a_grant_opens_one_file_outside_the_area_and_no_other(world: World) -> None:
    granted = UUID(str(world.things[THERE]["file"]))
    assert _seen(replace(READER, ranges=(ONE_COUNTY,), subjects=(granted,))) == {HERE, THERE}
    assert _seen(replace(READER, subjects=(granted,))) == {THERE}


@pytest.mark.django_db
def test_an_area_without_its_domain_opens_nothing(world: World) -> None:
    assert _seen(replace(NOBODY, ranges=(ONE_COUNTY, OTHER_COUNTY), reads=frozenset({"identity"}))) == set()


@pytest.mark.django_db
def test_ones_own_paper_is_open_to_oneself_wherever_it_lies(world: World) -> None:
    papers = Attachment.objects.filter(pk=world.things[THERE]["attachment"])
    me = world.users["director"].pk
    papers.update(user_id=me)
    with acting(replace(READER, ranges=(ONE_COUNTY,), user=me)):
        assert papers.count() == 1
    with acting(replace(READER, ranges=(ONE_COUNTY,), user=world.users["supervisor"].pk)):
        assert papers.count() == 0


@pytest.mark.django_db
def test_an_office_sees_what_it_sent_for_the_whole_city_and_nothing_of_another(world: World) -> None:
    office = world.users["data_liaison"].posts.get().organisation
    assert office is not None
    with acting(replace(NOBODY, orgs=(office.pk,), reads=frozenset({"schooling"}))):
        assert [one.pk for one in CityDelivery.objects.all()] == [world.things[HERE]["sent"]]


@pytest.mark.django_db
def test_a_restricted_file_is_opened_by_a_grant_and_by_no_area(world: World) -> None:
    file = UUID(str(world.things[HERE]["file"]))
    File.objects.filter(pk=file).update(restricted=True)
    for ranges in ((ONE_COUNTY,), (OTHER_COUNTY, ONE_COUNTY)):
        with acting(replace(READER, ranges=ranges)):
            assert HERE not in File.objects.values_list("division", flat=True)
    with acting(replace(READER, subjects=(file,))):
        assert [one.pk for one in File.objects.all()] == [file]
