"""The home visit: what is asked, and what follows."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hutong.policy import circumstances
from hutong.policy.questionnaires import Questionnaire, check, load, score

GIVEN = {"child_age": 9, "today": "2026-11-23"}
PLAIN = {"seen": ["child", "carer"], "lives_with": "grandparents"}


def scored(**answers):
    checked = check(load(), {**PLAIN, **answers}, GIVEN)
    assert not checked.problems
    return score(load(), checked.answers, GIVEN)


def test_a_good_visit_is_green_and_raises_nothing():
    found = scored(carer_state="good", last_contact="week", study="in")
    assert (found.attention, found.flags, found.next_days) == ("green", (), None)


@pytest.mark.parametrize(
    ("answers", "kind"),
    [
        ({"signs": ["self_harm"]}, "self_harm"),
        ({"danger": ["injury"]}, "injury"),
        ({"carer_signs": ["violence"]}, "violence"),
    ],
)
def test_a_sign_of_harm_is_red(answers, kind):
    found = scored(**answers)
    assert [flag.kind for flag in found.red] == [kind]
    assert found.attention == "red"


def test_the_text_of_a_flag_does_not_tell_what_the_child_said():
    assert {flag.domain for flag in scored(signs=["self_harm", "crying"]).flags} == {"safety"}


def test_two_signs_are_an_anomaly_and_one_is_not():
    assert "mind_anomaly" in {f.kind for f in scored(signs=["sleep", "crying"]).facts}
    one = scored(signs=["sleep"])
    assert "mind_anomaly" not in {f.kind for f in one.facts}
    assert one.attention == "blue"


def test_where_the_parents_are_becomes_facts():
    found = scored(father="away_work", father_where="苏州", mother="same")
    assert [(f.of, f.kind, f.value) for f in found.facts if f.of == "father"] == [
        ("father", "whereabouts", {"place": "away_work", "where": "苏州"})
    ]
    assert not [f for f in found.facts if f.of == "mother"]


def test_a_month_without_contact_is_dated_a_month_back():
    facts = {f.kind: f.value for f in scored(last_contact="longer").facts}
    assert facts["last_parent_contact"] == {"on": "2026-10-24"}


def test_each_pressure_named_by_the_plan_is_a_fact_of_its_own():
    found = scored(pressure=["study", "family"])
    assert [f.value["trigger"] for f in found.facts if f.kind == "psych_trigger"] == ["study", "family"]


def test_every_fact_of_every_choice_fits_its_shape():
    questionnaire = load()
    for item in questionnaire.items:
        for option in item.options:
            answers = {**PLAIN, item.id: [option] if item.type == "many" else option}
            checked = check(questionnaire, answers, GIVEN)
            for fact in score(questionnaire, checked.answers, GIVEN).facts:
                assert circumstances.problems(fact.kind, fact.value) == [], (item.id, option)


def test_answers_part_by_data_domain():
    checked = check(load(), {**PLAIN, "signs": ["sleep"], "danger": ["work"], "study": "in"}, GIVEN)
    parts = checked.by_domain(load())
    assert parts["psych"] == {"signs": ["sleep"]}
    assert set(parts) == {"care", "psych", "safety", "schooling"}


def test_an_answer_to_a_hidden_question_is_dropped():
    checked = check(load(), {**PLAIN, "father": "home", "father_where": "苏州"}, GIVEN)
    assert "father_where" not in checked.answers
    assert not checked.problems


def test_nobody_met_is_no_visit():
    assert check(load(), {"lives_with": "same"}, GIVEN).problems == {"seen": "请回答这一项。"}


@pytest.mark.parametrize(
    ("item", "raw"),
    [
        ("seen", ["ghost"]),
        ("seen", {"child": 1}),
        ("father", "mars"),
        ("father", ["home"]),
        ("boarding", 3),
        ("wish", 7),
        ("wish", "想" * 201),
        ("no_such", "x"),
    ],
)
def test_what_does_not_fit_is_told_beside_the_question(item, raw):
    problems = check(load(), {**PLAIN, "study": "in", item: raw}, GIVEN).problems
    assert set(problems) == {item}
    assert problems[item].endswith("。")


def test_control_characters_are_taken_out_of_text():
    assert check(load(), {**PLAIN, "wish": "想要\x00书\u202e包\n谢谢"}, GIVEN).answers["wish"] == "想要书包\n谢谢"


def test_a_questionnaire_with_a_misspelt_name_is_refused():
    raw = load().model_dump()
    raw["sections"][0]["items"][1]["show_if"] = ["has", ["var", "sean"], "child"]
    with pytest.raises(ValueError, match="sean"):
        Questionnaire.model_validate(raw)


def test_the_visit_asks_little_that_must_be_answered():
    assert sum(item.required for item in load().items) <= 3
    assert load().effective <= date(2026, 11, 23)


def test_the_four_pressures_of_the_plan_are_asked():
    assert list(load().item("pressure").options) == ["study", "money", "family", "rights", "other"]


_ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@pytest.mark.parametrize("name", ["home_visit", "change"])
@given(data=st.data(), age=st.none() | st.integers(0, 17))
@settings(max_examples=150, deadline=None)
def test_whatever_is_sent_is_answered_and_what_is_accepted_can_be_scored(name, data, age):
    questionnaire = load(name)
    known = {"child_age": age, "today": "2026-11-23"}
    options = {item.id: st.sampled_from(list(item.options) or ["x"]) for item in questionnaire.items}
    raw = data.draw(
        st.fixed_dictionaries(
            {}, optional={i: _ANYTHING | one | st.lists(one, max_size=4) for i, one in options.items()}
        )
    )
    checked = check(questionnaire, raw, known)
    assert set(checked.answers).isdisjoint(checked.problems)
    found = score(questionnaire, checked.answers, known)
    for fact in found.facts:
        assert circumstances.problems(fact.kind, fact.value) == []
