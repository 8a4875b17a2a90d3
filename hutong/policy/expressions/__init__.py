"""Expressions as small JSON trees: show-if, flags, scores, next-due. One language, two engines (Python here, TypeScript on
the phone), held equal by vectors.json.

A tree is a literal (null, true, false, number, text) or `[operator, argument…]`. No coercion anywhere: `1` is not `true`
and `"1"` is not `1`. A value nobody gave is null; comparing with null is false, counting with null is null. Only `true`
is true. Dates are ISO texts.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hutong.policy.expressions.operators import EAGER, ExpressionError, is_true

Tree = Any
MAX_DEPTH = 40

__all__ = ["ExpressionError", "Tree", "check", "evaluate", "holds", "names"]


def evaluate(tree: Tree, given: Mapping[str, Any]) -> Any:
    """The value of `tree` where `var` looks up `given`. Raises ExpressionError for a tree that is none."""
    return _value(tree, given, 0)


def holds(tree: Tree, given: Mapping[str, Any]) -> bool:
    """Is the tree true? No tree at all (None) holds: nothing was asked."""
    return tree is None or is_true(evaluate(tree, given))


def names(tree: Tree) -> set[str]:
    """All names a tree looks up, so that a misspelt one is found when the data is loaded."""
    if not isinstance(tree, list | tuple):
        return set()
    if len(tree) == 2 and tree[0] == "var":
        return {tree[1]}
    return {name for part in tree[1:] for name in names(part)}


def check(tree: Tree, known: set[str]) -> None:
    """Raise ExpressionError if a tree uses an unknown operator, a wrong number of arguments or an unknown name."""
    _check(tree, 0)
    strange = names(tree) - known
    if strange:
        raise ExpressionError(f"unknown name {', '.join(sorted(strange))}")


def _check(tree: Tree, depth: int) -> None:
    if not isinstance(tree, list | tuple):
        return
    operator, parts = _split(tree, depth)
    if operator == "var":
        return
    for part in parts:
        _check(part, depth + 1)


def _value(tree: Tree, given: Mapping[str, Any], depth: int) -> Any:
    if not isinstance(tree, list | tuple):
        return tree
    operator, parts = _split(tree, depth)
    if operator == "var":
        return given.get(parts[0])
    if operator in {"and", "or", "if"}:
        return _lazy(operator, parts, given, depth)
    arguments = [_value(part, given, depth + 1) for part in parts]
    return EAGER[operator][0](*arguments)


def _lazy(operator: str, parts: list[Tree], given: Mapping[str, Any], depth: int) -> Any:
    if operator == "if":
        chosen = parts[1] if is_true(_value(parts[0], given, depth + 1)) else parts[2]
        return _value(chosen, given, depth + 1)
    truths = (is_true(_value(part, given, depth + 1)) for part in parts)
    return all(truths) if operator == "and" else any(truths)


_LAZY_SIZES = {"var": (1, 1), "if": (3, 3), "and": (0, None), "or": (0, None)}


def _split(tree: list[Tree] | tuple[Tree, ...], depth: int) -> tuple[str, list[Tree]]:
    if depth > MAX_DEPTH:
        raise ExpressionError("too deep")
    if not tree or not isinstance(tree[0], str):
        raise ExpressionError("an operator must come first")
    operator, parts = tree[0], list(tree[1:])
    if operator not in _LAZY_SIZES and operator not in EAGER:
        raise ExpressionError(f"unknown operator {operator}")
    least, most = _LAZY_SIZES.get(operator) or EAGER[operator][1]
    if len(parts) < least or (most is not None and len(parts) > most):
        raise ExpressionError(f"{operator} does not take {len(parts)} arguments")
    if operator == "var" and not isinstance(parts[0], str):
        raise ExpressionError("var takes a name")
    return operator, parts
