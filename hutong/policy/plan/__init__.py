"""The plan 菏民〔2024〕6号 as data: measures, safeguards, obligations, indicators, and its text sentence by sentence.

Owns what the plan says and how much of it is live. Does not own how an obligation is carried out:
policy/obligations does, and names the plan's ids.
"""

from hutong.policy.plan.coverage import Coverage, coverage
from hutong.policy.plan.model import Department, Indicator, Measure, Obligation, Plan, TextRow, load

__all__ = ["Coverage", "Department", "Indicator", "Measure", "Obligation", "Plan", "TextRow", "coverage", "load"]
