"""What befell the people: who is dead, held, away, disabled, poor, at school; and from that, whom each register takes from."""

from __future__ import annotations

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from hutong.policy.synth import SYNTH
from hutong.workbench.synth.people import CHILD, FATHER, MOTHER, People

Mask = NDArray[np.bool_]


def draw(rng: Generator, people: People) -> dict[str, Mask]:
    """For each state whether a person is in it. The keys are the `of` of policy/synth.yaml, and the parents' own states."""
    child = (people.role == CHILD) & (people.age < 18)
    parent = (people.role != CHILD) & (people.age < 60)
    found = _parents_states(rng, people, parent) | _homes(rng, people)
    disabled = _some(rng, child, "disabled_child") | _some(rng, people.role != CHILD, "disabled_adult")
    found |= {
        "disabled": disabled,
        "disabled_child": disabled & child,
        "pupil": (people.role == CHILD) & (people.age >= 3) & (people.age < 18.6),
        "married": (people.role == MOTHER) & (people.age < 50),
        "newborn": child & (people.age < 3),
    }
    found["worker"] = found["away"] | _some(rng, child & (people.age >= 13) & (people.age < 16), "young_worker")
    uncared = child & _both(people, found["dead"] | found["held"] | found["detox"] | found["gone"])
    alone = child & _both(people, found["away"])
    known = _some(rng, uncared | alone, "known")
    return _later(
        rng.spawn(1)[0],
        people,
        child,
        found | {"uncared": uncared, "entitled": uncared | disabled & child, "known": known},
    )


def _later(rng: Generator, people: People, child: Mask, found: dict[str, Mask]) -> dict[str, Mask]:
    """What rules beyond the first twelve look for. Drawn apart, so that the earlier states of a seed stay as they were."""
    girl = child & (people.sex == 0)
    kinds = {
        "injured": _some(rng, child, "injured"),
        "pregnant": _some(rng, girl & (people.age >= 12), "pregnant"),
        "self_harm": _some(rng, child & (people.age >= 10), "self_harm"),
        "ill": _some(rng, (people.role != CHILD) & (people.age < 60), "ill"),
    }
    grown = (people.role == CHILD) & (people.age >= 18)
    return found | kinds | {
        "patient": kinds["injured"] | kinds["pregnant"] | kinds["self_harm"] | kinds["ill"],
        "dead": found["dead"] | _some(rng, child, "dead_child"),
        "barred": _some(rng, (people.role != CHILD) & (people.age < 70), "barred"),
        "mover": _some(rng, child, "mover"),
        "married": found["married"] | _some(rng, girl & (people.age >= 15), "young_married"),
        "known": found["known"] | _some(rng, found["disabled"] & child, "known_disabled") | _some(rng, grown, "known_adult"),
    }  # fmt: skip


def _parents_states(rng: Generator, people: People, parent: Mask) -> dict[str, Mask]:
    return {
        "dead": _some(rng, parent, "dead"),
        "held": _some(rng, parent & (people.role == FATHER), "held"),
        "detox": _some(rng, parent, "detox"),
        "gone": _some(rng, parent, "gone"),
    }


def _homes(rng: Generator, people: People) -> dict[str, Mask]:
    """States of whole households: poor; both parents, or one, at work outside the city."""
    homes = int(people.household.max()) + 1
    poor = rng.random(homes) < SYNTH.states["poor"]
    kind = rng.random(homes)
    both, one = kind < SYNTH.states["away"], kind > 1 - SYNTH.states["away_one"]
    adult = (people.role != CHILD) & (people.age < 60)
    away = adult & (both[people.household] | one[people.household] & (people.role == FATHER))
    return {"poor": poor[people.household], "away": away}


def _both(people: People, state: Mask) -> Mask:
    """Whose father and mother are both in the state (both known)."""
    known = (people.father >= 0) & (people.mother >= 0)
    return known & state[people.father] & state[people.mother]


def _some(rng: Generator, of: Mask, state: str) -> Mask:
    return of & (rng.random(len(of)) < SYNTH.states[state])
