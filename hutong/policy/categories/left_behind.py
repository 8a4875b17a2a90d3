"""LEFT_BEHIND (国发〔2016〕13号): both parents away for work, or one away and the other without guardianship capacity; under 16."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from hutong.policy.categories.facts import Child, Fact
from hutong.policy.categories.parents import Where, incapable, where
from hutong.policy.categories.proposal import Outcome, Proposal
from hutong.policy.categories.settings import number

KEY = "LEFT_BEHIND"


def rule(child: Child, on: date) -> Proposal:
    """The bare answer for one child on one day."""
    young = child.under(number("left_behind_under", on), on)
    if young is None:
        return Proposal(KEY, Outcome.NEED_EVIDENCE, missing=("缺少准确的出生日期，无法判断是否未满16周岁。",))
    if not young:
        return Proposal(KEY, Outcome.NOT, notes=("年满16周岁。",), end_reason="age")
    home = child.me.one("lives_with", on)
    if home and home.value.get("at_work_place"):
        return Proposal(KEY, Outcome.NOT, used=(home,), notes=("随父母在务工地生活。",), end_reason="joined_parents")
    found = _by_parents(child, on)
    return replace(_with_home(found, home), prompt_on=child.reaches(number("left_behind_under", on), on))


def _by_parents(child: Child, on: date) -> Proposal:
    seen = [where(parent, on) for parent in child.parents]
    used = tuple(fact for _, facts in seen for fact in facts)
    states = [state for state, _ in seen]
    if Where.HOME in states:
        return _one_at_home(child, on, states, used)
    if states.count(Where.AWAY) == 2:
        return _long_enough(Proposal(KEY, Outcome.PROPOSE, "BOTH_AWAY", used), on)
    if Where.UNKNOWN in states:
        return Proposal(KEY, Outcome.NEED_EVIDENCE, used=used, missing=_not_known(states))
    if Where.AWAY in states:
        return Proposal(
            KEY, Outcome.REVIEW, "ONE_AWAY_OTHER_ABSENT", used, notes=("另一方缺位，同时核对事实无人抚养情形。",)
        )
    return Proposal(KEY, Outcome.NOT, used=used, end_reason="parent_condition_ended")


def _one_at_home(child: Child, on: date, states: list[Where], used: tuple[Fact, ...]) -> Proposal:
    lost, because = incapable(child.parents[states.index(Where.HOME)], on)
    if states.count(Where.HOME) == 2 or not lost:
        return Proposal(
            KEY, Outcome.NOT, used=used + because, notes=("有父母一方在家照护。",), end_reason="parent_back"
        )
    if Where.AWAY in states:
        return _long_enough(Proposal(KEY, Outcome.PROPOSE, "ONE_AWAY_OTHER_INCAPABLE", used + because), on)
    if Where.UNKNOWN in states:
        return Proposal(KEY, Outcome.NEED_EVIDENCE, used=used + because, missing=_not_known(states))
    return Proposal(KEY, Outcome.NOT, used=used + because, notes=("没有父母外出务工。",))


def _long_enough(found: Proposal, on: date) -> Proposal:
    """No minimum absence is fixed; a local one makes the child wait, and a short one is remarked on."""
    starts = [
        fact.start for fact in found.used if fact.kind == "whereabouts" and fact.value.get("place") == "away_work"
    ]
    known = [start for start in starts if start]
    if not known:
        return replace(found, notes=(*found.notes, "未登记外出起始时间。"))
    since, least = max(known), number("min_away_days", on)
    if (on - since).days < least:
        ripe = since + timedelta(days=least)
        return replace(found, outcome=Outcome.NEED_EVIDENCE, missing=(f"外出未满{least}天，到{ripe}满。",))
    if (on - since).days < number("warn_away_days", on):
        return replace(found, notes=(*found.notes, f"外出时间较短（自{since}起）。"))
    return found


def _with_home(found: Proposal, home: Fact | None) -> Proposal:
    if home is None:
        return found
    contradicts = found.outcome == Outcome.PROPOSE and home.value["who"] == "parents"
    used = (*found.used, home)
    if contradicts:
        note = "登记的父母去向与“和父母一起生活”不一致，请核实。"
        return replace(found, outcome=Outcome.REVIEW, used=used, notes=(*found.notes, note))
    return replace(found, used=used)


def _not_known(states: list[Where]) -> tuple[str, ...]:
    names = [name for name, state in zip(("父亲", "母亲"), states, strict=True) if state == Where.UNKNOWN]
    return tuple(f"缺少{name}的去向。" for name in names)
