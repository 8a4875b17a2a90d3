"""PRIORITY_ATTENTION (重点关注对象) with its nine triggers, and the plan's three groups to be visited more often."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta

from hutong.policy.categories.facts import Child, Fact, plus_months
from hutong.policy.categories.parents import severe
from hutong.policy.categories.proposal import Outcome, Proposal
from hutong.policy.categories.settings import number
from hutong.policy.categories.unsupported import still_a_child

KEY = "PRIORITY_ATTENTION"
Facts = tuple[Fact, ...]


def rule(child: Child, on: date) -> Proposal:
    """Any one trigger suggests; an officer confirms. Leaving the list needs a visit, a reason and the county."""
    if by_age := still_a_child(KEY, child, on):
        return by_age
    found = [(code, facts) for code, trigger in TRIGGERS.items() if (facts := trigger(child, on)) is not None]
    if not found:
        return Proposal(
            KEY, Outcome.NOT, notes=("退出重点关注须先走访、说明理由并由县（区）确认。",), end_reason="other"
        )
    basis = "+".join(code for code, _ in found)
    used: Facts = ()
    for fact in _flat(facts for _, facts in found):
        used += () if fact in used else (fact,)
    notes = ("智力或精神残疾三、四级：请确认是否属于“重度”。",) if _mild_mind(child, on) else ()
    return Proposal(KEY, Outcome.PROPOSE, basis, used, notes=notes)


def raised_groups(child: Child, on: date) -> dict[str, Facts]:
    """Which of the plan's three groups (菏民〔2024〕6号 L265-L269) a child is in, with the facts."""
    groups = {
        "parent_severe": tuple(f for p in child.parents for f in p.all("disability", on) if severe(f)),
        "child_disabled": tuple(child.me.all("disability", on)),
        "mind_anomaly": tuple(child.me.all("mind_anomaly", on)),
    }
    return {name: facts for name, facts in groups.items() if facts}


def _raised(child: Child, on: date) -> Facts | None:
    return tuple(_flat(raised_groups(child, on).values())) or None


def _without_carer(child: Child, on: date) -> Facts | None:
    home = child.me.one("lives_with", on)
    alone = home and home.value["who"] == "alone" and child.under(number("alone_under", on), on) is not False
    if alone and home:
        return (home,)
    if child.carer is None:
        return None
    unfit = tuple(child.carer.all("unfit", on))
    lost = tuple(f for f in child.carer.all("capacity", on) if not f.value["capable"])
    return unfit + lost or None


def _graded_low(child: Child, on: date) -> Facts | None:
    grade = child.me.one("guardianship_grade", on)
    return (grade,) if grade and grade.value["grade"] in {"improper", "missing"} else None


def _school(child: Child, on: date) -> Facts | None:
    status = child.me.one("study_status", on)
    away = (status,) if status and status.value["status"] in {"suspected", "dropped"} else ()
    return away + tuple(child.me.all("attendance_alert", on)) or None


def _reported(child: Child, on: date) -> Facts | None:
    return (*child.me.all("report_open", on), *child.me.all("harm", on)) or None


def _newly_alone(child: Child, on: date) -> Facts | None:
    """Orphans and de facto unsupported children in their first half year. Rests on the episode, not on a fact."""
    for key in ("ORPHAN", "DE_FACTO_UNSUPPORTED"):
        episode = child.episode(key)
        if episode and on < plus_months(episode.start, number("first_months", on)):
            return ()
    return None


def _ill_or_burdened(child: Child, on: date) -> Facts | None:
    ill = tuple(child.me.all("serious_illness", on))
    ill += tuple(child.carer.all("serious_illness", on)) if child.carer else ()
    load = child.me.one("carer_age_load", on)
    if load and _heavy(load, on):
        ill += (load,)
    return ill or None


def _heavy(load: Fact, on: date) -> bool:
    old = load.value["age"] > number("carer_old_at", on)
    return bool(old and load.value["children"] >= number("carer_many_children", on))


def _screened(child: Child, on: date) -> Facts | None:
    found = child.me.one("screening_grade", on)
    bad = found and (found.value["grade"] in {"raised", "severe"} or found.value.get("self_harm_item"))
    return (found,) if found and bad else None


def _no_contact(child: Child, on: date) -> Facts | None:
    last = child.me.one("last_parent_contact", on)
    if last is None:
        return None
    since = date.fromisoformat(str(last.value["on"]))
    return (last,) if on - since >= timedelta(days=number("no_contact_days", on)) else None


def _mild_mind(child: Child, on: date) -> bool:
    facts = raised_groups(child, on).get("parent_severe", ())
    return any(fact.value.get("grade") in {"3", "4"} for fact in facts)


def _flat(groups: Iterable[Facts]) -> Iterator[Fact]:
    for facts in groups:
        yield from facts


TRIGGERS: dict[str, Callable[[Child, date], Facts | None]] = {
    "T1": _raised,
    "T2": _without_carer,
    "T3": _graded_low,
    "T4": _school,
    "T5": _reported,
    "T6": _newly_alone,
    "T7": _ill_or_burdened,
    "T8": _screened,
    "T9": _no_contact,
}
