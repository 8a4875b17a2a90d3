"""What is compared, made once for each row: repaired number as tokens, clean and sound names, village and town, keys.

Numbers become tokens: of the whole, the area (first six), the tail (last four), and whether the number can exist. With a
key the tokens are keyed SHA-256, and nothing downstream sees a number; without one they are plain hashes for a run that
keeps nothing. A register whose numbers became tokens at the door (kernel.number_tokens) is taken as it is.
"""

from __future__ import annotations

import duckdb

from hutong.discovery.pipelines.linkage import names
from hutong.kernel import number_tokens

_ENDING = "(行政村|村民委员会|社区居民委员会|居民委员会|村委会|居委会|社区|村)"
_EXACT = 16  # characters of a number that decides with the name alone
_PARTED = 7  # characters from which a number has an area and a tail
_AREA = (
    "case when length(number) >= 16 then 6 else length(number) - 4 end"  # a number of another kind: all before the tail
)
_TOWN = r"(?:^|县|区|市|旗)\s*([^县区市省旗\s]{2,4}?)(?:镇|乡|街道)"


def token(value: str, key: str | None) -> str:
    """SQL: 64 bits that stand for a value; keyed (SHA-256) where a key is given."""
    if key is None:
        return f"hash({value})"
    return f"('0x' || left(sha256('{key}' || ':' || {value}), 16))::ubigint"


def whole(db: duckdb.DuckDBPyConnection, source: str, table: str, key: str) -> None:
    """Make `table` (n, name, sex, id_whole) of a table read: as much as exact agreement asks of an index."""
    repaired, parted = number_tokens.repaired("id_no"), f"length(number) >= {_EXACT}"
    db.execute(f"""create table {table} as select n, name, sex, {_token("number", "id_no", parted, key)} as id_whole
        from (select *, case when door_valid is null then {repaired} end as number from {source})""")


def tokens(
    db: duckdb.DuckDBPyConnection,
    source: str,
    table: str,
    key: str | None,
    *,
    where: str = "true",
    ahead: bool = True,
    once: bool = False,
) -> None:
    """Make `table` of a table read, with the number replaced by its tokens (id_whole, id_area, id_tail, id_valid).

    `once`: it is read but once, so a view will do.
    Not `ahead`: what few pairs need (whether the number can exist, the town) is left to be made of them, from number and address.
    """
    valid = f"coalesce(door_valid, {number_tokens.valid('number')})"
    sex = (
        f"case when sex = 0 and number is not null and {valid} then 2 - substr(number, 17, 1)::integer % 2 else sex end"
    )
    born = f"coalesce(birth_date, case when {valid} then try_strptime(substr(number, 7, 8), '%Y%m%d')::date end)"
    db.execute(f"""create {"view" if once else "table"} {table} as
        with numbered as not materialized (
          select *, case when door_valid is null then {number_tokens.repaired("id_no")} end as number from {source} where {where})
        select n, name, {sex}::tinyint as sex, {born} as birth, address, division, parent_one, parent_two,
          {valid if ahead else "door_valid"} as id_valid, {"null::varchar" if ahead else "number"} as number,
          {_token("number", "id_no", "number is not null", key)} as id_whole,
          {_token(f"left(number, {_AREA})", "door_area", f"length(number) >= {_PARTED}", key)} as id_area,
          {_token("right(number, 4)", "door_tail", f"length(number) >= {_PARTED}", key)} as id_tail
        from numbered""")


def _token(value: str, given: str, known: str, key: str | None) -> str:
    """SQL: the token made here, or the one the door made."""
    return f"case when door_valid is not null then ('0x' || {given})::ubigint when {known} then {token(value, key)} end"


def compared(db: duckdb.DuckDBPyConnection, source: str, table: str, *, ahead: bool = True) -> None:
    """Make `table` with names clean and by sound, village and (`ahead`) town, from a table of tokens."""
    (one, spelt_one), (two, spelt_two), (three, spelt_three) = map(names.sound, ("a", "b", "c"))
    # nullif works out twice what it is given: that is made one level below.
    db.execute(f"""create table {table} as
        select * replace ({_EMPTY}) from (
        select n, a as name, {one} as name_s, sex, birth, division, b as par1, {two} as par1_s, c as par2, {three} as par2_s,
          id_valid, id_whole, id_area, id_tail, number,
          {_VILLAGE} as village, {_town("address") if ahead else "null::varchar"} as town, {"null::varchar" if ahead else "address"} as address
        from (select *, {names.cleaned("name")} as a, {names.cleaned("parent_one")} as b, {names.cleaned("parent_two")} as c from {source})
        {spelt_one} {spelt_two} {spelt_three})""")


def completed(db: duckdb.DuckDBPyConnection, side: str) -> None:
    """Make table SIDE_seen of the rows of SIDE_row that are in a pair, with what was not made ahead."""
    db.execute(f"""create table {side}_seen as select * exclude (number, address, id_valid, town),
        coalesce(id_valid, {number_tokens.valid("number")}) as id_valid, coalesce(town, {_town("address")}) as town
        from {side}_row where n in (select {side} from pair)""")


def _town(address: str) -> str:
    return f"nullif(regexp_extract({address}, '{_TOWN}', 1), '')"


_NO_VILLAGE = "([镇乡县区市]|街道)$"
_BARE = f"right(regexp_replace(address, '{_ENDING}?([0-9０-９-]+[号室户]?)?$', ''), 2)"  # two characters before both endings
_VILLAGE = f"""case when regexp_matches(address, '{_NO_VILLAGE}') then null
            when strlen(address) = length(address) then regexp_replace({names.cleaned("address")}, '[0-9]+', '', 'g') else {_BARE} end"""
_EMPTY = ", ".join(
    f"nullif({column}, '') as {column}" for column in ("name", "name_s", "par1", "par1_s", "par2", "par2_s", "village")
)
