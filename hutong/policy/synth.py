"""What the synthetic city is made of: shares of errors, states and registers. Data in synth.yaml, all of it proposed."""

from __future__ import annotations

from hutong.policy.loader import Basis, Strict, read


class Errors(Strict):
    """Share of rows with each error; the comments in synth.yaml say what each is."""

    name_homophone: float
    name_wrong: float
    name_short: float
    name_unread: float
    name_spaced: float
    name_changed: float
    birth_swapped: float
    birth_lunar: float
    birth_year: float
    birth_day: float
    sex: float
    address_moved: float
    address_missing: float
    id_form: float
    id_old: float
    id_drop: float
    id_swap: float


class Register(Strict):
    """A department's register: whom it takes from, how many, and how its identity numbers fail.

    `most`: rows a person, from one to this many. `omitted`: of those not in it, the share it ought to hold. `stale`: rows that
    are no longer true, as a share of the others.
    """

    of: str
    share: float
    id_missing: float
    id_mistyped: float
    id_other: float
    doubled: float = 0.0
    most: int = 1
    omitted: float = 0.0
    stale: float = 0.0


class _People(Strict):
    dotted: float
    twins: float
    police_missing: float


class _Synth(Basis):
    errors: Errors
    people: _People
    registers: dict[str, Register]
    states: dict[str, float]
    villages: dict[str, float]


SYNTH: _Synth = read("synth.yaml", _Synth)
