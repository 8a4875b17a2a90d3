"""Versioned questionnaires: what is asked, in which words, and what follows from the answers.

Owns definitions, the check of answers, and flags, facts and attention computed from them. Does not own stored answers:
the room they concern does, one row a data domain.
"""

from hutong.policy.questionnaires.model import NAMES, Item, Questionnaire, Section, in_english, load
from hutong.policy.questionnaires.reading import Checked, check
from hutong.policy.questionnaires.scoring import FactFound, FlagFound, Scored, score

__all__ = [
    "NAMES", "Checked", "FactFound", "FlagFound", "Item", "Questionnaire", "Scored", "Section", "check", "in_english", "load", "score",
]  # fmt: skip
