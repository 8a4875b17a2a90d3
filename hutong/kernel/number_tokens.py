"""Keyed tokens of identity numbers: what linkage needs of a number and nobody can read back.

Owns the repair of a number as written (wide digits, marks, 15 digits), whether it can exist (GB 11643, MOD 11-2), and the
tokens of the whole, of its area (first six) and of its tail (last four). All as SQL of DuckDB, because registers have
millions of rows; a number is repaired before it is tokenised, never after.

A token is 64 bits of SHA-256 over a secret of fixed length and the value, in upper-case hexadecimal. It is stable as long
as the index key is: a register delivered next year still finds its persons.
"""

from __future__ import annotations

import hashlib

import duckdb

from hutong.kernel import ciphers

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_NOT_IN_A_NUMBER = "[^0-9A-Z]"
_VARIABLE = "hutong_token_key"
HEX = 16  # characters of a token


def check(first: str) -> str:
    """SQL: the check character of 17 digits given as a BIGINT expression."""
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


def prepare(db: duckdb.DuckDBPyConnection) -> None:
    """Let this connection make tokens: the secret is a variable of it, never text of a statement."""
    db.execute(f"set variable {_VARIABLE} = ?", [_secret()])


def whole(number: str) -> str:
    """SQL: the token of a repaired number; null where there is none."""
    return _token(number, f"{number} is not null")


def area(number: str) -> str:
    """SQL: the token of the first six characters; null where the number is too short to have an area and a tail."""
    return _token(f"left({number}, 6)", f"length({number}) >= 16")


def tail(number: str) -> str:
    """SQL: the token of the last four characters; null as with `area`."""
    return _token(f"right({number}, 4)", f"length({number}) >= 16")


def whole_of(number: str) -> str:
    """The token of one repaired number, as `whole` makes it."""
    return hashlib.sha256(f"{_secret()}:{number}".encode()).hexdigest()[:HEX].upper()


def _token(value: str, known: str) -> str:
    return f"case when {known} then upper(left(sha256(getvariable('{_VARIABLE}') || ':' || {value}), {HEX})) end"


def _secret() -> str:
    return ciphers.stable(b"number tokens", 32).hex()
