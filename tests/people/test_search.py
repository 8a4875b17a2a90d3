"""One box finds a child by whatever an officer knows, within rights, and every search is written down."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hutong.kernel.models import Access
from hutong.kernel.scope import Scope, acting
from hutong.people import circumstances, search
from hutong.people.models import Person
from hutong.people.search import Found
from hutong.staff import rates
from hutong.staff.access import scope_of
from hutong.staff.models import User
from tests import make
from tests.make import AT, NEXT, THERE

pytestmark = pytest.mark.django_db


@pytest.fixture
def zhou() -> Iterator[User]:
    user = make.zhou()
    with make.as_(user):
        yield user


def find(text: str, by: User) -> set[str]:
    found: Found = search.search(text=text, scope=scope_of(by), by=by, at=AT)
    return {person.name for person in found.people}


# name in the register, what is typed, found?
RECALL = [
    ("单晓明", "单晓明", True),
    ("单晓明", "晓明", True),
    ("单晓明", "单", True),
    ("单晓明", "shanxiaoming", True),
    ("单晓明", "shan", True),
    ("单晓明", "sxm", True),
    ("曾乐", "zengle", True),
    ("解小强", "xiexiaoqiang", True),
    ("仇大海", "qiudahai", True),
    ("查良", "zhaliang", True),
    ("尉迟敬德", "yuchi", True),
    ("尉小红", "weixiaohong", True),
    ("阿依古丽·买买提", "阿依古丽买买提", True),
    ("阿依古丽·买买提", "古丽•买买", True),
    ("張国强", "张国强", True),
    ("欧阳娜娜", "ouyang", True),
    ("单晓明", "王", False),
    ("单晓明", "wang", False),
    ("单晓明", "明晓", False),
]


@pytest.mark.parametrize(("name", "typed", "found"), RECALL)
def test_it_finds_a_name_as_people_write_it(zhou: User, name: str, typed: str, found: bool) -> None:
    make.person(zhou, name=name)
    assert (name in find(typed, zhou)) is found


def test_it_finds_by_the_number_its_last_four_the_phone_and_the_file_number(zhou: User) -> None:
    number = make.id_number(date(2015, 2, 8))
    child = make.person(zhou, name="张小合", id_number=number, phone="138 0000 2716")
    file = make.files.open_file(child=child, on=make.ON, by=zhou, at=AT)
    for typed in (number, number[-4:], f" {number} ", "13800002716", "+86 13800002716".replace(" ", ""), file.number):
        assert find(typed, zhou) == {"张小合"}, typed


@pytest.mark.parametrize("typed", ["371726201502081232", "13800002716", "3717262026000001", "371726202600000123"])
def test_an_exact_key_is_looked_up_by_itself_and_joins_nobody(zhou: User, typed: str) -> None:
    """Joined by OR with relatives and files, a telephone number took 13 seconds in a county of 6,000 files."""
    with CaptureQueriesContext(connection) as asked:
        find(typed, zhou)
    people = [query["sql"] for query in asked if "select" in query["sql"].lower() and "people_person" in query["sql"]]
    assert people and not [sql for sql in people if "people_kinship" in sql or "people_file" in sql]


def test_a_phone_finds_who_has_it_and_the_children_of_that_person(zhou: User) -> None:
    file = make.file(zhou, name="张小合")
    aunt = make.person(zhou, name="姑合成", phone="13800002716")
    circumstances.add_kin(
        child=file.child, relative=aunt, relation="75", carer=True, start=make.ON, source="visit", by=zhou, at=AT
    )
    assert find("13800002716", zhou) == {"姑合成", "张小合"}


def test_several_words_must_all_fit(zhou: User) -> None:
    make.person(zhou, name="张小合")
    make.person(zhou, name="张大合", division=NEXT)
    assert find("张 万全庄村", zhou) == {"张小合"}


def test_it_finds_nobody_outside_the_area(zhou: User) -> None:
    ma = make.ma()
    with make.as_(ma):
        make.person(ma, name="马小合", division=THERE)
    assert find("马小合", zhou) == set()


def test_every_search_is_written_down_without_its_words(zhou: User) -> None:
    find("张小合", zhou)
    look = Access.objects.get(what="search")
    assert look.user_id == zhou.pk and "张" not in str(look.data)


def test_it_stops_who_asks_too_often(zhou: User) -> None:
    with pytest.raises(rates.TooOften, match="过几分钟再试"):
        for _ in range(100):
            rates.take("search", user=zhou.pk, at=AT)


@pytest.mark.parametrize("text", ["", "   ", "长" * 81])
def test_an_empty_or_overlong_text_gets_a_sentence(zhou: User, text: str) -> None:
    with pytest.raises(search.Refusal):
        find(text, zhou)


@pytest.mark.parametrize("text", ["'; drop table people_person; --", "%", "\\", "\x00", "a" * 80, "🙂", "0", "١٢٣٤"])
def test_strange_text_finds_nobody_and_breaks_nothing(zhou: User, text: str) -> None:
    make.person(zhou, name="张小合")
    try:
        assert find(text, zhou) == set()
    except search.Refusal:
        pass
    assert Person.objects.exists()


def test_the_pointer_needs_number_and_name_and_leaves_a_trace(zhou: User) -> None:
    ma, number = make.ma(), make.id_number()
    with make.as_(ma):
        child = make.person(ma, name="马小合", division=THERE, id_number=number)
        make.files.open_file(child=child, on=make.ON, by=ma, at=AT)
    assert search.point_out(id_number=number, name="别的名", by=zhou, at=AT) is None
    county = search.point_out(id_number=number, name="马小合", by=zhou, at=AT)
    assert county is not None and county.code == 371721000000
    assert Access.objects.filter(what="pointer", user_id=zhou.pk).count() == 1


def test_the_pointer_does_not_point_to_a_restricted_file(zhou: User) -> None:
    ma, number = make.ma(), make.id_number()
    with make.as_(ma):
        child = make.person(ma, name="马小合", division=THERE, id_number=number)
        make.files.open_file(child=child, on=make.ON, by=ma, at=AT)
    with acting(Scope(role="hutong_owner")):
        Person.objects.filter(pk=child.pk).update(restricted=True)
    assert search.point_out(id_number=number, name="马小合", by=zhou, at=AT) is None
