"""Where each duty is done: the page that makes the record which settles it."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from hutong.duties.models import Duty
from hutong.policy.obligations import OBLIGATIONS


@dataclass(frozen=True)
class Action:
    """A button: its word and where it leads."""

    words: str
    href: str


# What settles a duty → the page, the verb it needs, the word on the button.
_PAGES = {
    "visit": ("visits:visit", "visit", gettext_noop("登记走访")),
    "agreement": ("visits:agreement", "change", gettext_noop("登记协议")),
    "contact": ("visits:contact", "change", gettext_noop("登记联系")),
    "urge": ("visits:contact", "change", gettext_noop("登记联系")),
    "update": ("children:update", "visit", gettext_noop("更新档案")),
    "recheck": ("children:recheck", "assign", gettext_noop("年度复核")),
}


def action(duty: Duty, verbs: Set[str]) -> Action | None:
    """The page on which the asker does this duty; None when it is done, is another's, or has no page."""
    if duty.late_done_on or duty.state not in {Duty.State.DUE, Duty.State.MISSED}:
        return None
    rule = OBLIGATIONS.get(duty.obligation)
    if rule and rule.settled_by == "check" and "visit" in verbs:
        return Action(_("登记核实结果"), reverse("leads:check", kwargs={"check": duty.subject_id}))
    page = _PAGES.get(rule.settled_by) if rule else None
    if page is None or not duty.file_id:
        return None
    name, verb, words = page
    return Action(_(words), reverse(name, kwargs={"file": duty.file_id})) if verb in verbs else None
