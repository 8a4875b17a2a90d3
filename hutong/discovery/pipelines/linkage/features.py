"""What is compared, made once for each row: repaired number as tokens, clean and sound names, village and town, keys.

Owns the repair of identity numbers and their tokens: of the whole, the area (first six), the tail (last four), and whether
the number can exist. With a key the tokens are keyed SHA-256, and nothing downstream sees a number; without one they are
plain hashes for a run that keeps nothing.
"""

from __future__ import annotations

import duckdb

from hutong.discovery.pipelines.linkage import names

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_NOT_IN_A_NUMBER = "[^0-9A-Z]"
_ENDING = "(行政村|村民委员会|社区居民委员会|居民委员会|村委会|居委会|社区|村)$"
_TOWN = r"(?:^|县|区|市|旗)\s*([^县区市省旗\s]{2,4}?)(?:镇|乡|街道)"


def check(first: str) -> str:
    """SQL: the check character (GB 11643, MOD 11-2) of 17 digits given as a BIGINT expression."""
    total = "+".join(f"{weight}*({first}//{10 ** (16 - at)}%10)" for at, weight in enumerate(_WEIGHTS))
    return f"substr('10X98765432', (({total})%11)::integer + 1, 1)"


def repaired(number: str) -> str:
    """SQL: a number as written, without marks, wide digits narrowed, 15 digits lengthened to 18."""
    wide = f"translate({number}, '０１２３４５６７８９Ｘｘ×', '0123456789XXX')"
    plain = f"regexp_replace(upper({wide}), '{_NOT_IN_A_NUMBER}', '', 'g')"
    longer = "left(p, 6) || '19' || substr(p, 7)"
    mended = (
        f"list_transform([{plain}], lambda p: case when regexp_full_match(p, '[0-9]{{15}}') then {longer} || "
        f"{check(f'({longer})::bigint')} else nullif(p, '') end)[1]"
    )
    return f"case when {number} is null or regexp_full_match({number}, '[0-9]{{17}}[0-9X]') then {number} else {mended} end"


def valid(number: str) -> str:
    """SQL: whether a repaired number has 18 characters, a day, and the right check character."""
    first = f"try_cast(left({number}, 17) as bigint)"
    return (
        f"coalesce(length({number}) = 18 and try_strptime(substr({number}, 7, 8), '%Y%m%d') is not null"
        f" and {check(first)} = right({number}, 1), false)"
    )


def token(value: str, key: str | None) -> str:
    """SQL: 64 bits that stand for a value; keyed (SHA-256) where a key is given."""
    if key is None:
        return f"hash({value})"
    return f"('0x' || left(sha256('{key}' || ':' || {value}), 16))::ubigint"


def tokens(db: duckdb.DuckDBPyConnection, source: str, table: str, key: str | None, *, where: str = "true") -> None:
    """Make `table` of a table read, with the number replaced by its tokens (id_whole, id_area, id_tail, id_valid)."""
    born = "coalesce(birth_date, case when id_valid then try_strptime(substr(number, 7, 8), '%Y%m%d')::date end)"
    db.execute(f"""create table {table} as
        with numbered as materialized (select *, {repaired("id_no")} as number from {source} where {where}),
        checked as materialized (select *, {valid("number")} as id_valid from numbered)
        select n, name, case when sex = 0 and id_valid then 2 - substr(number, 17, 1)::integer % 2 else sex end::tinyint as sex,
          {born} as birth, address, division, parent_one, parent_two, id_valid,
          {token("number", key)} as id_whole, case when length(number) >= 16 then {token("left(number, 6)", key)} end as id_area,
          case when length(number) >= 16 then {token("right(number, 4)", key)} end as id_tail
        from checked""")


def compared(db: duckdb.DuckDBPyConnection, source: str, table: str) -> None:
    """Make `table` with names clean and by sound, village and town, from a table of tokens."""
    names.normalise(
        db, f"{table}_names", [f"select {column} as n from {source}" for column in ("name", "parent_one", "parent_two")]
    )
    db.execute(f"""create table {table} as
        select t.n, a.clean as name, a.sound as name_s, t.sex, t.birth, strftime(t.birth, '%Y%m%d') as born, t.division,
          b.clean as par1, b.sound as par1_s, c.clean as par2, c.sound as par2_s, id_valid, id_whole, id_area, id_tail,
          case when regexp_matches(t.address, '(镇|乡|街道|县|区|市)$') then null else nullif(right(regexp_replace(
            regexp_replace(t.address, '[0-9０-９\\-]+(号|室|户)?$', ''), '{_ENDING}', ''), 2), '') end as village,
          nullif(regexp_extract(t.address, '{_TOWN}', 1), '') as town
        from {source} t left join {table}_names a on a.n = t.name left join {table}_names b on b.n = t.parent_one
        left join {table}_names c on c.n = t.parent_two""")
    db.execute(f"drop table {table}_names")
