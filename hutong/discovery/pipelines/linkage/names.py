"""Names as they are compared: cleaned of marks, variants made one, and a form in which homophones are the same.

The sound form has one character a syllable: the first, by code point, of all characters read so. It does not depend on the
registers, so a persisted index stays comparable.
"""

from __future__ import annotations

from functools import cache

import duckdb
import numpy as np
from pypinyin.constants import PINYIN_DICT
from pypinyin.contrib.tone_convert import to_normal

from hutong.policy.names import SURNAMES, VARIANTS

_FIRST, _LAST = 0x4E00, 0x9FFF
_MARKS = r"""[\s·•・‧∙⋅․.．。、,，*＊?？_\-'`"（）()]"""
_SPELT = 4  # characters compared by sound; what follows in a long name is compared as written
_SYLLABLES = range(1, _SPELT + 1)


def load(db: duckdb.DuckDBPyConnection) -> None:
    """Make table sound (written, as_surname, elsewhere): each Chinese character's representative."""
    points, first, later = _representatives()
    db.register("sound_", {"w": points, "s": first, "e": later})
    db.execute(
        "create or replace table sound as select chr(w) as written, chr(s) as as_surname, chr(e) as elsewhere from sound_"
    )
    db.unregister("sound_")


def sound(clean: str) -> tuple[str, str]:
    """SQL: the sound form of a clean name, and the joins with table sound that it asks for. Few names occur twice: each is made as it stands."""
    joins = "".join(
        f" left join sound {clean}{at} on {clean}{at}.written = substr({clean}, {at}, 1)" for at in _SYLLABLES
    )
    parts = ", ".join(
        f"coalesce({clean}{at}.{'as_surname' if at == 1 else 'elsewhere'}, substr({clean}, {at}, 1))"
        for at in _SYLLABLES
    )
    return f"concat({parts}, substr({clean}, {_SPELT + 1}))", joins


def cleaned(name: str) -> str:
    """SQL: a name without spaces, dots and marks, Latin letters large."""
    marks = _MARKS.replace("'", "''")
    return f"case when regexp_full_match({name}, '[{chr(_FIRST)}-{chr(_LAST)}]+') then {name} else regexp_replace(upper({name}), '{marks}', '', 'g') end"


@cache
def _representatives() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    points = [point for point in range(_FIRST, _LAST + 1) if point in PINYIN_DICT]
    spelt = {point: PINYIN_DICT[point].split(",")[0] for point in points}
    plain = {syllable: to_normal(syllable).replace("v", "u") for syllable in set(spelt.values())}
    reading = {point: plain[syllable] for point, syllable in spelt.items()}
    chosen: dict[str, int] = {}
    for point in points:
        chosen.setdefault(reading[point], point)
    later = [chosen[reading[_standard(point)]] for point in points]
    first = [
        chosen.get(SURNAMES[chr(_standard(point))][0], known) if chr(_standard(point)) in SURNAMES else known
        for point, known in zip(points, later, strict=True)
    ]
    return np.array(points, np.int32), np.array(first, np.int32), np.array(later, np.int32)


def _standard(point: int) -> int:
    return ord(VARIANTS.get(chr(point), chr(point)))
