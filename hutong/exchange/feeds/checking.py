"""Rows of text → checked rows, all in SQL over whole columns: what is used, what is quarantined and why, what is no data.

Table `checked`: n, state (0 no data, 1 good, 2 quarantined), every taken field with its type (identity numbers repaired, not
yet tokens), `no_FIELD` (the problem's code), `id_valid`. Every row below the heading is in it, once.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import duckdb
import pyarrow as pa

from hutong.exchange.feeds import values
from hutong.exchange.feeds.headings import Found
from hutong.exchange.feeds.raw import Raw
from hutong.exchange.feeds.values import quoted
from hutong.kernel import number_tokens
from hutong.kernel.sentences import Sentence, beside
from hutong.policy.census import CENSUS
from hutong.policy.feeds import LIMITS, Feed, Field

_DIGITS_LOST = r"[0-9](\.[0-9]+)?[eE]\+?1[4-8]"
# Fourteen digits and one more, however they are set apart: a number of a person, also the old one of 15, or of an account.
_NUMBER = r"\p{Nd}(?:[\s\x{3000}\-_.'’‘·]{0,2}\p{Nd}){13,}[\s\-]{0,2}[\p{Nd}XxＸｘ]"
_HIDDEN = "［号码］"


@dataclass(frozen=True)
class Reason:
    """Why a row cannot be used: the field, a stable code, a sentence without its full stop and without the value."""

    field: str
    code: str
    message: Sentence

    def kept(self) -> dict[str, object]:
        """As a row keeps it; a page says it in its reader's language (sentences.told)."""
        return {"field": self.field, "code": self.code, "message": str(self.message), **beside(self.message)}


@dataclass(frozen=True)
class Bad:
    """A quarantined row: its number in the file, why, and its cells as they came, in their places; empty where not taken."""

    n: int
    reasons: tuple[Reason, ...]
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Counted:
    """How many rows came to what; good + bad + not_data = rows."""

    rows: int
    good: int
    bad: int
    not_data: int


def check(db: duckdb.DuckDBPyConnection, raw: Raw, found: Found, feed: Feed, today: date) -> None:
    """Make the table `checked` from `raw`."""
    taken = [field for field in feed.fields if field.name in found.columns and field.stored]
    _cells(db, raw, found, feed, taken)
    for field in taken:
        _odd_values(db, field, today)
    _typed(db, taken, today)
    db.execute("drop table cells")
    _judged(db, feed, taken)
    db.execute("drop table typed")
    _doubled(db, taken)


def _cells(db: duckdb.DuckDBPyConnection, raw: Raw, found: Found, feed: Feed, taken: list[Field]) -> None:
    """Table `cells`: n, blank, repeats (the heading), remark (a total, a signature), and the taken cells."""
    every = [f"c{i}" for i in range(len(raw.headings))]
    nothing_said = quoted("")
    first = f"coalesce({', '.join(f'nullif({c}, {nothing_said})' for c in every)}, null)"
    repeated = " and ".join(
        f"c{i} is not distinct from {quoted(raw.headings[i])}" for i in sorted(found.columns.values())
    )
    words = "|".join((*CENSUS.not_data.totals, *CENSUS.not_data.signatures, *CENSUS.not_data.notes)).replace("*", r"\*")
    known = ", ".join(f"{_said(feed, f'c{found.columns[field.name]}')} as {field.name}" for field in taken)
    db.execute(f"""create or replace table cells as select n, {first} is null as blank, {repeated} as repeats,
          coalesce(regexp_matches({first}, {quoted(f"^({words})")}), false) as remark, {known}
        from raw where n > {raw.heading}""")


def _said(feed: Feed, cell: str) -> str:
    """A cell, null where it says that there is nothing, cut where it is far too long. Lengths first: they cost least."""
    nothing = ", ".join(quoted(word) for word in feed.missing_values)
    longest, most = max(len(word.encode()) for word in feed.missing_values), LIMITS.cell_characters
    return (
        f"case when strlen({cell}) <= {longest} and {cell} in ({nothing}) then null"
        f" when strlen({cell}) > {most} then left({cell}, {most}) else {cell} end"
    )


def _odd_values(db: duckdb.DuckDBPyConnection, field: Field, today: date) -> None:
    """Table `odd_FIELD`: each text in no usual form, read once. With too many different ones the rest stays unread."""
    if field.holds == "key" or (field.type == "string" and not field.constraints.enum):
        return
    found = db.execute(
        f"select distinct {field.name} from cells where {field.name} is not null and not blank"
        f" and {values.usual(field, field.name, today)} is null limit {LIMITS.odd_values}"
    ).fetchall()
    read = [values.odd(field, text, today) for (text,) in found]
    kind = {"string": pa.string(), "integer": pa.int64(), "boolean": pa.bool_(), "date": pa.date32()}[field.type]
    table = pa.table({
        "t": pa.array([text for (text,) in found], pa.string()),
        "v": pa.array([one.value for one in read], kind),
        "p": pa.array([one.problem for one in read], pa.string()),
        "d": pa.array([one.doubt for one in read], pa.string()),
    })  # fmt: skip
    db.register("piece", table)
    db.execute(f"create or replace table odd_{field.name} as select * from piece")
    db.unregister("piece")


def _typed(db: duckdb.DuckDBPyConnection, taken: list[Field], today: date) -> None:
    """Table `typed`: every field's value, its problem and its doubt."""
    columns, joins = [], []
    for field in taken:
        name = field.name
        if field.holds == "id_number":
            columns += _numbered(name)
        elif field.holds == "key":
            columns += [
                f"{_key(f'c.{name}')} as {name}",
                f"null::varchar as no_{name}",
                f"null::varchar as doubt_{name}",
            ]
        elif field.type == "string" and not field.constraints.enum:
            columns += _worded(field)
        else:
            value = f"coalesce({values.usual(field, f'c.{name}', today)}, {name}_.v)"
            joins.append(f"left join odd_{name} {name}_ on {name}_.t = c.{name}")
            columns += [
                f"{value} as {name}",
                f"case when c.{name} is not null and {value} is null then coalesce({name}_.p, 'unreadable') end as no_{name}",
                f"{name}_.d as doubt_{name}",
            ]
    db.execute(
        f"create or replace table typed as select c.n, c.blank, c.repeats, c.remark, {', '.join(columns)}"
        f" from cells c {' '.join(joins)}"
    )


def _numbered(name: str) -> list[str]:
    lost = f"regexp_full_match(c.{name}, '{_DIGITS_LOST}')"
    return [
        f"case when not {lost} then {number_tokens.repaired(f'c.{name}')} end as {name}",
        f"case when {lost} then 'digits_lost' end as no_{name}",
        f"null::varchar as doubt_{name}",
    ]


def _worded(field: Field) -> list[str]:
    text = f"c.{field.name}"
    instead = "" if field.holds == "person_name" else _HIDDEN
    hidden = f"trim(regexp_replace({text}, {quoted(_NUMBER)}, '{instead}', 'g'))"
    value = f"case when regexp_matches({text}, '\\p{{Nd}}{{3}}|\\p{{Nd}}.?\\p{{Nd}}.?\\p{{Nd}}') then {hidden} else {text} end"
    strange = field.holds == "person_name"
    letters = f"regexp_matches({value}, '\\p{{L}}')"
    return [
        f"case when {letters} then {value} end as {field.name}" if strange else f"{value} as {field.name}",
        f"case when not {letters} then 'name_strange' end as no_{field.name}"
        if strange
        else f"null::varchar as no_{field.name}",
        f"case when {value} <> {text} then 'number_in_text' end as doubt_{field.name}",
    ]


def _key(text: str) -> str:
    """An office's own number as it is while it is short; anything longer, which may be a person's, by its token (negative: no other's)."""
    return (
        f"case when regexp_full_match({text}, '[0-9]{{1,14}}') then {text}::bigint"
        f" else -('0x' || left({number_tokens.whole(text)}, 11))::bigint end"
    )


def _judged(db: duckdb.DuckDBPyConnection, feed: Feed, taken: list[Field]) -> None:
    """Table `checked`: what a number that can exist tells is filled in; the rows' states."""
    names = {field.name for field in taken}
    number = "id_no" if "id_no" in names else "null::varchar"
    born = "told_birth"
    sex = f"case when id_valid then case when substr({number}, 17, 1)::integer % 2 = 1 then '男' else '女' end end"
    usable = {
        field.name: number_tokens.valid(field.name) if field.holds == "id_number" else f"{field.name} is not null"
        for field in taken
    }
    usable["birth_date"] = (
        f"coalesce(birth_date, {born}) is not null" if "birth_date" in names else f"{born} is not null"
    )
    ways = [" and ".join(usable.get(name, "false") for name in way) for way in feed.identified_by]
    missing = [f"{field.name} is null" for field in feed.fields if field.required and field.name in names]
    filled = (
        f"coalesce({'birth_date' if 'birth_date' in names else 'null::date'}, {born}) as birth_date, "
        f"coalesce({'sex' if 'sex' in names else 'null::varchar'}, {sex}) as sex"
    )
    others = ", ".join(
        column for field in taken for column in ([] if field.name in {"sex", "birth_date"} else [field.name])
    )
    problems = "".join(f", no_{field.name}, doubt_{field.name}" for field in taken)
    written = "".join(f", {name} as written_{name}" for name in ("birth_date", "sex") if name in names)
    db.execute(f"""create or replace table checked as select n, id_valid, {filled}{f", {others}" if others else ""}{problems}{written},
          not ({" or ".join(f"({way})" for way in ways)}) as unidentified,
          case when blank or repeats or remark and not id_valid and {born} is null and {_no_birth(names)} then 0
            when {" or ".join([*missing, f"not ({' or '.join(f'({way})' for way in ways)})"])} then 2 else 1 end::tinyint as state
        from (select *, case when id_valid then try_strptime(substr({number}, 7, 8), '%Y%m%d')::date end as told_birth
          from (select *, {number_tokens.valid(number) if "id_no" in names else "false"} as id_valid from typed))""")


def _no_birth(names: set[str]) -> str:
    return "birth_date is null" if "birth_date" in names else "true"


def _doubled(db: duckdb.DuckDBPyConnection, taken: list[Field]) -> None:
    """Table `doubled`: rows that say the same as an earlier one, word for word; they become quarantined."""
    said = ", ".join(dict.fromkeys([*(field.name for field in taken), "birth_date", "sex"]))
    db.execute(f"""create or replace table doubled as with h as (select n, hash({said}) as h from checked where state = 1)
        select n, first from (select n, min(n) over (partition by h) as first from h
          where h in (select h from h group by h having count(*) > 1)) where n > first""")
    db.execute("update checked set state = 2 where n in (select n from doubled)")


def counted(db: duckdb.DuckDBPyConnection) -> Counted:
    """How the rows were judged."""
    states = dict(db.execute("select state, count(*) from checked group by state").fetchall())
    return Counted(sum(states.values()), states.get(1, 0), states.get(2, 0), states.get(0, 0))
