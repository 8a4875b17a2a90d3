"""The verdict on one row: a child with its fields, a row in quarantine with its reasons, or no data at all."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any

from hutong.exchange.census import cells
from hutong.exchange.census.books import Cell
from hutong.exchange.census.dates import SENTENCES, ReadDate, read_date
from hutong.exchange.census.gazetteer import Gazetteer
from hutong.exchange.census.headers import ASKED
from hutong.kernel.sentences import Sentence, beside
from hutong.policy import codes
from hutong.policy.census import CENSUS

FIELDS = ("name", "sex", "birth_date", "id_number", "division", "guardian", "guardian_relation", "phone", "category")
_TOTAL = re.compile(rf"({'|'.join(CENSUS.not_data.totals)})[:：]?(\d+[人名个]?)?")
_BRACKETED = re.compile(r"(.+?)[（(](.+?)[）)]")
_SELF = "01"  # GB/T 4761
# With a wrong area the date still stands in the number.
_DATED = ("", "id_area")
_SAID = {
    "name_missing": Sentence("没有写孩子的姓名"),
    "name_strange": Sentence("姓名里有不该出现的字符"),
    "name_note": Sentence("姓名后面的括号说明已去掉，请核对"),
    "sex_unreadable": Sentence("性别看不懂，应为男或女"),
    "sex_missing": Sentence("没有写性别，也没有身份证号可推算"),
    "phone_unreadable": Sentence("电话号码看不懂，没有采用"),
    "phone_several": Sentence("写了几个电话，采用第一个"),
    "place_from_hukou": Sentence("没有写现在住在哪里，按户籍所在地填写，请核对"),
    "guardian_strange": Sentence("监护人姓名里有不该出现的字符，没有采用"),
    "guardian_several": Sentence("写了几位监护人，采用第一位"),
    "guardian_self": Sentence("监护人写的是孩子本人，没有采用"),
    "category_unknown": Sentence("类别看不懂，没有采用，请由干部认定"),
    "id_missing": Sentence("没有身份证号"),
    **SENTENCES,
}


@dataclass
class Result:
    """One row of a sheet as the user sees it. `status`: ok, quarantined, not_data here; matching adds changed, unchanged."""

    sheet: str
    row: int
    status: str = "ok"
    fields: dict[str, Any] = field(default_factory=lambda: dict.fromkeys(FIELDS))
    reasons: list[dict[str, Any]] = field(default_factory=list)
    raw: list[str] = field(default_factory=list)

    def say(self, name: str, code: str, sentence: Sentence | None = None) -> None:
        """Add a reason that does not stop the row; a page says it in its reader's language (sentences.told)."""
        said = sentence or _SAID[code]
        self.reasons.append({"field": name, "code": code, "message": f"{said}。", **beside(said)})

    def stop(self, name: str, code: str, sentence: Sentence | None = None) -> None:
        """Add a reason that puts the row in quarantine."""
        self.status = "quarantined"
        self.say(name, code, sentence)

    def as_json(self, file: str) -> dict[str, Any]:
        """In the form the command prints."""
        return {
            "file": file,
            "sheet": self.sheet,
            "row": self.row,
            "status": self.status,
            "fields": self.fields,
            "reasons": [{key: reason[key] for key in ("field", "code", "message")} for reason in self.reasons],
        }


def not_data(sheet: str, number: int, raw: list[str], code: str, sentence: Sentence) -> Result:
    """A row recognised as no child."""
    result = Result(sheet, number, "not_data", raw=raw)
    result.say("", code, sentence)
    return result


def raw_of(row: Sequence[Cell]) -> list[str]:
    """The cells as the user sees them, trailing blanks dropped."""
    texts = [
        cell.strip() if isinstance(cell, str) and cell.isprintable() else cells.plain(cell) for cell in row
    ]  # nearly all cells, without a call
    while texts and not texts[-1]:
        texts.pop()
    return texts


def kind_of(row: Mapping[str, Cell], whole: Sequence[str]) -> tuple[str, Sentence] | None:
    """Why a row is no data: (code, sentence); None when it is about a child. `whole`: all cells, as texts."""
    texts = [text for text in whole if text]
    if not texts:
        return "blank", Sentence("空行")
    words = CENSUS.not_data
    first = _bare(texts[0])
    named = _bare(cells.plain(row.get("name", ""))) in words.totals and not cells.text(row.get("id_number", ""))
    if _TOTAL.fullmatch(first) or named:
        return "total", Sentence("合计行")
    empty = not any(cells.text(row.get(key, "")) for key in ("name", "id_number", "birth_date"))
    if (empty or len(texts) <= 3) and _signed(_bare("".join(texts))):
        return "signature", Sentence("填表、审核或盖章的落款")
    if first.startswith(words.notes) and (empty or len(texts) <= 2):
        return "note", Sentence("说明文字")
    if empty and _only_frame(row):
        return "blank", Sentence("只有序号或地名的空行")
    if empty and len(texts) == 1 and (len(texts[0]) > 4 or not row.get("guardian")):
        return "note", Sentence("说明文字")
    return None


def _bare(text: str) -> str:
    return "".join(text.split())


def _signed(text: str) -> bool:
    return any(word in text for word in CENSUS.not_data.signatures) and not re.search(r"\d{17}[\dXx]", text)


def _only_frame(row: Mapping[str, Cell]) -> bool:
    return not any(
        cells.text(value)
        for key, value in row.items()
        if key not in {"seq", "town", "village", "county", "hukou", "other", "note"}
    )


def read_row(result: Result, row: Mapping[str, Cell], gazetteer: Gazetteer, today: date) -> Result:
    """Fill the fields of a row about a child, with every reason found."""
    _name(result, row)
    _identity(result, row, today)
    _place(result, row, gazetteer)
    _guardian(result, row)
    _category(result, row)
    return result


def _name(result: Result, row: Mapping[str, Cell]) -> None:
    read = cells.read_name(row.get("name", ""))
    result.fields["name"] = read.name or None
    if read.problem:
        result.stop("name", read.problem)
    elif read.doubt:
        result.say("name", read.doubt)


def _identity(result: Result, row: Mapping[str, Cell], today: date) -> None:
    number = cells.read_number(row.get("id_number", ""))
    born = read_date(row.get("birth_date", ""), today)
    result.fields["id_number"] = number.number or None
    if number.problem:
        result.stop("id_number", number.problem, number.sentence)
    elif not number.number:
        result.say("id_number", "id_missing")
    _birth(result, number, born)
    _sex(result, number, row)
    _age(result, today)


def _birth(result: Result, number: cells.ReadNumber, born: ReadDate) -> None:
    known = number.born if number.problem in _DATED else None
    result.fields["birth_date"] = known.isoformat() if known else born.text or None
    if known:
        if born.problem == "":
            if born.text and not known.isoformat().startswith(born.text) and not _lost_zero(born, known):
                result.stop("birth_date", "birth_conflict", _differ(born.text, known))
        else:
            said = Sentence("%(what)s，已按身份证号填为 %(known)s", what=_SAID[born.problem], known=known)
            result.say("birth_date", born.problem, said)
        return
    if born.problem:
        result.stop("birth_date", born.problem)
    elif not born.text and not number.problem:
        result.stop("birth_date", "birth_missing", Sentence("没有身份证号，也没有出生日期，无法确认是谁"))
    elif born.doubt:
        result.say("birth_date", born.doubt)


def _differ(written: str, known: date) -> Sentence:
    return Sentence("出生日期 %(written)s 与身份证号里的 %(known)s 不一致", written=written, known=known)


def _lost_zero(born: ReadDate, known: date) -> bool:
    return born.doubt == "birth_month_doubtful" and known.isoformat().startswith(f"{born.text[:5]}10")


def _sex(result: Result, number: cells.ReadNumber, row: Mapping[str, Cell]) -> None:
    raw, said = cells.text(row.get("sex", "")), cells.read_sex(row.get("sex", ""))
    from_number = number.sex if not number.problem else ""
    result.fields["sex"] = said or from_number or None
    if raw and not said:
        result.say("sex", "sex_unreadable")
    elif said and from_number and said != from_number:
        both = Sentence("性别写的是%(written)s，身份证号是%(known)s", written=said, known=from_number)
        result.stop("sex", "sex_conflict", both)
    elif not said and not from_number and not number.problem:
        result.say("sex", "sex_missing")


def _age(result: Result, today: date) -> None:
    text = result.fields["birth_date"]
    if not text:
        return
    born = date.fromisoformat(text if len(text) == 10 else f"{text}-28")
    if born > today:
        result.stop("birth_date", "birth_range", Sentence("出生日期在今天之后"))
        return
    years = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
    if years >= _adult_age(today):
        said = Sentence("按出生日期已满 %(years)s 周岁，不是儿童；是不是填了监护人的身份证号", years=years)
        result.stop("birth_date", "adult", said)


@lru_cache(maxsize=8)
def _adult_age(today: date) -> int:
    return CENSUS.adult_age.on(today)


def _place(result: Result, row: Mapping[str, Cell], gazetteer: Gazetteer) -> None:
    asked = [cells.text(row.get(key, "")) for key in ("county", "town", "village", "address")]
    if coded := cells.text(row.get("division", "")):
        asked[2] = coded
    hukou = "" if asked[2] or asked[3] else cells.text(row.get("hukou", ""))
    place = gazetteer.resolve(*asked[:3], hukou or asked[3])
    result.fields["division"] = str(place.code) if place.code else None
    if place.problem:
        result.stop("division", place.problem, place.sentence)
    elif hukou:
        result.say("division", "place_from_hukou")


def _guardian(result: Result, row: Mapping[str, Cell]) -> None:
    name, strange = cells.read_guardian(row.get("guardian", ""))
    relation = cells.text(row.get("guardian_relation", ""))
    digits, doubt = cells.read_phone(row.get("phone", ""))
    if name and not relation and (found := _BRACKETED.fullmatch(cells.text(row.get("guardian", "")))):
        relation = found[2] if codes.find("relation", found[2]) or len(found[2]) <= 3 else ""
    if name == result.fields["name"] and codes.find("relation", relation) == _SELF:
        name, relation, strange = "", "", "guardian_self"
    result.fields.update(guardian=name or None, guardian_relation=relation or None, phone=digits or None)
    if strange:
        result.say("guardian", strange)
    if doubt:
        result.say("phone", doubt)


def _category(result: Result, row: Mapping[str, Cell]) -> None:
    raw = cells.text(row.get("category", ""))
    for key, cell in row.items():
        if key.startswith(ASKED) and cells.text(cell) in CENSUS.categories.asked.holds:
            raw = f"{raw}、{key.removeprefix(ASKED)}"
    found, doubt = cells.read_category(raw)
    result.fields["category"] = "、".join(codes.label("category", code) for code in found) or None
    if doubt:
        result.say("category", doubt)
