"""Category rules as pure functions over facts: they propose, show what they used and lack, and decide nothing.

Owns the rules of domain.md §1 and their numbers. Does not own confirming (people.categories) or what a category is owed
(policy/obligations). Hand `propose` a `Child`; facts follow circumstances.yaml.
"""

from __future__ import annotations

from datetime import date

from hutong.policy.categories import attention, difficulty, left_behind, migrant, unsupported
from hutong.policy.categories.attention import raised_groups
from hutong.policy.categories.facts import UNKNOWN, Child, Episode, Fact, Person
from hutong.policy.categories.proposal import Outcome, Proposal, settle
from hutong.policy.categories.settings import RULES, SETTINGS, basis_words

__all__ = [
    "RULES", "SETTINGS", "UNKNOWN", "Child", "Episode", "Fact", "Outcome", "Person", "Proposal", "basis_words", "propose", "raised_groups",
]  # fmt: skip

_RULES = (
    left_behind.rule,
    difficulty.rule,
    unsupported.orphan,
    unsupported.de_facto,
    difficulty.priority,
    migrant.rule,
    attention.rule,
)


def propose(child: Child, on: date) -> list[Proposal]:
    """What each category rule says of a child on a day, one answer a category, those that do not hold included."""
    return [settle(child, rule(child, on)) for rule in _RULES]
