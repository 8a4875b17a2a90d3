"""Values as offices write them. The usual forms are read by SQL over whole columns; each other form once, here.

Pure. `usual` gives an SQL expression that is null for what it cannot read; `odd` reads one such text.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from hutong.exchange.census.dates import read_date
from hutong.kernel.sentences import Sentence
from hutong.policy.feeds import Field

SQL_TYPES = {"string": "varchar", "integer": "bigint", "boolean": "boolean", "date": "date"}
_FORMS = [
    "%Y-%m-%d",
    "%Y/%m/%d",
    "%Y.%m.%d",
    "%Y年%m月%d日",
    "%Y-%m-%d %H:%M:%S",
    "%Y/%m/%d %H:%M:%S",
    "%Y/%m/%d %H:%M",
]
_FIRST = "1900-01-01"
_DENIED = re.compile("[非不无未停退脱消]")
_UNITS = {"yuan": "(元|元/月|块)?", "days": "(天|日)?", "months": "(个月|月)?"}
_PROBLEMS = {
    "birth_unreadable": "unreadable",
    "birth_impossible": "date_impossible",
    "birth_range": "date_range",
    "birth_year_only": "date_year_only",
    "birth_lunar": "date_lunar",
}
PROBLEMS = {
    "missing": Sentence("没有填写"),
    "unreadable": Sentence("看不懂"),
    "date_impossible": Sentence("不是一个存在的日期"),
    "date_range": Sentence("年份不可能，或在今天之后"),
    "date_year_only": Sentence("只有年份，请补全到日"),
    "date_month_only": Sentence("只到月，请补全到日"),
    "date_lunar": Sentence("写的是农历，请换成公历"),
    "not_in_list": Sentence("不在约定的取值里"),
    "out_of_range": Sentence("超出合理范围"),
    "code_short": Sentence("区划代码位数不够"),
    "name_strange": Sentence("不像姓名"),
    "digits_lost": Sentence("被表格当成数字，后几位已经丢失，请把这一列设为文本后重新填写"),
}


@dataclass(frozen=True, slots=True)
class Read:
    """A value, or a problem; `doubt`: used, but said."""

    value: str | int | bool | date | None = None
    problem: str | None = None
    doubt: str | None = None


def quoted(text: str) -> str:
    """A text as an SQL string."""
    return "'" + text.replace("'", "''") + "'"


def usual(field: Field, text: str, today: date) -> str:
    """SQL: the value of a cleaned text in a usual form, else null."""
    if field.type == "date":
        forms = "[" + ", ".join(map(quoted, _FORMS)) + "]"
        read = (
            f"case when regexp_full_match({text}, '[0-9]+') then case when length({text}) = 8 then"
            f" try_strptime({text}, '%Y%m%d') end else try_strptime({text}, {forms}) end::date"
        )
        return f"list_transform([{read}], lambda d: case when d between '{_FIRST}' and '{today}'::date then d end)[1]"
    if field.type == "integer":
        return f"case when regexp_full_match({text}, '[0-9]{{1,18}}') then {_integer(field, text)} end"
    if field.type == "boolean":
        yes, no = (", ".join(map(quoted, values)) for values in (field.true_values, field.false_values))
        return f"case when {text} in ({yes}) then true when {text} in ({no}) then false end"
    if field.constraints.enum:
        words = ", ".join(quoted(str(word)) for word in field.constraints.enum)
        return f"case when {text} in ({words}) then {text} end"
    return text


def _integer(field: Field, text: str) -> str:
    if field.digits:
        longer = f"case when length({text}) >= {field.digits} then left({text}, {field.digits}) "
        return f"({longer}{f'else rpad({text}, {field.digits}, chr(48)) ' if field.pad else ''}end)::bigint"
    limits = field.constraints
    if limits.enum:
        return f"case when {text}::bigint in ({', '.join(map(str, limits.enum))}) then {text}::bigint end"
    least = limits.minimum if limits.minimum is not None else 0
    most = limits.maximum if limits.maximum is not None else 10**14 - 1
    return f"case when {text}::bigint between {least} and {most} then {text}::bigint end"


def odd(field: Field, text: str, today: date) -> Read:
    """One text that `usual` does not read."""
    if field.type == "date":
        return _date(field, text, today)
    plain = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))
    if plain in field.words:
        return Read(field.words[plain])
    if field.type == "integer":
        return _number(field, plain)
    if field.type == "boolean":
        return _boolean(field, plain)
    return _word(field, plain)


def _date(field: Field, text: str, today: date) -> Read:
    read = read_date(text, today)
    if read.problem:
        return Read(problem=_PROBLEMS[read.problem])
    if read.day:
        return Read(read.day, doubt="date_two_digit_year" if read.doubt else None)
    if not read.text or field.name == "birth_date":  # a wrong day of birth is worse than none
        return Read(problem="date_month_only" if read.text else "unreadable")
    return Read(date.fromisoformat(f"{read.text}-01"), doubt="date_month_only")


def _number(field: Field, plain: str) -> Read:
    if field.digits:
        return Read(problem="code_short" if plain.isdigit() else "unreadable")
    value = _measured(field, plain.replace(",", ""))
    if value is None:
        return _word(field, plain) if field.words else Read(problem="unreadable")
    limits = field.constraints
    if limits.enum and value not in limits.enum:
        return Read(problem="not_in_list")
    least = limits.minimum if limits.minimum is not None else 0
    if not least <= value <= (limits.maximum if limits.maximum is not None else 10**14 - 1):
        return Read(problem="out_of_range")
    return Read(value)


def _measured(field: Field, plain: str) -> int | None:
    if field.measure == "months" and (
        found := re.fullmatch(r"(?:(\d{1,3}(?:\.5)?)年)?(?:零?(\d{1,4})(?:个月|月))?", plain)
    ):
        return round(float(found[1] or 0) * 12) + int(found[2] or 0)
    unit = _UNITS[field.measure] if field.measure else ""
    found = re.fullmatch(rf"¥?(\d{{1,14}}(?:\.\d{{1,4}})?){unit}", plain)
    if not found or (field.measure != "yuan" and "." in found[1] and found[1].rstrip("0")[-1] != "."):
        return None
    return round(float(found[1]))


def _boolean(field: Field, plain: str) -> Read:
    if plain in field.true_values or plain in field.false_values:
        return Read(plain in field.true_values)
    return Read(problem="not_in_list")


def _word(field: Field, plain: str) -> Read:
    """The longest known word in the text, unless what is left denies it: 农村低保A类 is 低保, 非低保 is not."""
    known: dict[str, str | int] = {str(word): word for word in field.constraints.enum if field.type == "string"}
    known |= field.words
    if plain in known:
        return Read(known[plain])
    inside = sorted((word for word in known if len(word) > 1 and word in plain), key=len)
    if not inside or _DENIED.search(plain.replace(inside[-1], "")):
        return Read(problem="not_in_list")
    if len({known[word] for word in inside if len(word) == len(inside[-1])}) > 1:
        return Read(problem="not_in_list")
    return Read(known[inside[-1]], doubt="word_guessed")
