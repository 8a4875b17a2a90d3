"""The P/Q matrix of 民发〔2019〕62号 and 〔2020〕125号: every pair of conditions, against the truth table of domain.md §1.4."""

from datetime import date
from itertools import product

import pytest

from hutong.policy.categories import UNKNOWN, Child, Fact, Person, propose

DAY = date(2025, 9, 1)
SINCE = date(2024, 1, 1)


def of(kind, **value):
    return Person((Fact(kind, value, SINCE),))


PARENTS = {
    "P1": of("disability", **{"class": "4", "grade": "2"}),
    "P1m": of("disability", **{"class": "6", "grade": "4"}),
    "P2": of("serious_illness"),
    "P3": of("prison", term_months=6),
    "P4": of("drug_rehab", term_months=24),
    "P5": of("liberty_restricted", term_months=7),
    "P6": of("lost_contact", police_accept_on="2025-03-01", receipt=True),
    "P7": of("guardianship_revoked"),
    "P8": of("deported", supports=False),
    "Q1": of("dead", how="declared"),
    "Q2": of("missing"),
    "unknown": UNKNOWN,
    "none": of("whereabouts", place="home"),
    "waiting": of("lost_contact", police_accept_on="2025-04-15"),
}


def expected(father, mother):
    """The truth table, written without looking at the rule."""
    pair = {name if name in {"unknown", "none", "waiting", "Q1", "Q2"} else "P" for name in (father, mother)}
    if "none" in pair:
        return "NOT", "NOT"
    if pair == {"Q1"}:
        return "PROPOSE", "NOT"
    if pair <= {"Q1", "Q2"}:
        return "REVIEW", "REVIEW"
    if "unknown" in pair:
        only_gone = pair <= {"unknown", "Q1", "Q2"}
        return ("NEED_EVIDENCE" if only_gone else "NOT"), "REVIEW"
    return "NOT", ("NEED_EVIDENCE" if "waiting" in pair else "PROPOSE")


@pytest.mark.parametrize(("father", "mother"), list(product(PARENTS, PARENTS)))
def test_every_pair_of_parents_answers_as_the_table_says(father, mother):
    child = Child(date(2016, 3, 1), father=PARENTS[father], mother=PARENTS[mother])
    found = {p.category: p.outcome.value for p in propose(child, DAY)}
    assert (found["ORPHAN"], found["DE_FACTO_UNSUPPORTED"]) == expected(father, mother)


@pytest.mark.parametrize(("father", "mother"), list(product(PARENTS, PARENTS)))
def test_father_and_mother_are_treated_alike(father, mother):
    one = Child(date(2016, 3, 1), father=PARENTS[father], mother=PARENTS[mother])
    two = Child(date(2016, 3, 1), father=PARENTS[mother], mother=PARENTS[father])
    assert [p.outcome for p in propose(one, DAY)] == [p.outcome for p in propose(two, DAY)]


@pytest.mark.parametrize("name", PARENTS)
def test_nobody_of_eighteen_is_proposed(name):
    child = Child(date(2007, 9, 1), father=PARENTS[name], mother=PARENTS[name])
    assert {p.outcome.value for p in propose(child, DAY)} == {"NOT"}


WHERE = {
    "away": of("whereabouts", place="away_work"),
    "home": of("whereabouts", place="home"),
    "home_incapable": Person(
        (Fact("whereabouts", {"place": "home"}, SINCE), Fact("capacity", {"capable": False}, SINCE))
    ),
    "absent": of("prison", term_months=3),
    "unknown": UNKNOWN,
}
LEFT_BEHIND = {
    frozenset({"away"}): "PROPOSE",
    frozenset({"away", "home_incapable"}): "PROPOSE",
    frozenset({"away", "absent"}): "REVIEW",
    frozenset({"away", "unknown"}): "NEED_EVIDENCE",
    frozenset({"absent", "unknown"}): "NEED_EVIDENCE",
    frozenset({"home_incapable", "unknown"}): "NEED_EVIDENCE",
    frozenset({"unknown"}): "NEED_EVIDENCE",
}


@pytest.mark.parametrize(("father", "mother"), list(product(WHERE, WHERE)))
def test_left_behind_follows_where_both_parents_are(father, mother):
    child = Child(date(2016, 3, 1), father=WHERE[father], mother=WHERE[mother])
    found = next(p for p in propose(child, DAY) if p.category == "LEFT_BEHIND")
    assert found.outcome.value == LEFT_BEHIND.get(frozenset({father, mother}), "NOT")
