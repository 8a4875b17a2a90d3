"""Single cells: text, names, identity numbers, sexes, phones, categories. Pure."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime
from functools import lru_cache
from typing import NamedTuple

from hutong.exchange.census.books import Cell
from hutong.kernel.sentences import Sentence
from hutong.people import identity
from hutong.policy import codes
from hutong.policy.census import CENSUS

_BLANKS = frozenset(
    {
        "",
        "-",
        "--",
        "—",
        "——",
        "/",
        "\\",
        "无",
        "暂无",
        "没有",
        "空",
        "N/A",
        "n/a",
        "NULL",
        "null",
        "None",
        "不详",
        "未知",
        "#N/A",
    }
)
_EXACT_BELOW = 1e15
_INVISIBLE = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060\ufeff\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_DOTS = re.compile(r"[•・‧∙●．｡。·]")
_HAN_NAME = re.compile(r"[\u3400-\u9fff\U00020000-\U0002ffff〇]{1,10}(·[\u3400-\u9fff\U00020000-\U0002ffff]{1,10})*")
_PLAIN_NAME = re.compile(r"[\u3400-\u9fff]{1,10}")
_LATIN_NAME = re.compile(r"[A-Za-z][A-Za-z .'\-]{1,59}")
_SEVERAL = re.compile(r"[、,/;\\]")
_NOTE = re.compile(r"[（(【\[].*?[）)】\]]?$")


def plain(cell: Cell) -> str:
    """A cell as text, as the user sees it: whole floats without a fraction, what is past a float's digits in powers, dates as ISO."""
    if isinstance(cell, str):
        return cell.strip() if cell.isprintable() else _INVISIBLE.sub("", cell).strip()
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float) and abs(cell) >= _EXACT_BELOW:
        return f"{cell:.14E}"  # never digits that nobody wrote: one in eleven of them would pass for an identity number
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        midnight = not (cell.hour or cell.minute)
        return cell.date().isoformat() if midnight else cell.isoformat(" ")[:19]
    if isinstance(cell, date):
        return cell.isoformat()
    return _INVISIBLE.sub("", str(cell)).strip()


def text(cell: Cell) -> str:
    """A cell as text, empty when it only says that there is nothing."""
    found = plain(cell)
    return "" if found in _BLANKS else found


class ReadName(NamedTuple):
    """A cleaned name, or a problem code."""

    name: str = ""
    problem: str = ""
    doubt: str = ""


def read_name(cell: Cell) -> ReadName:
    """Inner spaces of Chinese names gone, dots of minority names made one, notes in brackets taken off and said."""
    if isinstance(cell, str) and _PLAIN_NAME.fullmatch(cell):  # nearly all; the rest only makes such names of others
        return ReadName(problem="name_missing") if cell in _BLANKS else ReadName(cell)
    raw = unicodedata.normalize("NFKC", text(cell))
    bare = _NOTE.sub("", raw).strip() if _NOTE.search(raw) and not raw.startswith(("(", "（")) else raw
    doubt = "name_note" if bare != raw and bare else ""
    found = _DOTS.sub("·", re.sub(r"\s+", "", bare)).strip("·")
    if not found:
        return ReadName(problem="name_missing")
    if _HAN_NAME.fullmatch(found):
        return ReadName(found, doubt=doubt)
    if _LATIN_NAME.fullmatch(bare):
        return ReadName(re.sub(r"\s+", " ", bare), doubt=doubt)
    return ReadName(found[:80], problem="name_strange")


def read_guardian(cell: Cell) -> tuple[str, str]:
    """(name, doubt): the first of several guardians; nothing of what is no name."""
    read = read_name(cell)
    if read.problem != "name_strange":
        return read.name, ""
    several = [read_name(part) for part in _SEVERAL.split(unicodedata.normalize("NFKC", text(cell)))]
    if len(several) > 1 and not any(one.problem for one in several):
        return several[0].name, "guardian_several"
    return "", "guardian_strange"


class ReadNumber(NamedTuple):
    """A normalised identity number with birth date and sex, or a problem code with its sentence."""

    number: str = ""
    born: date | None = None
    sex: str = ""
    problem: str = ""
    sentence: Sentence | None = None


def read_number(cell: Cell) -> ReadNumber:
    """An identity number from whatever the sheet holds. An empty cell is no problem here."""
    if isinstance(cell, str) and identity.RIGHT.fullmatch(cell):
        return _checked(cell)
    if isinstance(cell, float | int) and not isinstance(cell, bool):
        return _numeric(float(cell), cell)
    raw = unicodedata.normalize("NFKC", text(cell))
    raw = re.sub(r'^="?|"$', "", raw.strip().strip("'’‘`\"\t "))
    if not raw or raw in _BLANKS:
        return ReadNumber()
    if re.fullmatch(r"\d(\.\d+)?[eE]\+?1[4-8]", raw):
        return _lost()
    alone = _IN_WORDS.findall(raw)
    number = (
        identity.normal(alone[0] if len(alone) == 1 and len(re.findall(r"\d", raw)) < 19 else raw)
        .replace("Ⅹ", "X")
        .replace("×", "X")
        .replace("*", "X" if len(raw) == 18 and raw.endswith("*") else "*")
    )
    return _checked(number)


# One whole number among words: 身份证：3717…
_IN_WORDS = re.compile(r"(?<![\dA-Za-z])\d{17}[\dXx](?![\dA-Za-z])")


def _numeric(value: float, cell: float | int) -> ReadNumber:
    if isinstance(cell, float) and value >= _EXACT_BELOW:
        return _lost()
    return _checked(identity.normal(plain(cell)))


def _lost() -> ReadNumber:
    return ReadNumber(
        problem="id_precision",
        sentence=Sentence("身份证号被表格当成数字，后几位已经丢失，无法还原；请把这一列设为文本后重新填写"),
    )


def _checked(number: str) -> ReadNumber:
    read = identity.read_id(number)
    if not read.problems:
        return ReadNumber(read.number, read.birth_date, "男" if read.sex == "1" else "女")
    code = "id_length" if len(number) != 18 else "id_checksum" if "校验码" in read.problems[0] else "id_format"
    if "不是一个日期" in read.problems[0]:
        code = "id_birth_date"
    if "行政区划" in read.problems[0]:
        sex = "男" if read.sex == "1" else "女"
        said = Sentence("身份证号有问题：%(what)s（或出生时还没有这个代码）", what=read.problems[0])
        return ReadNumber(number, read.birth_date, sex, "id_area", said)
    return ReadNumber(number[:30], problem=code, sentence=Sentence("身份证号有问题：%(what)s", what=read.problems[0]))


def read_sex(cell: Cell) -> str:
    """男, 女, or empty."""
    found = text(cell).upper()
    if found in {"男", "男性", "男孩", "男童", "1", "M", "MALE", "♂"}:
        return "男"
    return "女" if found in {"女", "女性", "女孩", "女童", "2", "F", "FEMALE", "♀"} else ""


_MOBILE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")
_USUAL = re.compile(r"1[3-9][0-9]{9}")
_LANDLINE = re.compile(r"(?<!\d)0\d{2,3}-?\d{7,8}(?!\d)")


def read_phone(cell: Cell) -> tuple[str, str]:
    """(digits, doubt): the first usable number of the cell."""
    if isinstance(cell, str) and _USUAL.fullmatch(cell):
        return cell, ""
    raw = re.sub(r"(?<=\d)[ \-](?=\d)", "", unicodedata.normalize("NFKC", text(cell)))
    if not raw:
        return "", ""
    raw = re.sub(r"^\+?86(?=1\d{10})", "", raw)
    found = _MOBILE.findall(raw) or _LANDLINE.findall(raw)
    if not found:
        return "", "phone_unreadable"
    return found[0].replace("-", ""), "phone_several" if len(found) > 1 else ""


_DENIED = re.compile(
    rf"({'|'.join(CENSUS.categories.denials)})({'|'.join(CENSUS.categories.words)})(儿童|家庭|户|对象|人员)*[、,，;；/]?"
)


@lru_cache(maxsize=2048)
def read_category(raw: str) -> tuple[tuple[str, ...], str]:
    """(codes of categories, doubt) from the words of the category column."""
    found: list[str] = []
    rest = denied = _DENIED.sub("", raw)
    for word, code in CENSUS.categories.words.items():
        if word in rest:
            rest = rest.replace(word, "")
            if code not in found:
                found.append(code)
    if denied and not found:
        if known := codes.find("category", denied):
            return (known,), ""
        return (), "category_unknown"
    return tuple(found), ""
