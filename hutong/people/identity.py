"""Citizen identity numbers (GB 11643) and phone numbers as people write them: read, corrected, checked, masked.

Pure functions; sealing and looking up are in persons.py. Standing of the rules: GB 11643-1999, sourced.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from stdnum.cn import ric
from stdnum.exceptions import ValidationError

from hutong.kernel.sentences import Sentence

_CHECK = "10X98765432"
RIGHT = re.compile(r"[0-9]{17}[0-9X]")
_STRANGE, _NO_DATE = Sentence("含有不该有的字符"), Sentence("第7至14位不是一个日期")
_WRONG, _NO_AREA = Sentence("末位校验码不对，可能有一位写错"), Sentence("前6位不是行政区划代码")
_NOISE = re.compile(r"[\s'’‘`\"\u200b\ufeff\-]")


@dataclass(frozen=True, slots=True)
class ReadId:
    """A number as read: 18 characters when it is one, what it says, and what is wrong with it (Chinese, without full stop)."""

    number: str
    birth_date: date | None = None
    sex: str = "0"
    problems: tuple[Sentence, ...] = ()


def normal(text: str) -> str:
    """Full-width digits narrowed, spaces, tabs and apostrophes gone, x upper case, 15 digits lengthened to 18."""
    if RIGHT.fullmatch(text):
        return text
    plain = _NOISE.sub("", unicodedata.normalize("NFKC", text)).upper()
    if re.fullmatch(r"\d{15}", plain):
        longer = f"{plain[:6]}19{plain[6:]}"
        return longer + check_digit(longer)
    return plain


def check_digit(first: str) -> str:
    """The check character of the first 17 digits (ISO 7064 MOD 11-2)."""
    # The weights are the powers of two modulo 11, which 13 is as well: one number in base 13 does the sum.
    return _CHECK[int(first[:17], 13) * 2 % 11]


def read_id(text: str) -> ReadId:
    """Read and check a number. Empty problems: length, area, date and checksum are right."""
    number = normal(text)
    if not RIGHT.fullmatch(number):
        if len(number) != 18:
            return ReadId(number, problems=(Sentence("应为18位，现在是%(n)s位", n=len(number)),))
        return ReadId(number, problems=(_STRANGE,))
    born, sex = _birth(number), "1" if int(number[16]) % 2 else "2"
    if born is None:
        return ReadId(number, None, sex, (_NO_DATE,))
    if number[17] != check_digit(number):
        return ReadId(number, born, sex, (_WRONG,))
    if not _known_area(number):
        return ReadId(number, born, sex, (_NO_AREA,))
    return ReadId(number, born, sex)


def _known_area(number: str) -> bool:
    """Whether the area was given out in the year of birth, of a number that is right otherwise."""
    return _area_in(number[:6], number[6:10])


@lru_cache(maxsize=8192)
def _area_in(area: str, year: str) -> bool:
    """The package reads a list line by line, and stumbles over a city without that county (a development zone's code)."""
    try:
        return bool(ric.get_birth_place(f"{area}{year}0101"))
    except (KeyError, ValidationError):
        return False


def _birth(number: str) -> date | None:
    try:
        born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None
    return born if born.year >= 1900 else None


def phone(text: str) -> str:
    """Digits of a phone number, with the country code of China taken off; empty when there are none."""
    digits = re.sub(r"\D", "", unicodedata.normalize("NFKC", text or ""))
    return digits[2:] if len(digits) == 13 and digits.startswith("86") else digits


def masked_id(number: str) -> str:
    """First six and last four (domain.md §13)."""
    return f"{number[:6]}********{number[-4:]}" if len(number) == 18 else "*" * len(number)


def masked_phone(digits: str) -> str:
    """First three and last four."""
    return f"{digits[:3]}****{digits[-4:]}" if len(digits) >= 8 else "*" * len(digits)
