"""ORPHAN and DE_FACTO_UNSUPPORTED: the P/Q matrix over both parents (民发〔2019〕62号, 民发〔2020〕125号)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from hutong.policy.categories.facts import Child, Person
from hutong.policy.categories.parents import Condition, conditions
from hutong.policy.categories.proposal import Outcome, Proposal
from hutong.policy.categories.settings import number

ORPHAN, DE_FACTO = "ORPHAN", "DE_FACTO_UNSUPPORTED"


@dataclass(frozen=True, slots=True)
class Side:
    """One parent in the matrix: `kind` is Q, P, pending, unknown or none."""

    kind: str
    conditions: tuple[Condition, ...] = ()

    @property
    def code(self) -> str:
        """The first condition's code, the strongest."""
        return self.conditions[0].code if self.conditions else ""


def side(parent: Person, on: date) -> Side:
    """Where one parent stands: Q outweighs P, and P outweighs what still waits for a term or a paper."""
    found = conditions(parent, on)
    for kind, held in (
        ("Q", [c for c in found if c.code.startswith("Q")]),
        ("P", [c for c in found if c.code.startswith("P") and not c.pending]),
        ("pending", [c for c in found if c.pending]),
    ):
        if held:
            return Side(kind, tuple(sorted(held, key=lambda c: c.code)))
    return Side("none" if parent.recorded else "unknown")


def still_a_child(key: str, child: Child, on: date) -> Proposal | None:
    """The answer when age alone decides, else None."""
    young = child.under(number("child_under", on), on)
    if young is None:
        return Proposal(key, Outcome.NEED_EVIDENCE, missing=("缺少准确的出生日期，无法判断是否未满18周岁。",))
    if young:
        return None
    status = child.me.one("study_status", on)
    if number("continue_after_18_if_studying", on) and status and status.value["status"] == "in":
        return Proposal(key, Outcome.REVIEW, used=(status,), notes=("年满18周岁但仍在读，请核对本地规定。",))
    return Proposal(key, Outcome.NOT, notes=("年满18周岁。",), end_reason="age")


def orphan(child: Child, on: date) -> Proposal:
    """Both parents dead, or biological parents not to be found. A declared-missing parent goes to an officer."""
    if by_age := still_a_child(ORPHAN, child, on):
        return by_age
    grown = child.reaches(number("child_under", on), on)
    not_found = child.me.one("parents_not_found", on)
    if not_found:
        return Proposal(ORPHAN, Outcome.PROPOSE, "NOT_FOUND", (not_found,), notes=_mode(child, on), prompt_on=grown)
    sides = [side(parent, on) for parent in child.parents]
    used = tuple(c.fact for s in sides for c in s.conditions if s.kind == "Q")
    kinds = [s.kind for s in sides]
    if kinds == ["Q", "Q"]:
        both_dead = all(s.code == "Q1" for s in sides)
        outcome, basis = (Outcome.PROPOSE, "BOTH_DEAD") if both_dead else (Outcome.REVIEW, "ONE_MISSING")
        return Proposal(ORPHAN, outcome, basis, used, notes=_mode(child, on), prompt_on=grown)
    if "unknown" in kinds and {"Q", "unknown"} >= set(kinds):
        missing = ("没有登记的父母一方是否在世。",)
        return Proposal(ORPHAN, Outcome.NEED_EVIDENCE, used=used, missing=missing, prompt_on=grown)
    return Proposal(ORPHAN, Outcome.NOT, used=used, end_reason="parent_condition_ended")


def de_facto(child: Child, on: date) -> Proposal:
    """Both parents in P, or one in P and one in Q. A parent never recorded is unknown, never Q."""
    if by_age := still_a_child(DE_FACTO, child, on):
        return by_age
    sides = [side(parent, on) for parent in child.parents]
    used = tuple(c.fact for s in sides for c in s.conditions)
    outcome, notes = _matrix(sides)
    if outcome == Outcome.NOT:
        return Proposal(DE_FACTO, outcome, used=used, notes=notes, end_reason="parent_condition_ended")
    return Proposal(
        DE_FACTO,
        outcome,
        basis="+".join(s.code for s in sorted(sides, key=lambda s: s.kind != "Q") if s.code),
        used=used,
        missing=_missing(sides),
        notes=notes,
        prompt_on=_prompt(child, sides, outcome, on),
    )


def _matrix(sides: list[Side]) -> tuple[Outcome, tuple[str, ...]]:
    kinds = {s.kind for s in sides}
    if "none" in kinds:
        return Outcome.NOT, ("父母至少一方没有规定的情形。",)
    if kinds == {"Q"}:
        if all(s.code == "Q1" for s in sides):
            return Outcome.NOT, ("父母双亡，按孤儿认定。",)
        return Outcome.REVIEW, ("父母有被宣告失踪的，请判断按孤儿还是按事实无人抚养认定。",)
    if "unknown" in kinds:
        return Outcome.REVIEW, ("有一方父母没有登记，不能当作死亡或失踪，请人工判断。",)
    if "pending" in kinds:
        return Outcome.NEED_EVIDENCE, ()
    return Outcome.PROPOSE, ()


def _missing(sides: list[Side]) -> tuple[str, ...]:
    said = []
    for name, s in zip(("父亲", "母亲"), sides, strict=True):
        if s.kind == "unknown":
            said.append(f"没有登记{name}。")
        if s.kind == "pending":
            said += [f"{name}：{c.pending}。" for c in s.conditions]
    return tuple(said)


def _prompt(child: Child, sides: list[Side], outcome: Outcome, on: date) -> date | None:
    """The day to look again: when a running term ends; else release, or turning 18."""
    waits = [c.due for s in sides for c in s.conditions if c.pending and c.due]
    if outcome == Outcome.NEED_EVIDENCE and waits:
        return max(waits)
    ends = [date.fromisoformat(str(d)) for s in sides for c in s.conditions if (d := c.fact.value.get("release_on"))]
    ends += [c.fact.end for s in sides for c in s.conditions if c.fact.end]
    grown = child.reaches(number("child_under", on), on)
    return min([*ends, *([grown] if grown else [])], default=None)


def _mode(child: Child, on: date) -> tuple[str, ...]:
    """Institution or community: two rates."""
    home = child.me.one("lives_with", on)
    if home is None:
        return ("未登记与谁一起生活，养育方式（机构、散居）待定。",)
    return ("机构养育。",) if home.value["who"] == "institution" else ("社会散居。",)
