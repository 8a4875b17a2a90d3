"""Birth dates as offices write them. Pure; two-digit years and lost zeros are said, never guessed in silence."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, timedelta
from typing import NamedTuple

from hutong.exchange.census.books import Cell
from hutong.kernel.sentences import Sentence

_EPOCH = date(1899, 12, 30)  # Excel's day 0, with its 29 February 1900
_CHINESE = str.maketrans("〇零○一二三四五六七八九", "000123456789")
_PARTS = re.compile(r"^(\d{4}|\d{2})[.\-/年、,](\d{1,2})(?:[.\-/月、,](\d{1,2})?)?[日号]?[.]?$")
_ISO = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_BACKWARDS = re.compile(r"^(\d{1,2})[.\-/](\d{1,2})[.\-/](\d{4})$")
_SHORT = re.compile(r"(\d{2})(\d{2})(\d{2})")
_SPACED = re.compile(r"^(\d{4})\s+(\d{1,2})\s+(\d{1,2})$")
_CLOCK = re.compile(r"[T ]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?.*$")
_FIRST, _LAST = 1900, 2100


class ReadDate(NamedTuple):
    """`text` is ISO, YYYY-MM, or empty. `problem` is a code of `SENTENCES` that means it cannot be used; `doubt` one that
    means: used, but said."""

    text: str = ""
    problem: str = ""
    doubt: str = ""

    @property
    def day(self) -> date | None:
        """The full date, when day and month are known."""
        return date.fromisoformat(self.text) if len(self.text) == 10 else None


SENTENCES = {
    "birth_unreadable": Sentence("出生日期看不懂，请写成 2015-02-08 这样"),
    "birth_impossible": Sentence("出生日期不存在（月或日超出范围）"),
    "birth_range": Sentence("出生日期的年份不可能"),
    "birth_year_only": Sentence("出生日期只有年份，请补到月或日"),
    "birth_lunar": Sentence("出生日期写的是农历，请换成公历"),
    "birth_two_digit_year": Sentence("出生年份只写了两位，已按 20 年代补全，请核对"),
    "birth_month_only": Sentence("出生日期只到月"),
    "birth_month_doubtful": Sentence("出生月份可能丢了末尾的 0（如 10 月成了 1 月），请核对"),
}


def read_date(cell: Cell, today: date) -> ReadDate:
    """Read one cell. An empty cell gives an empty date without a problem."""
    if isinstance(cell, datetime):
        return _checked(cell.year, cell.month, cell.day, today)
    if isinstance(cell, date):
        return _checked(cell.year, cell.month, cell.day, today)
    if isinstance(cell, bool | timedelta):
        return ReadDate(problem="birth_unreadable")
    if isinstance(cell, int | float):
        return _number(float(cell), today)
    if found := _ISO.fullmatch(str(cell)):
        return _checked(int(found[1]), int(found[2]), int(found[3]), today)
    return _text(str(cell), today)


def _number(value: float, today: date) -> ReadDate:
    if value == int(value):
        whole = int(value)
        if 20_000 <= whole <= 80_000:
            day = _EPOCH + timedelta(days=whole)
            return _checked(day.year, day.month, day.day, today)
        return _text(str(whole), today)
    text = f"{value:.4f}".rstrip("0")
    found = re.fullmatch(r"(\d{4})\.(\d{1,2})", text)
    if found and found[2] == "1":
        return ReadDate(f"{found[1]}-01", doubt="birth_month_doubtful")
    if found:
        return _checked(int(found[1]), int(found[2]), None, today)
    if 20_000 <= value <= 80_000:
        return _number(float(int(value)), today)
    return _text(text, today)


def _text(raw: str, today: date) -> ReadDate:
    text = unicodedata.normalize("NFKC", raw).strip().strip("'\"`’‘")
    if not text:
        return ReadDate()
    if "农历" in text or "阴历" in text:
        return ReadDate(problem="birth_lunar")
    text = _SPACED.sub(r"\1.\2.\3", _numerals(_CLOCK.sub("", text)))
    text = (
        re.sub(r"(出生|生)$", "", re.sub(r"[\s\u200b\ufeff]", "", text))
        .replace("。", ".")
        .replace("．", ".")
        .replace("--", "-")
    )
    if re.fullmatch(r"\d{5}(\.\d+)?", text):
        return _number(float(text), today)
    if text.isdecimal() and len(text) in (6, 8):
        return _compact(text, today)
    if found := _BACKWARDS.match(text):
        first, second, year = (int(part) for part in found.groups())
        return _backwards(first, second, year, today)
    if found := _PARTS.match(text):
        return _parts(found, today)
    if re.fullmatch(r"(19|20)\d{2}年?", text):
        return ReadDate(problem="birth_year_only")
    return ReadDate(problem="birth_unreadable")


def _compact(text: str, today: date) -> ReadDate:
    """20130302; 201303; 130302, which can be no year and month."""
    if len(text) == 6 and not _FIRST <= int(text[:4]) <= today.year and (found := _SHORT.fullmatch(text)):
        return _parts(found, today)
    return _checked(int(text[:4]), int(text[4:6]), int(text[6:]) if len(text) == 8 else None, today)


def _numerals(text: str) -> str:
    """二〇一五年二月八日, 二月十八日."""
    if not re.search(r"[〇零○一二三四五六七八九十]", text):
        return text
    text = re.sub(r"([二三]?)十([一二三四五六七八九]?)", lambda m: f"{_digit(m[1], '1')}{_digit(m[2], '0')}", text)
    return text.translate(_CHINESE)


def _digit(character: str, default: str) -> str:
    return character.translate(_CHINESE) if character else default


def _backwards(first: int, second: int, year: int, today: date) -> ReadDate:
    if first > 12 >= second:
        return _checked(year, second, first, today)
    if second > 12 >= first:
        return _checked(year, first, second, today)
    return ReadDate(problem="birth_unreadable")


def _parts(found: re.Match[str], today: date) -> ReadDate:
    year, month, day = found[1], int(found[2]), int(found[3]) if found[3] else None
    if len(year) == 4:
        return _checked(int(year), month, day, today)
    full = 2000 + int(year)
    if full > today.year:
        full -= 100
    read = _checked(full, month, day, today)
    return read if read.problem else ReadDate(read.text, doubt="birth_two_digit_year")


def _checked(year: int, month: int, day: int | None, today: date) -> ReadDate:
    if not _FIRST <= year <= min(today.year, _LAST):
        return ReadDate(problem="birth_range")
    if not 1 <= month <= 12:
        return ReadDate(problem="birth_impossible")
    if day is None:
        return ReadDate(f"{year:04d}-{month:02d}", doubt="birth_month_only")
    try:
        born = date(year, month, day)
    except ValueError:
        return ReadDate(problem="birth_impossible")
    return ReadDate(born.isoformat()) if born <= today else ReadDate(problem="birth_range")
