"""Two registrations of one person: noticed with reasons, joined by an officer, taken apart again, remembered."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest

from hutong.kernel.models import Event
from hutong.kernel.refusals import Refusal
from hutong.people import duplicates, merges, search
from hutong.people.duplicates import Known, compare
from hutong.people.models import File, Kinship, Pair, Person
from hutong.policy.duplicates import DUPLICATES, score
from hutong.staff.access import scope_of
from hutong.staff.models import User
from tests import make
from tests.make import AT, HERE, NEXT

BORN = date(2016, 5, 4)


@pytest.mark.parametrize(
    ("one", "other", "asked"),
    [
        (Known("张小合", BORN, division=HERE), Known("张小合", BORN, division=NEXT), True),
        (Known("张晓合", BORN, division=HERE), Known("张小合", BORN, division=HERE), True),
        (Known("张小合", date(2016, 5, 4), division=HERE), Known("张小合", date(2016, 4, 5), division=HERE), True),
        (Known("阿依·买买提", BORN, division=HERE), Known("阿依买买提", BORN, division=HERE), True),
        (Known("张小合", BORN, id_key="a", division=HERE), Known("张小合", BORN, id_key="b", division=HERE), False),
        (Known("张小合", BORN, sex="1", division=HERE), Known("李大合", BORN, sex="1", division=HERE), False),
        (Known("张小合", BORN, division=HERE), Known("张小合", date(2009, 1, 1), division=HERE), False),
        (Known("张小合", None, division=HERE), Known("张小合", None, division=HERE), False),
    ],
)
def test_it_asks_about_likely_pairs_only(one: Known, other: Known, asked: bool) -> None:
    assert (score(compare(one, other)) >= DUPLICATES.ask_from) is asked
    assert compare(one, other) == compare(other, one)


@pytest.fixture
def zhou(db: None) -> User:
    return make.zhou()


@pytest.fixture
def pair(zhou: User) -> Pair:
    """A child with number and parents, and the same child again without a number."""
    with make.as_(zhou) as scope:
        first = make.file(zhou, name="张小合", born=BORN)
        make.parents_away(first, zhou)
        again = make.person(zhou, name="张晓合", birth_date=BORN, sex="2", phone="13800000001")
        (found,) = duplicates.note(person=again, scope=scope)
        return found


def _sides(pair: Pair) -> tuple[Person, Person]:
    both = sorted((pair.first, pair.second), key=lambda p: p.id_key is None)
    return both[0], both[1]


def test_noting_twice_keeps_one_pair(zhou: User, pair: Pair) -> None:
    with make.as_(zhou) as scope:
        assert duplicates.note(person=_sides(pair)[1], scope=scope) == [pair]
    assert pair.reasons[:2] == ["name_sounds", "birth_same"]


def test_judged_distinct_it_is_not_asked_again(zhou: User, pair: Pair) -> None:
    with make.as_(zhou) as scope:
        duplicates.distinct(pair=pair, by=zhou, at=AT)
        assert duplicates.note(person=_sides(pair)[1], scope=scope) == []
        with pytest.raises(duplicates.JudgedAlready):
            merges.merge(pair=pair, keep=pair.first_id, by=zhou, at=AT)


def test_a_merge_keeps_both_and_the_other_spelling_finds_the_kept_one(zhou: User, pair: Pair) -> None:
    kept, gone = _sides(pair)
    with make.as_(zhou):
        merges.merge(pair=pair, keep=kept.pk, by=zhou, at=AT)
        gone.refresh_from_db()
        assert gone.canonical_id == kept.pk
        kept.refresh_from_db()
        assert kept.phone_key == gone.phone_key != ""
        found = search.search(text="张晓合", scope=scope_of(zhou, "测试"), by=zhou, at=AT)
        assert [p.pk for p in found.people] == [kept.pk]


def test_keeping_the_one_without_number_gives_it_number_kin_and_file_and_undo_gives_all_back(
    zhou: User, pair: Pair
) -> None:
    whole, bare = _sides(pair)
    with make.as_(zhou):
        done = merges.merge(pair=pair, keep=bare.pk, by=zhou, at=AT)
        bare.refresh_from_db()
        assert bare.id_key == whole.id_key
        assert File.objects.get().child_id == bare.pk
        assert Kinship.objects.filter(child=bare).count() == 3
        merges.undo(merge=done, by=zhou, at=AT)
        bare.refresh_from_db()
        whole.refresh_from_db()
        assert bare.id_key is None and bare.id_sealed is None and bare.id_tail == ""
        assert whole.canonical_id is None and whole.id_key
        assert File.objects.get().child_id == whole.pk
        assert Kinship.objects.filter(child=whole).count() == 3
    pair.refresh_from_db()
    assert pair.state == Pair.State.OPEN
    with make.as_(zhou), pytest.raises(merges.NotMergeable):
        merges.undo(merge=done, by=zhou, at=AT)


def test_of_two_open_files_one_is_closed_and_reopened(zhou: User) -> None:
    with make.as_(zhou) as scope:
        first, second = (make.file(zhou, name="张小合", born=BORN, division=d) for d in (HERE, NEXT))
        Person.objects.filter(pk=second.child_id).update(id_key=None, id_sealed=None, id_tail="")
        (pair,) = duplicates.note(person=Person.objects.get(pk=second.child_id), scope=scope)
        done = merges.merge(pair=pair, keep=first.child_id, by=zhou, at=AT)
        second.refresh_from_db()
        assert second.closed_on and second.close_reason == "wrong" and second.child_id != first.child_id
        merges.undo(merge=done, by=zhou, at=AT)
        second.refresh_from_db()
        assert second.closed_on is None


def test_different_numbers_are_never_joined(zhou: User) -> None:
    with make.as_(zhou):
        one, other = sorted((make.child(zhou), make.child(zhou)), key=lambda p: p.pk)
        pair = Pair.objects.create(first=one, second=other, division=HERE, score=80)
        with pytest.raises(merges.NotMergeable, match="身份证号不同"):
            merges.merge(pair=pair, keep=one.pk, by=zhou, at=AT)
        assert not Person.objects.exclude(canonical=None).exists()


def test_sent_twice_it_is_done_once(zhou: User, pair: Pair) -> None:
    op = uuid4()
    with make.as_(zhou):
        first = merges.merge(pair=pair, keep=pair.first_id, by=zhou, at=AT, op=op)
        assert merges.merge(pair=pair, keep=pair.first_id, by=zhou, at=AT, op=op) == first
    assert Event.objects.filter(kind="people.person.merged").count() == 1


def test_another_county_sees_no_pair(pair: Pair) -> None:
    with make.as_(make.ma()) as scope:
        assert not Pair.objects.visible_to(scope).exists()
        with pytest.raises((Refusal, Pair.DoesNotExist)):
            merges.merge(pair=pair, keep=pair.first_id, by=make.ma(), at=AT)
