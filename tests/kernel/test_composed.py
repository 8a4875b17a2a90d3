"""A statement that is kept and filled in is the statement that would have been composed, whatever the values."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.db.models import Q, QuerySet
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from hutong.kernel.composed import Lost, composed
from hutong.kernel.scope import Scope
from hutong.people.models import File, Person
from tests import make
from tests.make import AT

pytestmark = pytest.mark.django_db
_NUMBERS = st.integers(-30_000, 10**15)
_TEXTS = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\x00\x1f"), max_size=5)
_RANGES = st.lists(st.tuples(_NUMBERS, _NUMBERS), min_size=1, max_size=3).map(tuple)
# Values of each kind an argument of ours has, by the name of its type.
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "UUID": st.uuids(), "date": st.dates(date(1900, 1, 1), date(2900, 1, 1)), "str": _TEXTS, "int": _NUMBERS,
    "list[UUID]": st.lists(st.uuids(), min_size=1, max_size=4),
    "Scope": _RANGES.map(lambda ranges: Scope(ranges=ranges)),
    "tuple[Wanted, ...]": st.lists(
        st.tuples(
            st.lists(st.lists(_TEXTS, min_size=1, max_size=3, unique=True).map(tuple), min_size=1, max_size=3).map(tuple),
            st.none() | st.lists(_NUMBERS, min_size=1, max_size=3), st.none(),
        ) | st.tuples(st.just(()), st.none(), st.lists(st.uuids(), min_size=1, max_size=3)), min_size=1, max_size=3,
    ).map(tuple),
}  # fmt: skip


def every() -> list[composed[Any]]:
    """All of the product, found where they live."""
    import hutong.config.urls  # noqa: F401  (loads every page and with it every room)

    found = [one for one in gc.get_objects() if type(one) is composed and one.write.__module__.startswith("hutong.")]
    return sorted(found, key=lambda one: f"{one.write.__module__}.{one.write.__qualname__}")


def arguments(one: composed[Any]) -> st.SearchStrategy[tuple[Any, ...]]:
    kinds = [kind for name, kind in one.write.__annotations__.items() if name != "return"]
    return st.tuples(*(VALUES[str(kind)] for kind in kinds)).filter(_unlike)


def _unlike(values: tuple[Any, ...]) -> bool:
    """Not the same text twice: Django writes it once where it stands in one IN, a kept statement twice."""
    texts = [value for value in values if isinstance(value, str)]
    return len(set(texts)) == len(texts)


def asked(call: Callable[[], Any]) -> list[str]:
    with CaptureQueriesContext(connection) as heard:
        call()
    return [query["sql"] for query in heard.captured_queries]


@settings(
    max_examples=6,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.data())
def test_kept_and_composed_anew_it_is_the_same_statement(data: st.DataObject) -> None:
    assert len(every()) >= 15
    for one in every():
        for _ in range(2):  # the second time a kept one is filled in, where the shape is the same
            values = data.draw(arguments(one))
            assert asked(lambda one=one, values=values: one(*values)) == asked(
                lambda one=one, values=values: list(one.write(*values))
            )


@composed
def _named(names: list[str], since: date, scope: Scope) -> QuerySet[File]:
    rows = File.objects.visible_to(scope).filter(child__name__any=names, opened_on__gte=since)
    return rows.select_related("child").only("number", "child", "child__name").order_by("number")


@composed
def _closed(file: UUID, closed: bool | None) -> QuerySet[File, UUID]:
    return File.objects.filter(~Q(closed_on=None) if closed else Q(closed_on=None), pk=file).values_list(
        "pk", flat=True
    )


@composed
def _alike(name: str) -> QuerySet[Person]:
    return Person.objects.filter(name__contains=name)


@pytest.fixture
def files() -> Iterator[list[File]]:
    user = make.zhou()
    with make.as_(user):
        people = [make.person(user, name=name) for name in ("张小合", "王合成", "李小合")]
        yield [make.files.open_file(child=child, on=make.ON, by=user, at=AT) for child in people]


def test_it_answers_objects_with_what_was_selected_and_asks_once(files: list[File]) -> None:
    scope = Scope(ranges=((0, 10**12),))
    for names in (["张小合"], ["张小合", "王合成", "没有"], [], ["李小合"]):
        with CaptureQueriesContext(connection) as heard:
            found = _named(names, make.ON, scope)
            assert [file.child.name for file in found] == [
                name for name in ("张小合", "王合成", "李小合") if name in names
            ]
        assert len(heard) == 1
    assert _named(["张小合"], make.ON + timedelta(days=1), scope) == []
    assert _named(["张小合"], make.ON, Scope()) == []  # no range, nothing seen


def test_what_decides_the_shape_is_not_mistaken_for_a_value(files: list[File]) -> None:
    one = files[0].pk
    for closed, found in ((False, [one]), (True, []), (None, [one]), (False, [one])):
        assert _closed(one, closed) == found
    assert _closed(uuid4(), False) == []


def test_what_came_of_one_call_is_not_changed_by_the_next(files: list[File]) -> None:
    scope = Scope(ranges=((0, 10**12),))
    first = _named(["张小合"], make.ON, scope)
    _named(["王合成"], make.ON, scope)
    assert [file.child.name for file in first] == ["张小合"]


def test_a_value_that_a_lookup_changes_is_refused_at_the_first_call() -> None:
    with pytest.raises(Lost, match="_alike"):
        _alike("合")
