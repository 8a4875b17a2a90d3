"""A child is registered once, its file opened where it lives, its categories decided by two people."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest

from hutong.kernel.models import Event
from hutong.people import categories, circumstances, files, persons
from hutong.people.models import Category, Circumstance, File, Person, Token
from hutong.policy.categories import Outcome
from tests import make
from tests.make import AT, HERE, NEXT, ON, THERE

pytestmark = pytest.mark.django_db


def test_it_reads_sex_and_birth_date_from_the_number_and_seals_it() -> None:
    lin = make.lin()
    with make.as_(lin):
        child = make.child(lin, born=date(2016, 5, 4), sex="2")
    assert (child.sex, child.birth_date) == ("2", date(2016, 5, 4))
    assert child.id_tail.encode() not in bytes(child.id_sealed)[:-16] or len(child.id_key) == 64


def test_it_refuses_a_number_that_is_registered_and_names_the_person_only_at_home() -> None:
    zhou, ma = make.zhou(), make.ma()
    number = make.id_number()
    with make.as_(zhou):
        first = make.person(zhou, id_number=number)
        with pytest.raises(persons.KnownAlready) as here:
            make.person(zhou, id_number=number)
    with make.as_(ma), pytest.raises(persons.KnownAlready) as there:
        make.person(ma, id_number=number, division=THERE)
    assert (here.value.person, there.value.person) == (first.pk, None)


def test_it_refuses_a_birth_date_that_contradicts_the_number() -> None:
    zhou = make.zhou()
    with make.as_(zhou), pytest.raises(persons.BadIdNumber, match="出生日期与身份证号不一致"):
        make.person(zhou, id_number=make.id_number(), birth_date=date(2010, 1, 1))


def test_the_same_operation_twice_makes_one_person() -> None:
    zhou, op = make.zhou(), uuid4()
    with make.as_(zhou):
        first = make.person(zhou, op=op)
        assert make.person(zhou, op=op) == first
    assert Person.objects.count() == 1 and Event.objects.filter(op=op).count() == 1


def test_a_director_opens_a_file_and_becomes_its_director() -> None:
    lin = make.lin()
    with make.as_(lin):
        file = make.file(lin)
    assert file.director == lin and file.number == "3717262026000001"


def test_file_numbers_run_on_within_a_county_and_year() -> None:
    zhou = make.zhou()
    with make.as_(zhou):
        assert [make.file(zhou, name=f"童{n}").number[-6:] for n in range(2)] == ["000001", "000002"]


def test_a_child_has_one_open_file() -> None:
    zhou = make.zhou()
    with make.as_(zhou):
        file = make.file(zhou)
        with pytest.raises(files.FileOpen):
            files.open_file(child=file.child, on=ON, by=zhou, at=AT)


def test_a_file_is_opened_in_a_village_and_not_in_a_town() -> None:
    zhou = make.zhou()
    with make.as_(zhou), pytest.raises(files.NotAVillage):
        make.file(zhou, division=371726001000)


def test_the_rule_proposes_from_facts_and_an_officer_confirms() -> None:
    lin, zhou = make.lin(), make.zhou()
    with make.as_(lin):
        file = make.file(lin)
        make.parents_away(file, lin)
    with make.as_(zhou):
        (proposal,) = [p for p in categories.proposals(file, ON) if p.category == "LEFT_BEHIND"]
        assert (proposal.outcome, proposal.basis) == (Outcome.PROPOSE, "BOTH_AWAY")
    with make.as_(lin):
        row = categories.propose_category(file=file, kind="LEFT_BEHIND", proposal=proposal, by=lin, at=AT)
        assert {fact["kind"] for fact in row.facts} >= {"whereabouts"}
    with make.as_(zhou):
        assert categories.decide(category=row, confirm=True, on=ON, by=zhou, at=AT).state == "confirmed"


def test_who_proposed_does_not_confirm() -> None:
    zhou = make.zhou()
    with make.as_(zhou):
        row = categories.propose_category(file=make.file(zhou), kind="LEFT_BEHIND", by=zhou, at=AT)
        with pytest.raises(categories.SamePerson):
            categories.decide(category=row, confirm=True, on=ON, by=zhou, at=AT)


def test_the_second_of_two_decisions_gets_a_sentence() -> None:
    zhou, qin = make.zhou(), make.qin()
    with make.as_(qin):
        row = categories.propose_category(file=make.file(qin), kind="LEFT_BEHIND", by=qin, at=AT)
    with make.as_(zhou):
        categories.decide(category=row, confirm=True, on=ON, by=zhou, at=AT)
        with pytest.raises(categories.AlreadyDecided, match="刚刚已由别人办理"):
            categories.decide(category=row, confirm=False, reason="x", on=ON, by=zhou, at=AT)


def test_a_director_cannot_write_a_confirmed_category_past_the_operation() -> None:
    lin = make.lin()
    with make.as_(lin):
        row = categories.propose_category(file=make.file(lin), kind="LEFT_BEHIND", by=lin, at=AT)
        assert Category.objects.filter(pk=row.pk).update(state="confirmed") == 0


def test_a_new_carer_ends_the_care_of_the_former_one() -> None:
    lin = make.lin()
    with make.as_(lin):
        file = make.file(lin)
        make.parents_away(file, lin)
        aunt = make.person(lin, name="张姑合", sex="2")
        circumstances.add_kin(
            child=file.child, relative=aunt, relation="75", carer=True, start=ON, source="visit", by=lin, at=AT
        )
        carers = list(file.child.kin.filter(carer=True, end=None))
    assert [kin.relative for kin in carers] == [aunt]


def test_a_fact_about_a_parent_touches_the_file_of_the_child() -> None:
    lin = make.lin()
    with make.as_(lin):
        file = make.file(lin)
        make.parents_away(file, lin, start=date(2026, 3, 1))
        assert File.objects.get(pk=file.pk).last_changed_on == date(2026, 3, 1)


def test_a_fact_that_does_not_fit_its_kind_is_refused_with_a_sentence() -> None:
    zhou = make.zhou()
    with make.as_(zhou), pytest.raises(circumstances.BadFact, match="没有保存"):
        circumstances.record(
            person=make.person(zhou), kind="whereabouts", value={"place": "moon"}, source="x", by=zhou, at=AT
        )


def test_moving_within_the_area_takes_everything_along() -> None:
    zhou, lin = make.zhou(), make.lin()
    with make.as_(zhou):
        file = make.file(zhou)
        files.move(file=file, division=NEXT, on=ON, by=zhou, at=AT)
    with make.as_(lin):
        assert not File.objects.exists() and not Token.objects.exists()
    assert File.objects.get(pk=file.pk).division == NEXT


def test_moving_across_the_border_is_refused_and_handing_over_is_not() -> None:
    zhou, ma = make.zhou(), make.ma()
    with make.as_(zhou):
        file = make.file(zhou)
        with pytest.raises(files.Refusal, match="移交档案"):
            files.move(file=file, division=THERE, on=ON, by=zhou, at=AT)
        files.hand_over(file=file, division=THERE, because="随父母迁居", by=zhou, at=AT)
        assert not File.objects.exists()
    with make.as_(ma):
        assert File.objects.get().pk == file.pk


def test_a_file_with_running_categories_is_not_closed() -> None:
    zhou, qin = make.zhou(), make.qin()
    with make.as_(zhou):
        file = make.file(zhou)
    with make.as_(qin):
        make.left_behind(file, zhou, qin)
        with pytest.raises(files.Refusal, match="先逐个办结"):
            files.close_file(file=file, reason="age", on=ON, by=qin, at=AT)


def test_a_withdrawn_fact_stays_and_counts_no_longer() -> None:
    lin = make.lin()
    with make.as_(lin):
        file = make.file(lin)
        father, _ = make.parents_away(file, lin)
        fact = Circumstance.objects.get(person=father)
        circumstances.withdraw(circumstance=fact, because="写错人", by=lin, at=AT)
        assert categories.child_of(file, ON).father.facts == ()
    assert Circumstance.objects.filter(person=father).exists() and file.division == HERE
