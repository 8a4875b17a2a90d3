"""What is said about a delivery: reasons of quarantined rows, and counts of what was used with doubt."""

from __future__ import annotations

from typing import Any

import duckdb

from hutong.exchange.feeds.checking import Bad, Reason
from hutong.exchange.feeds.headings import Found, ways_of
from hutong.exchange.feeds.raw import Raw
from hutong.exchange.feeds.values import PROBLEMS
from hutong.kernel.sentences import Sentence
from hutong.policy.feeds import LIMITS, Feed, Field

WHOLE = {
    "sheets_ignored": Sentence("工作簿里另有工作表，没有读取"),
    "characters_lost": Sentence("文字不完整，有字符读不出来"),
    "id_missing": Sentence("没有公民身份号码，靠姓名和出生日期比对"),
    "id_invalid": Sentence("公民身份号码不可能存在，靠姓名和出生日期比对"),
    "birth_filled": Sentence("没有出生日期，按公民身份号码补上"),
    "sex_filled": Sentence("没有性别，按公民身份号码补上"),
    "birth_differs": Sentence("出生日期与公民身份号码不一致，按填写的收下"),
    "sex_differs": Sentence("性别与公民身份号码不一致，按填写的收下"),
    "number_shared": Sentence("同一个公民身份号码写给了不同姓名的人"),
    "born_new_year": Sentence("出生日期是 1 月 1 日的多得反常，可能是默认值"),
}
_DOUBTS = {
    "date_two_digit_year": Sentence("年份只写了两位，已补全"),
    "date_month_only": Sentence("只到月，按当月 1 日收下"),
    "word_guessed": Sentence("写法不在约定里，按其中认得的词收下"),
    "number_in_text": Sentence("里面写了长串号码，已遮去"),
}


def counted(db: duckdb.DuckDBPyConnection, came: Raw, found: Found, feed: Feed) -> dict[str, int]:
    """Code → rows among the good ones; `FIELD.code` where it is about one field. What is nowhere is left out."""
    asked = {
        f"{name}.{code}": f"count(*) filter ({column} = '{code}')" for name, code, column in _codes(db, found, feed)
    }
    asked |= _about_persons(set(found.columns))
    good = db.execute("select count(*) from checked where state = 1").fetchall()[0][0]
    counts = db.execute(f"select {', '.join(asked.values())} from checked where state = 1").fetchall()[0]
    said = {**came.doubts, **dict(zip(asked, counts, strict=True))}
    said["number_shared"] = _shared(db) if {"id_no", "name"} <= set(found.columns) else 0
    if said["born_new_year"] * 100 < good * LIMITS.new_year_percent:
        del said["born_new_year"]
    return {code: int(count) for code, count in said.items() if count}


def _codes(db: duckdb.DuckDBPyConnection, found: Found, feed: Feed) -> list[tuple[str, str, str]]:
    """(field, code, column) of every problem and doubt that occurs."""
    columns = [
        (field.name, f"{kind}_{field.name}")
        for field in feed.fields
        if field.stored and field.name in found.columns
        for kind in ("no", "doubt")
    ]
    return [
        (name, code, column)
        for name, column in columns
        for (code,) in db.execute(f"select distinct {column} from checked where {column} is not null").fetchall()
    ]


def _about_persons(taken: set[str]) -> dict[str, str]:
    asked = {"born_new_year": "count(*) filter (month(birth_date) = 1 and day(birth_date) = 1)"}
    if "id_no" not in taken:
        return asked
    asked["id_missing"] = "count(*) filter (id_no is null)"
    asked["id_invalid"] = "count(*) filter (id_no is not null and not id_valid)"
    for name, code in (("birth_date", "birth"), ("sex", "sex")):
        written = f"written_{name}" if name in taken else "null"
        asked[f"{code}_filled"] = f"count(*) filter ({written} is null and {name} is not null)"
    told = {"birth": "strftime(written_birth_date, '%Y%m%d') <> substr(id_no, 7, 8)"}
    told["sex"] = "(written_sex = '男') <> (try_cast(substr(id_no, 17, 1) as integer) % 2 = 1)"
    for name, code in (("birth_date", "birth"), ("sex", "sex")):
        if name in taken:
            asked[f"{code}_differs"] = f"count(*) filter (id_valid and {told[code]})"
    return asked


def _shared(db: duckdb.DuckDBPyConnection) -> int:
    found = db.execute("""select coalesce(sum(rows), 0) from (select count(*) as rows from checked
        where state = 1 and id_valid group by id_no having min(name) <> max(name))""").fetchall()
    return int(found[0][0])


def bad_rows(db: duckdb.DuckDBPyConnection, feed: Feed, found: Found) -> tuple[Bad, ...]:
    """The first quarantined rows with their reasons and cells."""
    who = {name for way in feed.identified_by for name in way}
    fields = [f for f in feed.fields if (f.required or f.name in who) and f.name in found.columns]
    asked = [part for f in fields for part in (f"{f.name} is null", f"no_{f.name}")]
    rows = db.execute(
        f"""select c.n, unidentified, d.first, {", ".join(asked)}, r.* exclude (n) from checked c join raw r using (n)
        left join doubled d using (n) where c.state = 2 order by c.n limit {LIMITS.bad_kept}"""
    ).fetchall()
    width, taken = 3 + len(asked), set(found.columns.values())
    return tuple(Bad(row[0], _reasons(feed, fields, row[1:width]), _cells(row[width:], taken)) for row in rows)


def _cells(cells: tuple[str | None, ...], taken: set[int]) -> tuple[str, ...]:
    """In their places; of columns that are not taken nothing is kept here either."""
    return tuple((cell or "") if place in taken else "" for place, cell in enumerate(cells))


def _reasons(feed: Feed, fields: list[Field], told: tuple[Any, ...]) -> tuple[Reason, ...]:
    unidentified, first, *rest = told
    reasons = []
    for field, missing, problem in zip(fields, rest[::2], rest[1::2], strict=True):
        if (field.required and missing) or (unidentified and problem):
            code = problem or "missing"
            said = Sentence("%(field)s%(what)s", field=Sentence(field.title), what=PROBLEMS[code])
            reasons.append(Reason(field.name, code, said))
        elif unidentified and field.holds == "id_number" and not missing:
            said = Sentence("%(field)s不可能存在，有一位写错或缺位", field=Sentence(field.title))
            reasons.append(Reason(field.name, "id_invalid", said))
    if unidentified:
        said = Sentence("认不出是谁，至少要有一种能用：%(ways)s", ways=ways_of(feed))
        reasons.append(Reason(feed.identified_by[0][0], "unidentified", said))
    if first:
        reasons.append(Reason("", "doubled", Sentence("与第 %(row)s 行完全相同，只收了那一行", row=first)))
    return tuple(reasons)


def sentences(feed: Feed, notes: dict[str, int]) -> list[Sentence]:
    """Notes in words, without full stops, most frequent first."""
    return [_sentence(feed, code, count) for code, count in sorted(notes.items(), key=lambda entry: -entry[1])]


def _sentence(feed: Feed, code: str, count: int) -> Sentence:
    name, _, kind = code.rpartition(".")
    if not name:
        return _whole(code, count)
    title = Sentence(feed.field(name).title)
    if kind in _DOUBTS:
        return Sentence("%(field)s%(what)s：%(n)s 行", field=title, what=_DOUBTS[kind], n=count)
    return Sentence("%(field)s%(what)s，留空：%(n)s 行", field=title, what=PROBLEMS[kind], n=count)


def _whole(code: str, count: int) -> Sentence:
    if code == "sheets_ignored":
        return Sentence("%(what)s：%(n)s 张", what=WHOLE[code], n=count)
    if code == "characters_lost":
        return Sentence("%(what)s：%(n)s 处", what=WHOLE[code], n=count)
    return Sentence("%(what)s：%(n)s 行", what=WHOLE[code], n=count)
