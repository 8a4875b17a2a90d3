"""The category rules against the table of domain.md §16, as of 2025-09-01 unless said."""

from datetime import date

import pytest

from hutong.policy.categories import UNKNOWN, Child, Episode, Fact, Outcome, Person, propose, raised_groups
from hutong.policy.categories.facts import plus_months

DAY = date(2025, 9, 1)
NINE = date(2016, 3, 1)


def person(*facts):
    return Person(tuple(facts))


def fact(name, start=date(2024, 1, 1), end=None, /, **value):
    return Fact(name, value, start, end, source="test")


def away(**more):
    return fact("whereabouts", place="away_work", **more)


def home(**more):
    return fact("whereabouts", place="home", **more)


def disabled(kind, grade):
    return fact("disability", **{"class": kind, "grade": grade})


dead = fact("dead", how="natural")


def said(child, category, on=DAY):
    return next(p for p in propose(child, on) if p.category == category)


def outcomes(child, on=DAY):
    return {p.category: p.outcome for p in propose(child, on)}


# 1
def test_a_child_whose_parents_both_work_away_is_proposed_as_left_behind():
    child = Child(
        NINE,
        me=person(fact("lives_with", who="grandparents")),
        father=person(away(where="苏州")),
        mother=person(away(where="苏州")),
        hukou_kind="rural",
    )
    assert (said(child, "LEFT_BEHIND").outcome, said(child, "LEFT_BEHIND").basis) == ("PROPOSE", "BOTH_AWAY")
    assert said(child, "IN_DIFFICULTY").outcome == "NOT"
    assert said(child, "LEFT_BEHIND").prompt_on == date(2032, 3, 1)


# 2
def test_a_healthy_mother_at_home_means_not_left_behind():
    child = Child(NINE, father=person(away()), mother=person(home()))
    assert said(child, "LEFT_BEHIND").outcome == "NOT"


# 3
def test_a_mother_at_home_without_capacity_means_left_behind_and_more_visits():
    child = Child(NINE, father=person(away()), mother=person(home(), disabled("5", "3")))
    found = said(child, "LEFT_BEHIND")
    assert (found.outcome, found.basis) == ("PROPOSE", "ONE_AWAY_OTHER_INCAPABLE")
    assert list(raised_groups(child, DAY)) == ["parent_severe"]
    assert "重度" in said(child, "PRIORITY_ATTENTION").notes[0]


def test_a_recorded_finding_of_capacity_outweighs_a_certificate():
    child = Child(
        NINE, father=person(away()), mother=person(home(), disabled("5", "3"), fact("capacity", capable=True))
    )
    assert said(child, "LEFT_BEHIND").outcome == "NOT"


# 4, 5
@pytest.mark.parametrize(("born", "outcome"), [(date(2009, 9, 1), "PROMPT_END"), (date(2009, 9, 2), "HOLDS")])
def test_turning_sixteen_prompts_on_the_birthday_and_not_before(born, outcome):
    both = person(away())
    child = Child(born, father=both, mother=both, confirmed=(Episode("LEFT_BEHIND", date(2024, 1, 1)),))
    assert said(child, "LEFT_BEHIND").outcome == outcome


def test_turning_sixteen_gives_the_reason_age_and_still_looks_at_difficulty():
    child = Child(
        date(2009, 9, 1), me=person(disabled("4", "2")), confirmed=(Episode("LEFT_BEHIND", date(2024, 1, 1)),)
    )
    assert said(child, "LEFT_BEHIND").end_reason == "age"
    assert said(child, "IN_DIFFICULTY").outcome == "PROPOSE"


# 6
def test_a_dead_father_and_a_mother_in_prison_are_de_facto_unsupported():
    child = Child(NINE, father=person(dead), mother=person(fact("prison", date(2025, 6, 1), term_months=8)))
    found = said(child, "DE_FACTO_UNSUPPORTED")
    assert (found.outcome, found.basis) == ("PROPOSE", "Q1+P3")
    assert "guardianship_unable" in said(child, "IN_DIFFICULTY").subtypes


# 7
def test_a_term_of_five_months_is_too_short_and_goes_to_a_person():
    child = Child(NINE, father=person(dead), mother=person(fact("prison", date(2025, 6, 1), term_months=5)))
    assert said(child, "DE_FACTO_UNSUPPORTED").outcome == "NOT"
    assert said(child, "PRIORITY").outcome == "REVIEW"


# 8, 9
@pytest.mark.parametrize(
    ("father", "mother", "outcome", "basis"),
    [(("4", "3"), ("4", "2"), "NOT", ""), (("6", "4"), ("1", "1"), "PROPOSE", "P1+P1")],
)
def test_severe_disability_depends_on_class_and_grade(father, mother, outcome, basis):
    child = Child(NINE, father=person(disabled(*father)), mother=person(disabled(*mother)))
    found = said(child, "DE_FACTO_UNSUPPORTED")
    assert (found.outcome, found.basis) == (outcome, basis)


# 10
def test_two_dead_parents_make_an_orphan_and_not_de_facto():
    child = Child(NINE, father=person(dead), mother=person(dead))
    found = outcomes(child)
    assert (found["ORPHAN"], found["DE_FACTO_UNSUPPORTED"]) == ("PROPOSE", "NOT")


# 11
def test_lost_contact_waits_six_months_from_police_acceptance_and_prompts():
    lost = fact("lost_contact", date(2025, 4, 10), police_accept_on="2025-04-15")
    child = Child(NINE, father=person(fact("missing")), mother=person(lost))
    found = said(child, "DE_FACTO_UNSUPPORTED")
    assert (found.outcome, found.prompt_on) == ("NEED_EVIDENCE", date(2025, 10, 15))
    later = said(child, "DE_FACTO_UNSUPPORTED", date(2025, 10, 15))
    assert later.outcome == "NEED_EVIDENCE"
    assert "回执单" in later.missing[0]


def test_after_the_term_the_receipt_or_the_confirmed_chain_counts():
    for paper in ("receipt", "chain"):
        lost = fact("lost_contact", date(2025, 4, 10), police_accept_on="2025-04-15", **{paper: True})
        child = Child(NINE, father=person(fact("missing")), mother=person(lost))
        assert said(child, "DE_FACTO_UNSUPPORTED", date(2025, 10, 15)).basis == "Q2+P6"


# 12
def test_a_father_never_recorded_is_unknown_and_never_dead():
    child = Child(NINE, father=UNKNOWN, mother=person(fact("drug_rehab", term_months=24)))
    found = said(child, "DE_FACTO_UNSUPPORTED")
    assert found.outcome == "REVIEW"
    assert "没有登记父亲。" in found.missing


# 13
def test_revoked_and_deported_parents_count():
    child = Child(NINE, father=person(fact("guardianship_revoked")), mother=person(fact("deported", supports=False)))
    assert said(child, "DE_FACTO_UNSUPPORTED").basis == "P7+P8"


# 15
def test_a_release_prompts_and_ends_nothing():
    prison = fact("prison", date(2024, 1, 1), term_months=24, release_on="2025-11-10")
    child = Child(
        NINE, father=person(prison), mother=person(dead), confirmed=(Episode("DE_FACTO_UNSUPPORTED", date(2024, 9, 1)),)
    )
    before = said(child, "DE_FACTO_UNSUPPORTED", date(2025, 11, 9))
    assert (before.outcome, before.prompt_on) == ("HOLDS", date(2025, 11, 10))
    after = said(child, "DE_FACTO_UNSUPPORTED", date(2025, 11, 10))
    assert (after.outcome, after.end_reason) == ("PROMPT_END", "parent_condition_ended")


# 17
def test_a_disabled_child_of_sixteen_is_in_difficulty_and_not_left_behind():
    child = Child(date(2009, 6, 1), me=person(disabled("4", "2")), father=person(away()), mother=person(away()))
    found = said(child, "IN_DIFFICULTY")
    assert (found.outcome, found.basis, found.subtypes) == ("PROPOSE", "D2", ("severe_disability",))
    assert said(child, "LEFT_BEHIND").outcome == "NOT"


# 20
def test_a_child_who_joined_the_parents_leaves_the_left_behind_and_becomes_migrant():
    joined = fact("lives_with", date(2025, 1, 20), who="parents", at_work_place=True, across_county=True)
    child = Child(
        NINE,
        me=person(joined),
        father=person(away(where="济南")),
        mother=person(away(where="济南")),
        confirmed=(Episode("LEFT_BEHIND", date(2024, 1, 1)),),
    )
    left = said(child, "LEFT_BEHIND")
    assert (left.outcome, left.end_reason) == ("PROMPT_END", "joined_parents")
    assert said(child, "MIGRANT").outcome == "PROPOSE"
    assert "移交" in said(child, "MIGRANT").notes[0]


def test_a_parent_who_comes_back_prompts():
    father = person(
        Fact("whereabouts", {"place": "away_work"}, date(2024, 1, 1), date(2025, 8, 1)),
        Fact("whereabouts", {"place": "home"}, date(2025, 8, 1)),
    )
    child = Child(NINE, father=father, mother=person(away()), confirmed=(Episode("LEFT_BEHIND", date(2024, 1, 1)),))
    assert said(child, "LEFT_BEHIND").end_reason == "parent_back"


def test_a_stay_of_less_than_six_months_is_no_migration_yet():
    joined = fact("lives_with", date(2025, 5, 1), who="mother", across_county=True)
    found = said(Child(NINE, me=person(joined)), "MIGRANT")
    assert (found.outcome, found.prompt_on) == ("NEED_EVIDENCE", date(2025, 11, 1))


def test_two_districts_of_the_central_urban_area_are_one():
    joined = fact("lives_with", who="parents")
    inside = Child(NINE, me=person(joined), hukou_division=371702000000, division=371703001001)
    outside = Child(NINE, me=person(joined), hukou_division=371726000000, division=371703001001)
    assert (said(inside, "MIGRANT").outcome, said(outside, "MIGRANT").outcome) == ("NOT", "PROPOSE")


def test_unread_judicial_facts_leave_the_question_open_and_end_nothing():
    child = Child(
        NINE, father=person(dead), mother=person(home()), unseen=frozenset({"judicial"}),
        confirmed=(Episode("DE_FACTO_UNSUPPORTED", date(2024, 9, 1)),),
    )  # fmt: skip
    assert said(child, "DE_FACTO_UNSUPPORTED").outcome == "UNDECIDED"
    assert said(child, "LEFT_BEHIND").outcome == "NOT"


def test_a_birth_year_alone_is_asked_for_only_when_it_matters():
    both = person(away())
    assert said(Child(date(2009, 1, 1), "year", father=both, mother=both), "LEFT_BEHIND").outcome == "NEED_EVIDENCE"
    assert said(Child(date(2012, 1, 1), "year", father=both, mother=both), "LEFT_BEHIND").outcome == "PROPOSE"


def test_poverty_without_a_stated_need_asks_for_the_need():
    poor = fact("poverty", kind="dibao")
    assert said(Child(NINE, me=person(poor)), "IN_DIFFICULTY").outcome == "NEED_EVIDENCE"
    found = said(Child(NINE, me=person(poor, fact("hardship", need="medical"))), "IN_DIFFICULTY")
    assert (found.basis, found.subtypes) == ("D1", ("poor",))


@pytest.mark.parametrize(
    ("child", "trigger"),
    [
        (Child(NINE, me=person(disabled("1", "4"))), "T1"),
        (Child(NINE, me=person(fact("lives_with", who="alone"))), "T2"),
        (Child(NINE, carer=person(fact("unfit"))), "T2"),
        (Child(NINE, me=person(fact("guardianship_grade", grade="improper"))), "T3"),
        (Child(NINE, me=person(fact("study_status", status="suspected"))), "T4"),
        (Child(NINE, me=person(fact("harm", kind="witness"))), "T5"),
        (Child(NINE, confirmed=(Episode("ORPHAN", date(2025, 6, 1)),)), "T6"),
        (Child(NINE, carer=person(fact("serious_illness"))), "T7"),
        (Child(NINE, me=person(fact("carer_age_load", age=71, children=3))), "T7"),
        (Child(NINE, me=person(fact("screening_grade", grade="normal", self_harm_item=True))), "T8"),
        (Child(NINE, me=person(fact("last_parent_contact", on="2025-08-04"))), "T9"),
    ],
)
def test_each_trigger_alone_suggests_priority_attention(child, trigger):
    found = said(child, "PRIORITY_ATTENTION")
    assert (found.outcome, found.basis) == ("PROPOSE", trigger)


@pytest.mark.parametrize(
    "child",
    [
        Child(NINE),
        Child(NINE, me=person(fact("carer_age_load", age=70, children=3))),
        Child(NINE, me=person(fact("carer_age_load", age=71, children=2))),
        Child(NINE, me=person(fact("last_parent_contact", on="2025-08-05"))),
        Child(NINE, confirmed=(Episode("ORPHAN", date(2025, 3, 1)),)),
    ],
)
def test_below_each_threshold_nothing_is_suggested(child):
    assert said(child, "PRIORITY_ATTENTION").outcome == "NOT"


def test_every_answer_carries_its_source_and_version():
    for found in propose(Child(NINE), DAY):
        assert found.sources
        assert found.rule_version.startswith("2024.1+")


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        (date(2025, 4, 15), 6, date(2025, 10, 15)),
        (date(2025, 8, 31), 6, date(2026, 2, 28)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
    ],
)
def test_months_later_is_the_same_day_or_the_last_of_the_month(day, months, then):
    assert plus_months(day, months) == then


def test_outcomes_are_only_ever_words_for_an_officer():
    assert {o.value for o in Outcome} == {
        "PROPOSE",
        "HOLDS",
        "REVIEW",
        "NEED_EVIDENCE",
        "NOT",
        "PROMPT_END",
        "UNDECIDED",
    }


def test_one_setting_decides_whether_an_age_is_reached_on_the_birthday_or_the_day_after(monkeypatch):
    from hutong.policy.categories import facts

    both = person(away())
    child = Child(date(2009, 9, 1), father=both, mother=both, confirmed=(Episode("LEFT_BEHIND", date(2024, 1, 1)),))
    assert said(child, "LEFT_BEHIND").outcome == "PROMPT_END"
    real = facts.number
    monkeypatch.setattr(facts, "number", lambda name, on: "day_after" if name == "age_reached_on" else real(name, on))
    assert said(child, "LEFT_BEHIND").outcome == "HOLDS"
    assert said(child, "LEFT_BEHIND", date(2025, 9, 2)).outcome == "PROMPT_END"
