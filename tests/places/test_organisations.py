"""Organisations come from the plan and the divisions; what nobody vouches for is marked."""

from __future__ import annotations

import pytest

from hutong.places import operations
from hutong.places.models import Division, Organisation
from hutong.policy import plan

pytestmark = pytest.mark.django_db


def test_the_departments_are_the_plans_twenty() -> None:
    operations.load_organisations()
    city = Organisation.objects.filter(kind="department", division=371700000000)
    assert {one.department for one in city} == {one.canonical for one in plan.load().departments}
    printed = {name for one in plan.load().departments for name in one.aliases}
    assert {one.name for one in city} <= printed


def test_each_statutory_county_has_its_twenty_and_a_zone_only_the_body_addressed() -> None:
    operations.load_organisations()
    juancheng = Organisation.objects.filter(kind="department", division=371726000000)
    assert juancheng.count() == 20
    assert juancheng.get(department="市教育局").name == "鄄城县教体局"
    zone = Organisation.objects.filter(kind="department", division=371771000000)
    assert [one.name for one in zone] == ["菏泽市鲁西新区社会事业发展中心"]


def test_every_town_has_a_government_or_an_office() -> None:
    operations.load_organisations()
    assert Organisation.objects.filter(kind="town").count() == Division.objects.filter(level=4).count() == 167
    assert Organisation.objects.get(kind="town", division=371726001000).name == "陈王街道办事处"


def test_a_real_start_makes_up_no_school() -> None:
    operations.load_organisations()
    assert not Organisation.objects.filter(synthetic=True).exists()
    assert not Organisation.objects.filter(kind__in=["school", "station", "centre"]).exists()


def test_synthetic_ones_are_marked_and_a_second_load_adds_nothing() -> None:
    first = operations.load_organisations(synthetic=True)
    assert Organisation.objects.filter(kind="school").exclude(synthetic=True).count() == 0
    assert operations.load_organisations(synthetic=True) == first
