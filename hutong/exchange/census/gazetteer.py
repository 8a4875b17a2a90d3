"""Which village a cell means: with or without 村民委员会, with the town before it or in its own column, ambiguous or elsewhere."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz, process

from hutong.kernel.sentences import Sentence

_COMMITTEE = re.compile(r"(社区居民委员会|村民委员会|居民委员会|村委会|居委会|村委|居委)$")
_VILLAGE = re.compile(r"(行政村|自然村|社区|居|村)$")
_BRACKETS = re.compile(r"[（(][^（()）]*[）)]?")
_TOWN = re.compile(r"(人民政府|街道办事处|街道办|办事处|回族镇|街道|民政办|镇|乡)$")
_AFTER = re.compile(
    r"^(社区居民委员会|村民委员会|居民委员会|村委会|居委会|行政村|自然村|社区|村委|村|居)?(\d.*|[东西南北中]?[一二三四五六七八九十]+[组队巷号].*|.*[组队号巷路]|)$"
)


@dataclass(frozen=True, slots=True)
class Row:
    """One division as the gazetteer needs it. `level`: 3 county, 4 town, 5 village."""

    code: int
    parent: int
    level: int
    name: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """The 12-digit code of a village, or a problem code with its sentence."""

    code: int | None = None
    problem: str = ""
    sentence: Sentence | None = None


def _key(text: str) -> str:
    return re.sub(r"[\s·,，.。、;；:：\-—_/（）()]", "", unicodedata.normalize("NFKC", text))


def _village_key(text: str) -> str:
    bare = _VILLAGE.sub("", _COMMITTEE.sub("", text))
    return bare or text


def _town_key(text: str) -> str:
    bare = _TOWN.sub("", text)
    return bare if len(bare) >= 2 else text


class Gazetteer:
    """Divisions of one city, asked from one county."""

    def __init__(self, rows: Iterable[Row], county: int) -> None:
        self.county = county
        self._counties: dict[str, int] = {}
        self._towns: dict[str, list[Row]] = defaultdict(list)
        self._villages: dict[str, list[Row]] = defaultdict(list)
        self._names: dict[int, str] = {}
        self._codes: dict[int, Row] = {}
        for row in rows:
            self._enter(row)
        self.resolve = lru_cache(maxsize=20_000)(self._resolve)

    def _enter(self, row: Row) -> None:
        self._names[row.code], self._codes[row.code] = row.name, row
        for name in (row.name, *row.aliases):
            key = _key(name)
            if row.level == 3:
                self._counties[key] = row.code
            elif row.level == 4:
                self._add(self._towns, _town_key(key), row)
            elif row.level == 5:
                self._add(self._villages, _village_key(key), row)

    @staticmethod
    def _add(index: dict[str, list[Row]], key: str, row: Row) -> None:
        if row not in index[key]:
            index[key].append(row)

    def _inside(self, code: int) -> bool:
        return code // 1_000_000 == self.county // 1_000_000

    def _resolve(self, county: str, town: str, village: str, address: str) -> Place:
        """The village meant by four cells (each may be empty); what stands in brackets is left out when it is not known."""
        place = self._meant(county, town, village, address)
        bare = [_BRACKETS.sub("", text) for text in (village, address)]
        if place.problem == "village_unknown" and bare != [village, address] and any(bare):
            again = self._meant(county, town, *bare)
            return again if again.code else place
        return place

    def _meant(self, county: str, town: str, village: str, address: str) -> Place:
        if found := self._coded(village):
            return found
        if county and (place := self._other_county(_key(county))):
            return place
        if village:
            return self._in(_key(town), _key(village))
        if address and not self._bare(_key(address), _key(town)):
            return self._in(_key(town), _key(address))
        return Place(problem="village_missing", sentence=Sentence("没有写村（居），不知道孩子住在哪里"))

    def _bare(self, address: str, town: str) -> bool:
        return address == town

    def _coded(self, text: str) -> Place | None:
        digits = re.sub(r"\D", "", text) if re.fullmatch(r"[\d .]{12,15}", text.strip()) else ""
        if len(digits) != 12:
            return None
        row = self._codes.get(int(digits))
        if row is None or row.level != 5:
            return Place(
                problem="village_unknown", sentence=Sentence("区划代码 %(code)s 不是一个村（居）", code=digits)
            )
        return self._here(row)

    def _other_county(self, text: str) -> Place | None:
        for name, code in self._counties.items():
            if (text in (name, name[:-1]) or text.endswith(name)) and not self._inside(code):
                said = Sentence("写的是%(place)s，不属于本次导入的县区", place=self._names[code])
                return Place(problem="other_county", sentence=said)
        return None

    def _in(self, town: str, village: str) -> Place:
        text, place = self._without_above(village)
        if place:
            return place
        town_text, place = self._without_above(town)
        if place:
            return place
        towns = self._towns.get(_town_key(town_text), []) if town_text else []
        before, rest = self._town_before(text)
        if not towns or any(town in towns for town in before):
            towns, text = before or towns, rest
        if town_text and not towns:
            return self._without_town(text, town_text)
        return self._village(text, towns)

    def _without_above(self, text: str) -> tuple[str, Place | None]:
        """The text without province, city and county; a place when the county named is another one."""
        text = re.sub(r"^(山东省|山东)?(菏泽市|菏泽)?", "", text)
        for name, code in self._counties.items():
            if text.startswith(name):
                if not self._inside(code):
                    said = Sentence("写的是%(place)s的村（居），不属于本次导入的县区", place=self._names[code])
                    return text, Place(problem="other_county", sentence=said)
                return text[len(name) :], None
        return text, None

    def _town_before(self, text: str) -> tuple[list[Row], str]:
        """Towns that the text begins with, and what follows; the longest name wins."""
        best: tuple[list[Row], str] = ([], text)
        length = 0
        for key, rows in self._towns.items():
            if len(key) > length and text.startswith(key):
                rest = re.sub(r"^(街道办事处|街道办|办事处|街道|镇|乡)", "", text[len(key) :])
                if rest and rest != text[len(key) :]:
                    best, length = (rows, rest), len(key)
        return best

    def _village(self, text: str, towns: list[Row]) -> Place:
        codes = {town.code for town in towns}
        rows = [row for row in self._named(text) if not codes or row.parent in codes]
        here = [row for row in rows if self._inside(row.code)]
        if len(here) == 1:
            return Place(here[0].code)
        if here:
            names = "、".join(sorted(f"{self._names.get(row.parent, '')}{row.name}" for row in here)[:4])
            return Place(
                problem="village_ambiguous", sentence=Sentence("有同名的村（居）：%(names)s，请写明乡镇", names=names)
            )
        if rows or any(not self._inside(town.code) for town in towns):
            return Place(problem="other_county", sentence=Sentence("“%(text)s”不在本次导入的县区内", text=text))
        if _TOWN.search(text) and _town_key(text) in self._towns:
            said = Sentence("只写到乡镇（街道），没有写村（居），不知道孩子住在哪里")
            return Place(problem="village_missing", sentence=said)
        return self._unknown(text, codes)

    def _without_town(self, text: str, town: str) -> Place:
        """The town's name is unknown: the village alone must be enough, and must not hide a slip."""
        ours = [key for key, rows in self._towns.items() if any(self._inside(row.code) for row in rows)]
        near = process.extractOne(_town_key(town), ours, scorer=fuzz.ratio)
        if near and near[1] >= 50:
            hint = self._towns[near[0]][0].name
            said = Sentence("没有叫“%(text)s”的乡镇（街道），是不是“%(hint)s”", text=town, hint=hint)
        else:
            said = Sentence("没有叫“%(text)s”的乡镇（街道）", text=town)
        return Place(problem="town_unknown", sentence=said)

    def _named(self, text: str) -> list[Row]:
        if rows := self._villages.get(_village_key(text)):
            return rows
        for end in range(len(text) - 1, 1, -1):
            rows = self._villages.get(text[:end], [])
            if rows and _AFTER.match(text[end:]):
                return rows
        return []

    def _unknown(self, text: str, towns: set[int]) -> Place:
        near = [
            key
            for key, rows in self._villages.items()
            if any(self._inside(r.code) and (not towns or r.parent in towns) for r in rows)
        ]
        best = process.extractOne(_village_key(text), near, scorer=fuzz.ratio)
        if best and best[1] >= 50:
            hint = self._villages[best[0]][0].name
            said = Sentence("没有叫“%(text)s”的村（居），是不是“%(hint)s”", text=text, hint=hint)
        else:
            said = Sentence("没有叫“%(text)s”的村（居）", text=text)
        return Place(problem="village_unknown", sentence=said)

    def _here(self, row: Row) -> Place:
        if self._inside(row.code):
            return Place(row.code)
        return Place(problem="other_county", sentence=Sentence("%(place)s不在本次导入的县区内", place=row.name))
