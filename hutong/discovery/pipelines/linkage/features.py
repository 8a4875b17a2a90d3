"""What is compared, made once for each row: repaired number as tokens, clean and sound names, village and town, keys.

Numbers become tokens: of the whole, the area (first six), the tail (last four), and whether the number can exist. With a
key the tokens are keyed SHA-256, and nothing downstream sees a number; without one they are plain hashes for a run that
keeps nothing. A register whose numbers became tokens at the door (kernel.number_tokens) is taken as it is.
"""

from __future__ import annotations

import duckdb

from hutong.discovery.pipelines.linkage import names
from hutong.kernel import number_tokens

_ENDING = "(行政村|村民委员会|社区居民委员会|居民委员会|村委会|居委会|社区|村)$"
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


def tokens(db: duckdb.DuckDBPyConnection, source: str, table: str, key: str | None, *, where: str = "true") -> None:
    """Make `table` of a table read, with the number replaced by its tokens (id_whole, id_area, id_tail, id_valid)."""
    born = "coalesce(birth_date, case when id_valid then try_strptime(substr(number, 7, 8), '%Y%m%d')::date end)"
    db.execute(f"""create table {table} as
        with numbered as materialized (
          select *, case when door_valid is null then {number_tokens.repaired("id_no")} end as number from {source} where {where}),
        checked as materialized (select *, coalesce(door_valid, {number_tokens.valid("number")}) as id_valid from numbered)
        select n, name, case when sex = 0 and id_valid and number is not null then 2 - substr(number, 17, 1)::integer % 2 else sex end::tinyint as sex,
          {born} as birth, address, division, parent_one, parent_two, id_valid,
          {_token("number", "id_no", "true", key)} as id_whole,
          {_token(f"left(number, {_AREA})", "door_area", f"length(number) >= {_PARTED}", key)} as id_area,
          {_token("right(number, 4)", "door_tail", f"length(number) >= {_PARTED}", key)} as id_tail
        from checked""")


def _token(value: str, given: str, known: str, key: str | None) -> str:
    """SQL: the token made here, or the one the door made."""
    return f"case when door_valid is not null then ('0x' || {given})::ubigint when {known} then {token(value, key)} end"


def compared(db: duckdb.DuckDBPyConnection, source: str, table: str) -> None:
    """Make `table` with names clean and by sound, village and town, from a table of tokens."""
    names.normalise(
        db, f"{table}_names", [f"select {column} as n from {source}" for column in ("name", "parent_one", "parent_two")]
    )
    db.execute(f"""create table {table} as
        select t.n, a.clean as name, a.sound as name_s, t.sex, t.birth, strftime(t.birth, '%Y%m%d') as born, t.division,
          b.clean as par1, b.sound as par1_s, c.clean as par2, c.sound as par2_s, id_valid, id_whole, id_area, id_tail,
          case when regexp_matches(t.address, '(镇|乡|街道|县|区|市)$') then null
            when not regexp_matches(t.address, '[一-鿿]') then nullif(regexp_replace({names.cleaned("t.address")}, '[0-9]+', '', 'g'), '') else nullif(right(regexp_replace(
            regexp_replace(t.address, '[0-9０-９\\-]+(号|室|户)?$', ''), '{_ENDING}', ''), 2), '') end as village,
          nullif(regexp_extract(t.address, '{_TOWN}', 1), '') as town
        from {source} t left join {table}_names a on a.n = t.name left join {table}_names b on b.n = t.parent_one
        left join {table}_names c on c.n = t.parent_two""")
    db.execute(f"drop table {table}_names")
