"""MIGRANT (民政部 briefing 2024-09-03): under 16, left the hukou place with parents or guardians, across county lines, half a year."""

from __future__ import annotations

from datetime import date

from hutong.policy.categories.facts import Child, Fact, plus_months
from hutong.policy.categories.proposal import Outcome, Proposal
from hutong.policy.categories.settings import number

KEY = "MIGRANT"
WITH_GUARDIANS = {"parents", "father", "mother"}


def rule(child: Child, on: date) -> Proposal:
    """The bare answer for one child on one day."""
    young = child.under(number("migrant_under", on), on)
    if young is False:
        return Proposal(KEY, Outcome.NOT, notes=("年满16周岁。",), end_reason="age")
    home = child.me.one("lives_with", on)
    if home is None or home.value["who"] not in WITH_GUARDIANS or not _across(child, home, on):
        return Proposal(KEY, Outcome.NOT, used=(home,) if home else (), end_reason="moved")
    if home.start is None or young is None:
        missing = ("缺少随父母外出的起始日期。",) if home.start is None else ("缺少准确的出生日期。",)
        return Proposal(KEY, Outcome.NEED_EVIDENCE, used=(home,), missing=missing)
    ripe = plus_months(home.start, number("migrant_months", on))
    if on < ripe:
        return Proposal(
            KEY, Outcome.NEED_EVIDENCE, used=(home,), missing=(f"居住未满期限，到{ripe}满。",), prompt_on=ripe
        )
    note = "随父母流动：如原为留守儿童，请办理退出，并向居住地县（区）移交。"
    grown = child.reaches(number("migrant_under", on), on)
    return Proposal(KEY, Outcome.PROPOSE, "WITH_PARENTS", (home,), notes=(note,), prompt_on=grown)


def _across(child: Child, home: Fact, on: date) -> bool:
    """Across county lines: as told, else by the two divisions; districts of one central urban area are one."""
    told = home.value.get("across_county")
    if told is not None:
        return bool(told)
    if child.hukou_division is None or child.division is None:
        return False
    counties = {child.hukou_division // 10**6, child.division // 10**6}
    return len(counties) == 2 and not counties <= set(number("central_districts", on))
