"""Kinds of circumstances: the data domain, whom each may be said of, and the shape of its value.

Owns the vocabulary of facts that category rules read. Does not store facts: people.circumstances does.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Literal

from pydantic import Field, model_validator

from hutong.policy import access, codes
from hutong.policy.loader import Basis, Strict, read

Whose = Literal["child", "parent", "carer"]


class Part(Strict):
    """One field of a fact's value."""

    type: Literal["text", "number", "date", "yes_no", "choice", "codes"]
    choices: dict[str, str] = Field(default_factory=dict)
    choices_en: dict[str, str] = Field(default_factory=dict)
    codes: str = ""
    optional: bool = False

    def words(self, language: str = "zh") -> dict[str, str]:
        """Code → words, for a choice or a code list."""
        if self.codes:
            return dict(codes.choices(self.codes, language))
        return {**self.choices, **self.choices_en} if language.startswith("en") else self.choices

    def problem(self, value: Any) -> str:
        """Why `value` does not fit, in Chinese; empty when it fits."""
        if self.type in {"choice", "codes"}:
            return "" if value in self.words() else f"“{value}”不在可选范围内"
        if self.type == "date":
            return "" if _is_date(value) else f"“{value}”不是日期"
        fits = {"text": str, "number": (int, float), "yes_no": bool}[self.type]
        wrong = not isinstance(value, fits) or (self.type == "number" and isinstance(value, bool))  # type: ignore[arg-type]
        return f"“{value}”的类型不对" if wrong else ""


class Kind(Basis):
    """One kind of fact. `single`: a person has one at a time, so a new one ends the one before it."""

    zh: str
    en: str
    domain: str
    single: bool = False
    of: tuple[Whose, ...]
    value: dict[str, Part]

    @model_validator(mode="after")
    def _names_exist(self) -> Kind:
        if self.domain not in access.DOMAINS:
            raise ValueError(f"unknown domain {self.domain}")
        for name, field in self.value.items():
            if field.type == "codes" and field.codes not in codes.LISTS:
                raise ValueError(f"{name}: unknown code list {field.codes}")
        return self


KINDS: dict[str, Kind] = read("circumstances.yaml", dict[str, Kind])


def domain_of(kind: str) -> str:
    """The data domain of facts of this kind."""
    return KINDS[kind].domain


def problems(kind: str, value: Mapping[str, Any]) -> list[str]:
    """What is wrong with a fact, as Chinese sentences; empty when nothing is."""
    if kind not in KINDS:
        return [f"没有“{kind}”这种情况。"]
    shape = KINDS[kind].value
    found = [f"{KINDS[kind].zh}：没有“{name}”这一项。" for name in value if name not in shape]
    for name, field in shape.items():
        if value.get(name) is None:
            found += [] if field.optional else [f"{KINDS[kind].zh}：缺少“{name}”。"]
        elif said := field.problem(value[name]):
            found.append(f"{KINDS[kind].zh}：{said}。")
    return found


def sentence(kind: str, value: Mapping[str, Any], language: str = "zh") -> str:
    """A fact in words for pages: 残疾：智力，三级; disability: intellectual, grade 3."""
    entry, english = KINDS[kind], language.startswith("en")
    parts = [_said(entry.value[name], value[name], language) for name in entry.value if value.get(name) is not None]
    head, colon, comma = (entry.en, ": ", ", ") if english else (entry.zh, "：", "，")
    return f"{head}{colon}{comma.join(parts)}" if parts else head


def _said(field: Part, value: Any, language: str) -> str:
    if field.type == "yes_no":
        yes, no = ("yes", "no") if language.startswith("en") else ("是", "否")
        return yes if value else no
    return field.words(language).get(value, str(value)) if field.words() else str(value)


def _is_date(value: Any) -> bool:
    if isinstance(value, date):
        return True
    try:
        return bool(date.fromisoformat(str(value)))
    except ValueError:
        return False
