"""Drawing one family: who lives, who is away, dead or in prison, and who cares for the children.

Shares follow what is published where anything is (domain.md §1.1, §10.5: 96 % of carers are grandparents, 54.5 % boys,
ages of left-behind children); the rest is our choice, so that every kind of family occurs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from hutong.workbench.demo import names
from hutong.workbench.demo.people import Family, Kin, Someone, uid

_CITIES = (
    "苏州",
    "济南",
    "青岛",
    "上海",
    "杭州",
    "北京",
    "天津",
    "无锡",
    "郑州",
    "宁波",
    "广州",
    "烟台",
    "昆山",
    "嘉兴",
    "临沂",
)
_YEAR = 365.25


@dataclass(slots=True)
class Place:
    """Where a family is drawn: a village and what its people may be called."""

    division: int
    name: str


@dataclass(slots=True)
class Chance:
    """What a family is drawn from: the seed's generator, the numbers given so far, and the day it is."""

    rng: Random
    numbers: names.Numbers
    today: date


def draw(chance: Chance, place: Place, opened_on: date) -> Family:
    """A family of one of the kinds below, with one to three children on file."""
    rng = chance.rng
    address = f"{place.name}村{rng.randrange(1, 320)}号"
    family = Family(uid(rng, opened_on), place.division, opened_on, address)
    surname = names.surname(rng, place.name)
    kind = _KINDS[rng.choices(range(len(_KINDS)), _WEIGHTS)[0]]
    ages = [_age(chance, opened_on, kind.under) for _ in range(rng.choices((1, 2, 3), (72, 24, 4))[0])]
    parents_age = max(ages) + rng.uniform(20.5, 30)
    father = _adult(chance, place, opened_on, "1", surname, parents_age)
    mother = _adult(chance, place, opened_on, "2", names.surname(rng), parents_age - rng.uniform(-1, 4))
    family.adults += [father, mother]
    family.children += [_child(chance, place, opened_on, surname, age) for age in ages]
    _elders(chance, place, family, surname, parents_age)
    kind.tell(chance, family, father, mother)
    return family


def complete(family: Family) -> None:
    """Derive the kinship once it is settled which children are on file; facts of others are dropped."""
    here = {one.id for one in family.children + family.adults}
    family.facts = [fact for fact in family.facts if fact.of.id in here]
    _kin(family, *family.adults[:2])


def _adult(chance: Chance, place: Place, on: date, sex: str, surname: str, age: float) -> Someone:
    rng = chance.rng
    born = chance.today - timedelta(days=int(age * _YEAR))
    number = chance.numbers.citizen(place.division, born, sex)
    name = surname + names.given(rng, sex, single=0.25)
    return Someone(uid(rng, on), name, sex, born, place.division, number, chance.numbers.phone())


def _age(chance: Chance, opened_on: date, under: int) -> float:
    """A child's age today in years: born before the file was opened, still under the limit of its category."""
    low, high = chance.rng.choices(((0.1, 6.0), (6.0, 14.0), (14.0, under)), (21.7, 67.4, 10.9))[0]
    youngest = (chance.today - opened_on).days / _YEAR + 0.1
    return chance.rng.uniform(max(low, youngest), max(high, youngest + 0.5) - 0.02)


def _child(chance: Chance, place: Place, on: date, surname: str, age: float) -> Someone:
    rng = chance.rng
    sex = "1" if rng.random() < 0.545 else "2"
    born = chance.today - timedelta(days=int(age * _YEAR))
    number = chance.numbers.citizen(place.division, born, sex)
    return Someone(uid(rng, on), surname + names.given(rng, sex), sex, born, place.division, number)


def _elders(chance: Chance, place: Place, family: Family, surname: str, parents_age: float) -> None:
    """Grandparents, or one of the few other relatives, who care for the children."""
    rng, on = chance.rng, family.opened_on
    age = parents_age + rng.uniform(21, 30)
    if rng.random() < 0.96:
        fathers_side = rng.random() < 0.8
        grandmother = _adult(chance, place, on, "2", names.surname(rng), age)
        family.adults.append(grandmother)
        family.carer, family.carer_relation = grandmother, "62" if fathers_side else "64"
        if rng.random() < 0.6:
            name = surname if fathers_side else names.surname(rng, place.name)
            grandfather = _adult(chance, place, on, "1", name, age + 2)
            family.adults.append(grandfather)
            if rng.random() < 0.3:
                family.carer, family.carer_relation = grandfather, "61" if fathers_side else "63"
        return
    sex, relation = rng.choice((("2", "90"), ("1", "83"), ("1", "81"), ("2", "88")))
    family.carer = _adult(chance, place, on, sex, surname, parents_age + rng.uniform(-5, 8))
    family.carer_relation = relation
    family.adults.append(family.carer)


def _kin(family: Family, father: Someone, mother: Someone) -> None:
    """The rows of kinship: parents are the guardians, unless both are dead; one carer, who is there."""
    dead = {fact.of.id for fact in family.facts if fact.kind == "dead"}
    orphaned = {father.id, mother.id} <= dead
    home = family.carer is None
    for child in family.children:
        for parent, relation in ((father, "51"), (mother, "52")):
            alive = parent.id not in dead
            family.kin.append(Kin(child, parent, relation, guardian=alive, carer=home and alive and parent is mother))
        for elder in family.adults[2:]:
            relation = family.carer_relation if elder is family.carer else _other(elder, family)
            cares = elder is family.carer
            family.kin.append(Kin(child, elder, relation, guardian=orphaned and cares, carer=cares))


def _other(elder: Someone, family: Family) -> str:
    """The relation of a grandparent who is not the carer, on the same side as the one who is."""
    fathers_side = family.carer_relation in {"61", "62", ""}
    return {("1", True): "61", ("2", True): "62", ("1", False): "63", ("2", False): "64"}[elder.sex, fathers_side]


# ── kinds of families ──


def _away(chance: Chance, family: Family, *who: Someone) -> None:
    """Working in another city for some months or years."""
    city = chance.rng.choice(_CITIES)
    for parent in who:
        since = family.opened_on - timedelta(days=chance.rng.randrange(30, 900))
        family.tell(chance.rng, parent, "whereabouts", {"place": "away_work", "where": city}, since)
    family.away = True


def _at_home(chance: Chance, family: Family, *parents: Someone) -> None:
    """Living with the children, who need no other carer."""
    family.carer = None
    for parent in parents:
        family.tell(chance.rng, parent, "whereabouts", {"place": "home"})
    for child in family.children:
        family.tell(chance.rng, child, "lives_with", {"who": "parents"})


def _with_carer(chance: Chance, family: Family) -> None:
    who = "grandparents" if family.carer_relation in {"61", "62", "63", "64"} else "relative"
    for child in family.children:
        family.tell(chance.rng, child, "lives_with", {"who": who})


def _poor(chance: Chance, family: Family) -> None:
    """On the minimum living allowance or near it, with a need."""
    rng = chance.rng
    kind = rng.choices(("dibao", "edge", "monitored", "tekun", "rigid"), (60, 20, 12, 4, 4))[0]
    need = rng.choices(("living", "schooling", "medical"), (6, 3, 1))[0]
    since = family.opened_on - timedelta(days=rng.randrange(60, 1500))
    for child in family.children:
        family.tell(rng, child, "poverty", {"kind": kind}, since)
        family.tell(rng, child, "hardship", {"need": need}, since)


def _disabled(chance: Chance, family: Family, who: Someone, grades: tuple[str, ...]) -> None:
    rng = chance.rng
    kind = rng.choices(("4", "5", "6", "1", "2", "3", "7"), (40, 22, 12, 9, 9, 3, 5))[0]
    since = max(who.born, family.opened_on - timedelta(days=rng.randrange(100, 3000)))
    family.tell(rng, who, "disability", {"class": kind, "grade": rng.choice(grades)}, since)


def _both_away(chance: Chance, family: Family, father: Someone, mother: Someone) -> None:
    _away(chance, family, father, mother)
    _with_carer(chance, family)
    if chance.rng.random() < 0.1:
        _poor(chance, family)


def _not_yet_confirmed(chance: Chance, family: Family, father: Someone, mother: Someone) -> None:
    _away(chance, family, father, mother)
    _with_carer(chance, family)
    family.unconfirmed = True


def _one_incapable(chance: Chance, family: Family, father: Someone, mother: Someone) -> None:
    _away(chance, family, father)
    family.tell(chance.rng, mother, "whereabouts", {"place": "home"})
    _disabled(chance, family, mother, ("1", "2"))
    family.tell(chance.rng, mother, "capacity", {"capable": False, "because": "重度残疾"})
    _with_carer(chance, family)


def _poor_at_home(chance: Chance, family: Family, father: Someone, mother: Someone) -> None:
    _at_home(chance, family, father, mother)
    _poor(chance, family)
    family.unconfirmed = chance.rng.random() < 0.05


def _child_disabled(chance: Chance, family: Family, father: Someone, mother: Someone) -> None:
    _at_home(chance, family, father, mother)
    for child in family.children:
        _disabled(chance, family, child, ("1", "2", "3", "4"))
    family.unconfirmed = chance.rng.random() < 0.05


def _orphans(chance: Chance, family: Family, father: Someone, mother: Someone) -> None:
    for parent in (father, mother):
        family.tell(chance.rng, parent, "dead", {"how": "natural"}, _after_births(chance, family))
    _with_carer(chance, family)


def _after_births(chance: Chance, family: Family) -> date:
    """A day between the youngest child's birth and the opening of the file."""
    youngest = max(child.born for child in family.children)
    days = max((family.opened_on - youngest).days, 1)
    return max(youngest, family.opened_on - timedelta(days=chance.rng.randrange(days)))


def _dead_and_prison(chance: Chance, family: Family, father: Someone, mother: Someone) -> None:
    rng, since = chance.rng, family.opened_on - timedelta(days=90)
    family.tell(rng, mother, "dead", {"how": "natural"}, _after_births(chance, family))
    family.tell(rng, father, "prison", {"term_months": rng.randrange(24, 120)}, since)
    _with_carer(chance, family)


def _disabled_and_lost(chance: Chance, family: Family, father: Someone, mother: Someone) -> None:
    _disabled(chance, family, father, ("1", "2"))
    accepted = family.opened_on - timedelta(days=chance.rng.randrange(220, 900))
    value = {"police_accept_on": accepted.isoformat(), "receipt": True}
    family.tell(chance.rng, mother, "lost_contact", value, accepted)
    _with_carer(chance, family)


@dataclass(frozen=True)
class _Kind:
    share: float
    under: int
    tell: Callable[[Chance, Family, Someone, Someone], None]


_KINDS = (
    _Kind(60, 16, _both_away),
    _Kind(5, 16, _not_yet_confirmed),
    _Kind(8, 16, _one_incapable),
    _Kind(12, 18, _poor_at_home),
    _Kind(8, 18, _child_disabled),
    _Kind(1.5, 18, _orphans),
    _Kind(2.5, 18, _dead_and_prison),
    _Kind(3, 18, _disabled_and_lost),
)
_WEIGHTS = [kind.share for kind in _KINDS]
