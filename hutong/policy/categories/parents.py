"""What is known of one parent: whereabouts for the left-behind rule, conditions P1–P8 and Q1–Q2 for the de facto rule.

Sources: 民发〔2019〕62号, 民发〔2020〕125号 (domain.md §1.4).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from hutong.policy.categories.facts import Fact, Person, plus_months
from hutong.policy.categories.settings import number

SEVERE_ANY_CLASS = {"1", "2"}
SEVERE_MIND_ONLY = {"3", "4"}
MIND_CLASSES = {"5", "6"}  # intellectual, mental
CUSTODY = {"prison": "P3", "drug_rehab": "P4", "liberty_restricted": "P5"}
ABSENCES = ("dead", "missing", "prison", "drug_rehab", "liberty_restricted", "deported", "lost_contact")


class Where(StrEnum):
    """Where a parent is, as far as the left-behind rule asks."""

    AWAY = "away"
    HOME = "home"
    ABSENT = "absent"  # dead, in custody, lost…
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition of a parent. `pending`: it would count, but a term runs until `due` or a paper is missing."""

    code: str
    fact: Fact
    pending: str = ""
    due: date | None = None


def where(parent: Person, on: date) -> tuple[Where, tuple[Fact, ...]]:
    """Where the parent is, and the facts that say so. An absence outweighs an older "away for work"."""
    gone = tuple(fact for kind in ABSENCES if (fact := parent.one(kind, on)) and not _supports(fact))
    if gone:
        return Where.ABSENT, gone
    fact = parent.one("whereabouts", on)
    if fact is None:
        return Where.UNKNOWN, ()
    return {"away_work": Where.AWAY, "home": Where.HOME}.get(fact.value.get("place", ""), Where.ABSENT), (fact,)


def incapable(parent: Person, on: date) -> tuple[bool | None, tuple[Fact, ...]]:
    """Has a parent at home lost guardianship capacity? A recorded finding outweighs disability or illness."""
    said = parent.one("capacity", on)
    if said:
        return not said.value["capable"], (said,)
    severe = tuple(c.fact for c in conditions(parent, on) if c.code in {"P1", "P2"} and not c.pending)
    return (True, severe) if severe else (False, ())


def conditions(parent: Person, on: date) -> list[Condition]:
    """All conditions of a parent on a day, those that wait for a term or a paper included."""
    found = [_disability(fact) for fact in parent.all("disability", on)]
    found += [Condition("P2", fact) for fact in parent.all("serious_illness", on)]
    found += [_custody(code, fact, on) for kind, code in CUSTODY.items() for fact in parent.all(kind, on)]
    found += [_lost(fact, on) for fact in parent.all("lost_contact", on)]
    found += [Condition("P7", fact) for fact in parent.all("guardianship_revoked", on)]
    found += [Condition("P8", fact) for fact in parent.all("deported", on) if not _supports(fact)]
    found += [Condition("Q1", fact) for fact in parent.all("dead", on)]
    found += [Condition("Q2", fact) for fact in parent.all("missing", on)]
    return [condition for condition in found if condition]


def severe(fact: Fact) -> bool:
    """重残: grade 1 or 2 of any class, or grade 3 or 4 of an intellectual or mental disability."""
    grade, kind = fact.value.get("grade"), fact.value.get("class")
    return grade in SEVERE_ANY_CLASS or (kind in MIND_CLASSES and grade in SEVERE_MIND_ONLY)


def _disability(fact: Fact) -> Condition | None:
    if severe(fact):
        return Condition("P1", fact)
    if not fact.value.get("grade"):
        return Condition("P1", fact, pending="缺少残疾等级（残疾人证）")
    return None


def _custody(code: str, fact: Fact, on: date) -> Condition | None:
    released = _day(fact.value.get("release_on"))
    if released and released <= on:
        return None
    months = number("custody_months", on)
    served = plus_months(fact.start, months) if fact.start else None
    term = fact.value.get("term_months")
    if (term is not None and term >= months) or (served and served <= on):
        return Condition(code, fact)
    if term is None:
        return Condition(code, fact, pending="缺少期限（判决书或通知书）", due=served)
    return None


def _lost(fact: Fact, on: date) -> Condition:
    """P6 runs from the day the police accepted the report; without it, the confirmed chain of statements counts."""
    accepted = _day(fact.value.get("police_accept_on")) or (fact.start if fact.value.get("chain") else None)
    due = plus_months(accepted, number("lost_contact_months", on)) if accepted else None
    if due is None:
        return Condition("P6", fact, pending="缺少公安机关受理日期，或村、镇、县逐级核实的材料")
    if on < due:
        return Condition("P6", fact, pending=f"失联未满期限，到{due}满", due=due)
    if not (fact.value.get("receipt") or fact.value.get("chain")):
        return Condition("P6", fact, pending="缺少《儿童失联父母查找情况回执单》")
    return Condition("P6", fact)


def _supports(fact: Fact) -> bool:
    return fact.kind == "deported" and fact.value.get("supports") is True


def _day(value: object) -> date | None:
    if value is None or isinstance(value, date):
        return value
    return date.fromisoformat(str(value))
