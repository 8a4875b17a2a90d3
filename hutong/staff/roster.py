"""Accounts in bulk from a staff list: a workbook with name, phone, role, county, town, village in any order.

Every row gets an answer: done, was there already, or refused with its reason. Nothing is dropped in silence.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from io import BytesIO
from typing import Any

from django.db import transaction
from python_calamine import CalamineError, CalamineWorkbook

from hutong.kernel import clock
from hutong.kernel.refusals import Refusal
from hutong.places.codes import level, subtree
from hutong.places.models import Alias, Division
from hutong.policy.access import ROLES
from hutong.policy.accounts import ACCOUNTS, role_of
from hutong.staff import accounts, posts
from hutong.staff.access import scope_of
from hutong.staff.models import Post, User
from hutong.staff.queries import within

MOST_BYTES, MOST_ROWS = 5_000_000, 10_000
_SUFFIX = re.compile(r"(村民委员会|居民委员会|社区居委会|村委会|居委会|村委|居委)$")
_NEEDED = ("name", "phone", "role", "town")
_BELOW = frozenset({"town", "village"})


class BadList(Refusal):
    """Not a list that can be read."""

    code = "bad_list"


@dataclass
class Line:
    """One row of the list and what became of it: ok, same or refused."""

    row: int
    name: str = ""
    phone: str = ""
    role: str = ""
    county: str = ""
    town: str = ""
    village: str = ""
    status: str = ""
    reason: str = ""
    user: User | None = field(default=None, repr=False)


def read(content: bytes) -> list[Line]:
    """The rows below the headings of the first sheet that has them. Raises BadList with a sentence."""
    if len(content) > MOST_BYTES:
        raise BadList("文件超过 5 MB，没有读取。请只保留人员名单再上传。")
    try:
        book = CalamineWorkbook.from_filelike(BytesIO(content))
        sheets = [book.get_sheet_by_name(name).to_python() for name in book.sheet_names]
    except (CalamineError, ValueError, OSError) as error:
        raise BadList("这个文件不是能打开的 Excel 表格（xlsx 或 xls），没有读取。请另存为 xlsx 后再上传。") from error
    for rows in sheets:
        if lines := list(_lines(rows)):
            return lines
    raise BadList("没有找到表头。表里要有“姓名、手机号、岗位、乡镇、村”这几列，没有读取。")


def _lines(rows: Sequence[Sequence[object]]) -> Iterator[Line]:
    places: dict[int, str] = {}
    for number, row in enumerate(rows[:MOST_ROWS], start=1):
        texts = [_text(cell) for cell in row]
        if not places:
            places = _headings(texts)
        elif any(texts):
            told: dict[str, Any] = {key: texts[at] for at, key in places.items() if at < len(texts)}
            yield Line(number, **told)


def _text(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return unicodedata.normalize("NFKC", str(cell)).strip()


def _headings(texts: list[str]) -> dict[int, str]:
    found: dict[int, str] = {}
    for at, text in enumerate(texts):
        word = re.sub(r"[\s()（）【】、/*]", "", text)
        key = next((key for key, words in ACCOUNTS.columns.items() if word in words), None)
        if key and key not in found.values():
            found[at] = key
    return found if set(_NEEDED) <= set(found.values()) else {}


def apply(*, lines: list[Line], by: User, at: datetime) -> list[Line]:
    """Open accounts and fill posts, row by row; a refused row leaves nothing behind and does not stop the others."""
    area = Area(by)
    on = clock.day(at)
    for line in lines:
        try:
            with transaction.atomic():
                line.status = _one(line, area, on, by, at)
        except Refusal as refusal:
            line.status, line.reason = "refused", refusal.sentence
    return lines


def _one(line: Line, area: Area, on: date, by: User, at: datetime) -> str:
    role = role_of(line.role)
    if role is None:
        raise Refusal("不认识岗位“%(what)s”。可写：儿童主任、儿童督导员。", values={"what": line.role[:20]})
    division = area.place(role, county=line.county, town=line.town, village=line.village)
    line.user = accounts.open_account(name=line.name, phone=line.phone, division=division, by=by, at=at)
    if Post.objects.filter(user=line.user, role=role, division=division, end=None).exists():
        return "same"
    posts.appoint(user=line.user, role=role, division=division, start=on, by=by, at=at)
    return "ok"


class Area:
    """The places whose posts somebody may fill, found by the names offices write."""

    def __init__(self, by: User) -> None:
        scope = scope_of(by)
        rows = Division.objects.filter(within(scope.area, "code"), valid_to=None).order_by("code")
        names: dict[int, set[str]] = {row.code: {_plain(row.name), _plain(row.short_name)} for row in rows}
        for alias in Alias.objects.filter(division__in=names):
            names[alias.division_id].add(_plain(alias.name))
        self.names = names
        self.own = scope.area[0][0] if scope.area else 0
        self.counties = [row.code for row in rows if row.level == Division.Level.COUNTY]
        self.towns = [row.code for row in rows if row.level == Division.Level.TOWN]
        self.villages = [row.code for row in rows if row.level == Division.Level.VILLAGE]

    def place(self, role: str, *, county: str = "", town: str = "", village: str = "") -> int:
        """Where a post of a role is held: a village, a town, a county; else the place of whoever asks.

        Raises Refusal when a name is missing where the role needs it, unknown, or not the only one.
        """
        levels = ROLES[role].levels if role in ROLES else frozenset()
        inside = self._only(county, self.counties, "县（区）") if county or self._asks_county(levels) else self.own
        if not levels & _BELOW:
            return inside
        at = self._only(town, _under(inside, self.towns), "乡镇（街道）")
        return self._only(village, _under(at, self.villages), "村（居）") if "village" in levels else at

    def _asks_county(self, levels: frozenset[str]) -> bool:
        return "county" in levels and "city" not in levels and level(self.own) < Division.Level.COUNTY

    def _only(self, name: str, codes: list[int], what: str) -> int:
        if not name:
            raise Refusal("没有写%(what)s。", values={"what": what})
        wanted = {_plain(name), _plain(name).removesuffix("村")}
        found = [c for c in codes if _plain(name) in self.names[c]] or [
            c for c in codes if wanted & {n.removesuffix("村") for n in self.names[c]}
        ]
        if len(found) != 1:
            raise Refusal(
                "在您负责的地区内找到 %(n)s 个叫“%(what)s”的%(what2)s，应当正好是 1 个。请写全称。",
                values={"n": len(found), "what": name[:20], "what2": what},
            )
        return found[0]


def _under(code: int, codes: list[int]) -> list[int]:
    if not code:
        return []
    low, high = subtree(code)
    return [c for c in codes if low <= c < high]


def _plain(name: str) -> str:
    return _SUFFIX.sub("", re.sub(r"\s+", "", unicodedata.normalize("NFKC", name)))
