"""Codes and circumstance kinds, as sentences."""

import re
from pathlib import Path

import pytest

import hutong
from hutong.policy import circumstances, codes


@pytest.mark.parametrize(
    ("word", "code"), [("奶奶", "62"), ("姥姥", "64"), ("外祖母", "64"), ("父亲", "51"), ("爸爸", "51"), ("邻居", "99")]
)
def test_the_words_of_a_form_find_the_relation(word, code):
    assert codes.find("relation", word) == code


def test_there_are_56_peoples():
    assert len([c for c in codes.codes("ethnicity") if int(c) <= 56]) == 56
    assert codes.find("ethnicity", "汉") == codes.find("ethnicity", "汉族") == "01"


def test_no_word_means_two_codes():
    for name, entries in codes.LISTS.items():
        words = [w for code, e in entries.items.items() for w in {code, e.zh, *e.says}]
        assert len(words) == len(set(words)), name


def test_an_unknown_code_is_shown_and_not_hidden():
    assert codes.label("relation", "98") == "98"


def test_prison_is_a_judicial_fact_and_death_is_not():
    assert circumstances.domain_of("prison") == "judicial"
    assert circumstances.domain_of("dead") == "identity"


def test_a_fact_is_said_in_words():
    assert circumstances.sentence("disability", {"class": "5", "grade": "3"}) == "残疾：智力，三级"


def test_a_fact_of_the_wrong_shape_is_told():
    assert circumstances.problems("disability", {"grade": "9", "colour": "x"}) == [
        "残疾：没有“colour”这一项。",
        "残疾：缺少“class”。",
        "残疾：“9”不在可选范围内。",
    ]
    assert circumstances.problems("lost_contact", {"police_accept_on": "2025-04-15", "receipt": True}) == []
    assert circumstances.problems("lost_contact", {"police_accept_on": "nonsense"}) != []


def test_every_category_with_a_rule_has_a_name_in_the_codes():
    from hutong.policy.categories import RULES

    assert {key: rule.zh for key, rule in RULES.items()} == dict(codes.choices("category"))


def test_every_source_that_the_program_writes_down_has_words():
    """A page said 来源：demo. What the code writes as a fact's source stands in the list."""
    program = Path(hutong.__file__).parent.rglob("*.py")
    written = {found for path in program for found in re.findall(r'\bsource="([a-z]+)"', path.read_text("utf-8"))}
    assert written >= {"contact", "field", "visit"}
    assert written | {"demo", "census"} <= set(codes.codes("source"))
