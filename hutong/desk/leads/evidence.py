"""Evidence of a lead in plain words: what, how it stands, which register says so, of which day."""

from __future__ import annotations

from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from hutong.desk.ui import labels
from hutong.discovery.pipelines.registers import ZH
from hutong.discovery.pipelines.rules import by_id
from hutong.policy import codes


def sentence(rule: str, item: dict[str, Any]) -> tuple[str, str, str, str]:
    """What, how it stands, in which register, since when."""
    found = by_id(rule)
    said = next((e for e in found.head.evidence if e.column == item["column"]), None) if found else None
    what = (said.en if get_language() == "en" else said.zh) if said else item["column"]
    return what, _value(item), _register(item), item["on"] or ""


def _register(item: dict[str, Any]) -> str:
    """The register, and on which day the delivery came that says so, where it came in by the door."""
    name = labels.register(item["register"], ZH.get(item["register"], item["register"]))
    came = item.get("delivery", {}).get("day")
    return _("%(name)s（%(day)s 收到）") % {"name": name, "day": came} if came else name


def _value(item: dict[str, Any]) -> str:
    value, column = item["value"], item["column"]
    if value is None:
        return _("名册没有写")
    if column.endswith("area"):
        province = codes.label("province", str(value)[:2], get_language() or "zh")
        return f"{province}（{value}）"
    if column == "grade" and item["register"] == "disability":
        return _("%(n)s 级") % {"n": value}
    return str(value)
