"""Answers of a questionnaire in words."""

from __future__ import annotations

from collections.abc import Set
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from hutong.desk.ui import labels
from hutong.policy import questionnaires
from hutong.policy.questionnaires import Item


def told(questionnaire: str, answers: dict[str, Any], domains: Set[str] | None = None) -> list[tuple[str, str]]:
    """Question and answer, in the questionnaire's order. `domains`: leave out what belongs to others."""
    try:
        asked = questionnaires.load(questionnaire)
    except OSError:  # a questionnaire of another release: the codes are shown as they are
        return [(name, str(value)) for name, value in answers.items()] if domains is None else []
    items = [item for item in asked.items if item.id in answers and (domains is None or item.domain in domains)]
    return [(labels.said(item), _words(item, answers[item.id])) for item in items]


def _words(item: Item, value: Any) -> str:
    if isinstance(value, bool):
        return _("是") if value else _("否")
    words = item.words(get_language() or "zh")
    if isinstance(value, list):
        return _("、").join(words.get(code, str(code)) for code in value)
    return str(words.get(value, value))
