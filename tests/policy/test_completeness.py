"""One child, one file: what it must hold."""

from hutong.policy.completeness import measure, required


def test_a_left_behind_child_needs_an_agreement_and_others_do_not():
    assert "agreement" in required({"LEFT_BEHIND"}, 9)
    assert "agreement" not in required({"ORPHAN"}, 9)


def test_a_two_year_old_needs_no_school():
    assert "school" not in required(set(), 2)
    assert "school" in required(set(), None)


def test_complete_means_nothing_is_missing():
    needed = required({"LEFT_BEHIND"}, 9)
    assert measure(needed, {"LEFT_BEHIND"}, 9).percent == 100
    almost = measure(needed[:-1], {"LEFT_BEHIND"}, 9)
    assert almost.percent < 100
    assert almost.missing == (needed[-1],)
    assert almost.missing_zh


def test_an_empty_file_is_at_nought():
    assert measure([], {"ORPHAN"}, 9).percent == 0
