"""The plan as data."""

import pytest

from hutong.policy.loader import PolicyError
from hutong.policy.plan import coverage, load


def test_the_plan_is_whole():
    plan = load()
    assert (len(plan.measures), len(plan.safeguards)) == (23, 3)
    assert (len(plan.obligations), len(plan.indicators), len(plan.trace)) == (137, 96, 150)


def test_department_names_stay_as_printed():
    plan = load()
    assert "市应急局" in plan.part("M05").departments
    assert "市应急管理局" in plan.part("M17").departments
    printed = {name for part in plan.measures for name in part.departments}
    assert printed == {d.name for d in plan.departments if d.measures}


def test_every_department_counts_its_measures_rightly():
    plan = load()
    for department in plan.departments:
        assert list(department.measures) == [m.id for m in plan.measures if department.name in m.departments]
        assert department.measure_count == len(department.measures)


def test_every_sentence_names_its_obligations_or_says_why_it_has_none():
    for row in load().trace:
        assert row.obligations or row.reason, row.id


def test_nothing_live_counts_nothing():
    shares = coverage([], [])
    assert sum(p.obligations.total for p in shares.measures + shares.safeguards) == 137
    assert sum(p.obligations.done + p.indicators.done for p in shares.measures + shares.safeguards) == 0


def test_a_live_obligation_counts_in_its_measure_only():
    shares = coverage(["M10-O1"], ["M06-I1"])
    assert [p.id for p in shares.measures if p.obligations.done] == ["M10"]
    assert [p.id for p in shares.measures if p.indicators.done] == ["M06"]
    assert shares.as_json()["measures"][9]["obligations"]["live"] == 1


def test_an_id_the_plan_does_not_know_is_refused():
    with pytest.raises(PolicyError, match="M10-O99"):
        coverage(["M10-O99"], [])
