"""The expression engine against the vectors that every engine shares."""

import json

import pytest

from hutong.policy.expressions import ExpressionError, check, evaluate, holds, names
from hutong.policy.loader import FOLDER

VECTORS = json.loads((FOLDER / "expressions/vectors.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", VECTORS["cases"], ids=lambda case: case["name"])
def test_a_tree_has_the_value_all_engines_agree_on(case):
    value = evaluate(case["tree"], case["given"])
    assert (value, type(value)) == (case["value"], type(case["value"]))


@pytest.mark.parametrize("case", VECTORS["errors"], ids=lambda case: case["name"])
def test_what_is_no_expression_is_refused_before_and_during_use(case):
    with pytest.raises(ExpressionError):
        evaluate(case["tree"], {})
    with pytest.raises(ExpressionError):
        check(case["tree"], set())


def test_a_misspelt_name_is_found_when_loading():
    tree = ["and", ["has", ["var", "sings"], "sleep"], ["==", ["var", "age"], 3]]
    assert names(tree) == {"sings", "age"}
    with pytest.raises(ExpressionError, match="sings"):
        check(tree, {"signs", "age"})


def test_no_condition_means_always():
    assert holds(None, {})


def test_a_bottomless_tree_is_refused():
    tree = True
    for _ in range(60):
        tree = ["not", tree]
    with pytest.raises(ExpressionError):
        evaluate(tree, {})


def test_every_operator_has_a_vector():
    from hutong.policy.expressions.operators import EAGER

    def used(tree):
        if not isinstance(tree, list) or not tree:
            return set()
        return {tree[0]} | {op for part in tree[1:] for op in used(part)}

    assert set(EAGER) | {"var", "and", "or", "if"} == set().union(*(used(c["tree"]) for c in VECTORS["cases"]))
