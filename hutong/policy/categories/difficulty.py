"""IN_DIFFICULTY (国发〔2016〕36号): three families of causes D1–D3 with the sub-types officers tick; and the class PRIORITY."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from hutong.policy.categories import unsupported
from hutong.policy.categories.facts import Child, Fact
from hutong.policy.categories.parents import severe
from hutong.policy.categories.proposal import Outcome, Proposal
from hutong.policy.categories.settings import number

KEY, PRIORITY = "IN_DIFFICULTY", "PRIORITY"
LOW_INCOME = {"edge", "rigid"}


@dataclass(frozen=True, slots=True)
class Cause:
    """One family of causes: whether it holds, what said so, and what is missing for it."""

    family: str
    used: tuple[Fact, ...] = ()
    subtypes: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()

    @property
    def holds(self) -> bool:
        """A cause with sub-types holds."""
        return bool(self.subtypes)


def rule(child: Child, on: date) -> Proposal:
    """The set of families that hold; several may."""
    if by_age := unsupported.still_a_child(KEY, child, on):
        return by_age
    causes = [_poverty(child, on), _self(child, on), _guardianship(child, on)]
    held = [cause for cause in causes if cause.holds]
    used = tuple(fact for cause in causes for fact in cause.used)
    missing = tuple(said for cause in causes for said in cause.missing)
    found = Proposal(KEY, Outcome.NOT, used=used, missing=missing, end_reason="parent_condition_ended")
    if held:
        subtypes = tuple(sub for cause in held for sub in cause.subtypes)
        basis = "+".join(cause.family for cause in held)
        grown = child.reaches(number("child_under", on), on)
        return replace(found, outcome=Outcome.PROPOSE, basis=basis, subtypes=subtypes, end_reason="", prompt_on=grown)
    return replace(found, outcome=Outcome.NEED_EVIDENCE, end_reason="") if missing else found


def _poverty(child: Child, on: date) -> Cause:
    poor, needs = tuple(child.me.all("poverty", on)), tuple(child.me.all("hardship", on))
    if not poor:
        return Cause("D1")
    if not needs:
        return Cause("D1", poor, missing=("家庭困难，但未登记生活、就医、就学方面的具体困难。",))
    subtypes = {"low_income" if fact.value["kind"] in LOW_INCOME else "poor" for fact in poor}
    return Cause("D1", poor + needs, tuple(sorted(subtypes)))


def _self(child: Child, on: date) -> Cause:
    disabled, ill = tuple(child.me.all("disability", on)), tuple(child.me.all("serious_illness", on))
    subtypes = {"severe_disability" if severe(fact) else "disability" for fact in disabled}
    subtypes |= {"serious_illness" for _ in ill}
    used, missing = disabled + ill, []
    for fact in child.me.all("long_illness", on):
        paid = fact.value.get("own_payment_yuan")
        used += (fact,)
        if paid is None:
            missing.append("长期患病，缺少一年自付医疗费用。")
        elif paid >= number("own_payment_yuan", on):
            subtypes.add("serious_illness")
    return Cause("D2", used, tuple(sorted(subtypes)), tuple(missing))


def _guardianship(child: Child, on: date) -> Cause:
    used: tuple[Fact, ...] = ()
    subtypes = []
    orphan, alone = unsupported.orphan(child, on), unsupported.de_facto(child, on)
    if orphan.outcome == Outcome.PROPOSE:
        subtypes, used = ["orphan"], orphan.used
    elif alone.outcome == Outcome.PROPOSE:
        subtypes, used = ["guardianship_unable"], alone.used
    for fact in _guardianship_facts(child, on):
        used += (fact,)
        subtypes.append("street" if fact.kind == "street_child" else "guardianship_missing")
    missing = alone.missing if alone.outcome == Outcome.NEED_EVIDENCE else ()
    return Cause("D3", used, tuple(dict.fromkeys(subtypes)), missing)


def _guardianship_facts(child: Child, on: date) -> tuple[Fact, ...]:
    graded = [f for f in child.me.all("guardianship_grade", on) if f.value["grade"] in {"improper", "missing"}]
    return (*graded, *child.me.all("harm", on), *child.me.all("street_child", on))


def priority(child: Child, on: date) -> Proposal:
    """PRIORITY (重点困境儿童). While the rule table is disabled, a child who may belong is only put before an officer."""
    if by_age := unsupported.still_a_child(PRIORITY, child, on):
        return by_age
    if child.episode(unsupported.DE_FACTO) or unsupported.de_facto(child, on).outcome == Outcome.PROPOSE:
        return Proposal(PRIORITY, Outcome.NOT, notes=("按事实无人抚养儿童认定。",))
    found = _one_parent(child, on) or _poor_and_sick(child, on)
    if found is None:
        return Proposal(PRIORITY, Outcome.NOT)
    if number("priority_enabled", on):
        return found
    return replace(
        found, outcome=Outcome.REVIEW, notes=("本类别的认定名单尚未由主管部门确认，规则未启用，请人工研判。",)
    )


def _one_parent(child: Child, on: date) -> Proposal | None:
    """One parent in P or Q, the other unable: in custody for whatever term, lost, away from care, or without capacity."""
    sides = [unsupported.side(parent, on) for parent in child.parents]
    for mine, other in ((0, 1), (1, 0)):
        if sides[mine].kind not in {"P", "Q"}:
            continue
        unable = _unable(child, other, on)
        if unable:
            used = tuple(c.fact for c in sides[mine].conditions) + unable
            return Proposal(PRIORITY, Outcome.PROPOSE, "ONE_PARENT", used)
    return None


def _unable(child: Child, which: int, on: date) -> tuple[Fact, ...]:
    parent = child.parents[which]
    lost = [f for f in parent.all("capacity", on) if not f.value["capable"]]
    kinds = ("prison", "drug_rehab", "liberty_restricted", "lost_contact", "serious_illness")
    return (*lost, *(fact for kind in kinds for fact in parent.all(kind, on)))


def _poor_and_sick(child: Child, on: date) -> Proposal | None:
    poor, own = _poverty(child, on), _self(child, on)
    if poor.used and {"severe_disability", "serious_illness"} & set(own.subtypes):
        return Proposal(PRIORITY, Outcome.PROPOSE, "POOR_AND_SICK", poor.used + own.used)
    return None
