"""Checking answers as they come from a form or a phone: types, choices, what was not asked, what is missing."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from hutong.policy import expressions
from hutong.policy.questionnaires.model import Item, Questionnaire

UNFIT = object()


@dataclass(frozen=True, slots=True)
class Checked:
    """Clean answers by item id, and Chinese sentences by item id for what does not fit."""

    answers: dict[str, Any] = field(default_factory=dict)
    problems: dict[str, str] = field(default_factory=dict)

    def by_domain(self, questionnaire: Questionnaire) -> dict[str, dict[str, Any]]:
        """The answers apart by data domain: each becomes a row of its own."""
        found: dict[str, dict[str, Any]] = {}
        for item in questionnaire.items:
            if item.id in self.answers:
                found.setdefault(item.domain, {})[item.id] = self.answers[item.id]
        return found


def check(questionnaire: Questionnaire, raw: Mapping[str, Any], given: Mapping[str, Any]) -> Checked:
    """Read raw answers in the order of the questions. `given`: child_age, today.

    An answer to a question that was not to be asked is dropped, as the form hides it; an unknown key is a problem.
    """
    done = Checked(problems={name: "没有这个问题。" for name in raw if questionnaire.item(name) is None})
    for item in questionnaire.items:
        if not expressions.holds(item.show_if, {**given, **done.answers}):
            continue
        _read(item, raw.get(item.id), done)
    return done


def _read(item: Item, raw: Any, done: Checked) -> None:
    if raw is None or raw in ("", [], ()):
        if item.required:
            done.problems[item.id] = "请回答这一项。"
        return
    value = _READERS[item.type](item, raw)
    if value is UNFIT:
        done.problems[item.id] = _HINTS[item.type].format(item=item)
    elif value not in ("", []):
        done.answers[item.id] = value


def _one(item: Item, raw: Any) -> Any:
    return raw if isinstance(raw, str) and raw in item.options else UNFIT


def _many(item: Item, raw: Any) -> Any:
    ticked = [raw] if isinstance(raw, str) else raw
    if not isinstance(ticked, list | tuple) or not all(isinstance(one, str) and one in item.options for one in ticked):
        return UNFIT
    return [code for code in item.options if code in ticked]


def _yes_no(item: Item, raw: Any) -> Any:
    return (
        {True: True, False: False, "yes": True, "no": False}.get(raw, UNFIT) if isinstance(raw, bool | str) else UNFIT
    )


def _number(item: Item, raw: Any) -> Any:
    if isinstance(raw, bool) or not isinstance(raw, int | str):
        return UNFIT
    text = unicodedata.normalize("NFKC", str(raw)).strip()
    if not text.lstrip("-").isdigit() or len(text) > 10:
        return UNFIT
    return int(text) if item.min <= int(text) <= item.max else UNFIT


def _date(item: Item, raw: Any) -> Any:
    try:
        day = date.fromisoformat(raw) if isinstance(raw, str) else raw
    except ValueError:
        return UNFIT
    return day.isoformat() if isinstance(day, date) and 1900 <= day.year <= 2100 else UNFIT


def _text(item: Item, raw: Any) -> Any:
    if not isinstance(raw, str):
        return UNFIT
    clean = "".join(c for c in unicodedata.normalize("NFC", raw) if c in "\n\t" or unicodedata.category(c)[0] != "C")
    return clean.strip() if len(clean.strip()) <= item.max else UNFIT


_READERS: dict[str, Callable[[Item, Any], Any]] = {
    "one": _one, "many": _many, "yes_no": _yes_no, "number": _number, "date": _date, "text": _text,
}  # fmt: skip
_HINTS = {
    "one": "请从给出的选项里选一个。",
    "many": "请从给出的选项里选。",
    "yes_no": "请选“是”或“否”。",
    "number": "请填{item.min}到{item.max}之间的数。",
    "date": "日期看不明白，请重新选。",
    "text": "写得太长了，请控制在{item.max}个字以内。",
}
