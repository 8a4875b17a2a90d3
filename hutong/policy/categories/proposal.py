"""What a rule answers: an outcome with its reasons, never a decision."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from hutong.policy.categories.facts import Child, Fact
from hutong.policy.categories.settings import RULES, rule_version
from hutong.policy.loader import Standing


class Outcome(StrEnum):
    """What an officer is shown."""

    PROPOSE = "PROPOSE"  # the rule holds
    HOLDS = "HOLDS"  # confirmed before, and still holds
    REVIEW = "REVIEW"  # the rule cannot tell, an officer must judge
    NEED_EVIDENCE = "NEED_EVIDENCE"  # could hold; something is missing or a term still runs
    NOT = "NOT"  # the rule does not hold
    PROMPT_END = "PROMPT_END"  # confirmed before, holds no longer: please look. Nothing ends by itself
    UNDECIDED = "UNDECIDED"  # facts that the asker may not read would be needed


@dataclass(frozen=True, slots=True)
class Proposal:
    """One category, for one child, on one day.

    `basis`: codes of rules.yaml joined by "+". `used`: the facts the rule looked at. `missing`, `notes`: Chinese
    sentences. `prompt_on`: the day on which to look again; it never acts. `end_reason`: code of exit_reason.
    """

    category: str
    outcome: Outcome
    basis: str = ""
    used: tuple[Fact, ...] = ()
    missing: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    subtypes: tuple[str, ...] = ()
    prompt_on: date | None = None
    end_reason: str = ""

    @property
    def rule_version(self) -> str:
        """Version and content digest of the rule."""
        return rule_version(self.category)

    @property
    def sources(self) -> str:
        """The rule's legal source."""
        return RULES[self.category].source

    @property
    def standing(self) -> Standing:
        """seed, sourced or proposed."""
        return RULES[self.category].standing

    @property
    def basis_zh(self) -> str:
        """The basis in words."""
        words = RULES[self.category].bases
        return "＋".join(words.get(code, code) for code in self.basis.split("+") if code)


def settle(child: Child, found: Proposal) -> Proposal:
    """Put a rule's bare answer beside what is already confirmed and what could not be read."""
    running = child.episode(found.category)
    if found.outcome == Outcome.PROPOSE:
        return replace(found, outcome=Outcome.HOLDS) if running else found
    unread = RULES[found.category].domains & child.unseen
    if unread:
        return replace(
            found, outcome=Outcome.UNDECIDED, missing=(*found.missing, "有您无权查看的信息，请县（区）判断。")
        )
    if found.outcome == Outcome.NOT and running:
        return replace(found, outcome=Outcome.PROMPT_END, end_reason=found.end_reason or "other")
    return found
