"""Which categories a drawn child has: asked of the real rules, then confirmed or left open for an officer."""

from __future__ import annotations

from datetime import date
from random import Random

from hutong.policy.categories import UNKNOWN, Child, Fact, Outcome, Person, Proposal, propose
from hutong.workbench.demo.people import Family, Someone

SOURCE = "demo"
_LEFT_OPEN = 0.4


def categories(rng: Random, family: Family, child: Someone, on: date) -> list[tuple[Proposal, bool]]:
    """What the rules propose for the child on a day, and whether a second officer has confirmed it."""
    found = [proposal for proposal in propose(_facts(family, child), on) if proposal.outcome == Outcome.PROPOSE]
    return [(one, not family.unconfirmed and not _waits(rng, one)) for one in found]


def _waits(rng: Random, proposal: Proposal) -> bool:
    """Priority attention is often still on somebody's desk."""
    return proposal.category == "PRIORITY_ATTENTION" and rng.random() < _LEFT_OPEN


def _facts(family: Family, child: Someone) -> Child:
    def of(one: Someone | None) -> Person:
        if one is None:
            return UNKNOWN
        return Person(
            tuple(
                Fact(fact.kind, fact.value, fact.start, None, SOURCE, str(fact.id))
                for fact in family.facts
                if fact.of is one
            )
        )

    father, mother = family.adults[:2]
    home = family.carer is None
    return Child(
        birth_date=child.born,
        me=of(child),
        father=of(father),
        mother=of(mother),
        carer=of(mother if home else family.carer),
        hukou_kind="rural",
        hukou_division=child.division,
        division=child.division,
    )
