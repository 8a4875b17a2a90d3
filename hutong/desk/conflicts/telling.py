"""What a phone sent, in words. Leaves out what the reader may not see."""

from __future__ import annotations

from collections.abc import Set
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from hutong.desk.visits.telling import told
from hutong.exchange.field import review
from hutong.exchange.models import FieldOperation
from hutong.policy import codes

_KINDS = {
    "visit": gettext_noop("入户走访"),
    "attempt": gettext_noop("去了没见到人"),
    "contact": gettext_noop("每周联系"),
    "child_new": gettext_noop("新发现的孩子"),
    "change": gettext_noop("家里有变化"),
    "carer_unfit": gettext_noop("照看的人不合适"),
    "report": gettext_noop("紧急报告"),
    "check": gettext_noop("入户核实"),
}
_FIELDS = {
    "address": gettext_noop("住址"),
    "father": gettext_noop("爸爸"),
    "mother": gettext_noop("妈妈"),
    "carer": gettext_noop("照看的人"),
    "carer_relation": gettext_noop("与孩子的关系"),
    "carer_phone": gettext_noop("照看的人的电话"),
}
_KEYS = {
    "occurred_on": gettext_noop("哪一天"),
    "week": gettext_noop("哪一周"),
    "reason": gettext_noop("原因"),
    "note": gettext_noop("说明"),
    "facts": gettext_noop("发生了什么"),
    "child_words": gettext_noop("哪个孩子"),
    "place_words": gettext_noop("在哪里"),
}
_WHAT = {
    "moved": gettext_noop("搬家了，或孩子被接走了"),
    "parent_back": gettext_noop("爸爸或妈妈回家了"),
    "carer_changed": gettext_noop("换了照看的人"),
}


def kind_words(kind: str) -> str:
    """The kind of record."""
    return _(_KINDS[kind]) if kind in _KINDS else _("其他记录")


def field_words(field: str) -> str:
    """The field of a change."""
    return _(_FIELDS[field]) if field in _FIELDS else _("其他内容")


def said(operation: FieldOperation, domains: Set[str]) -> list[tuple[str, str]]:
    """Label and text of what was said; answers only of the reader's domains. Phone numbers stay sealed."""
    body = review.said(operation)
    lines = [(_(words), str(body[key])) for key, words in _KEYS.items() if body.get(key)]
    if what := _WHAT.get(body.get("what", "")):
        lines.insert(0, (_("有什么变化"), _(what)))
    lines += [(field_words(name), _edited(name, edited)) for name, edited in (body.get("fields") or {}).items()]
    if signs := body.get("signs"):
        lines.append((_("有哪些情况"), "、".join(codes.label("unfit_sign", sign) for sign in signs)))
    return lines + told(str(body.get("questionnaire", "")), body.get("answers") or {}, domains)


def _edited(name: str, edited: dict[str, Any]) -> str:
    now = str(edited.get("now") or "")
    if name == "carer_phone":
        return _("已登记（不显示）") if now else ""
    if name == "carer_relation":
        return codes.label("relation", now)
    return _("在家") if now == "home" else now
