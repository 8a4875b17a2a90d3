"""What a person can be found by: name, parts of it, pinyin, initials, last four of the identity number.

Pure functions. A token is `kind:text`; equality on the token table serves every search (row security lets only
leakproof operators reach an index). Heteronyms give a token for each reading: 单 is shàn as a surname, else dān.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from itertools import islice, product

from hutong.policy import names

_DOTS = re.compile(r"[•・‧∙●.．·\s]")
_HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U0002ffff]")
# Readings multiply; a name of four heteronyms needs no more than these.
_MOST = 16


def plain_name(name: str) -> str:
    """The name as compared: one width, no spaces, no dots of minority names, variant characters made one."""
    text = _DOTS.sub("", unicodedata.normalize("NFKC", name)).casefold()
    return "".join(names.VARIANTS.get(character, character) for character in text)


def tokens_of(name: str, *, id_tail: str = "") -> set[str]:
    """All tokens of a person."""
    text = plain_name(name)
    found = {f"n:{text}"} if text else set()
    found |= {f"n:{text[i:j]}" for i in range(len(text)) for j in (i + 1, i + 2) if j <= len(text)}
    for syllables in readings(text):
        found |= {f"p:{part}" for part in _runs(syllables)}
        found |= {f"i:{part}" for part in _runs([s[0] for s in syllables]) if len(part) > 1}
    if id_tail:
        found.add(f"t:{id_tail.upper()}")
    return found


def readings(text: str) -> Iterable[tuple[str, ...]]:
    """Ways to read a plain name in pinyin without tones, surname readings first."""
    han = "".join(_HAN.findall(text))
    if not han:
        return []
    from pypinyin.seg.simpleseg import seg  # its dictionary takes 50 MB: only of a process that writes names

    choices = [options for word in seg(han) for options in _sounds(word)]
    if surname := names.SURNAMES.get(han[:1]):
        choices[0] = list(dict.fromkeys([*surname, *choices[0]]))
    if han[:2] in names.COMPOUND:
        choices[:2] = [[syllable] for syllable in names.COMPOUND[han[:2]]]
    return islice(product(*choices), _MOST)


@lru_cache(maxsize=8192)
def _sounds(word: str) -> list[list[str]]:
    """Of each character of one word or character of the dictionary. Names are made of some few thousand."""
    from pypinyin import Style, pinyin

    return [_plain(options) for options in pinyin(word, style=Style.NORMAL, heteronym=True)]


def _plain(options: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(map(_toneless, options)))


@lru_cache(maxsize=4096)
def _toneless(syllable: str) -> str:
    """There are some four hundred, and taking a tone off is slow."""
    from pypinyin.contrib.tone_convert import to_normal

    return str(to_normal(syllable).replace("ü", "v"))


def _runs(parts: Iterable[str]) -> set[str]:
    """The whole, and its beginnings and ends by syllables: zhangxiaoming, zhangxiao, xiaoming."""
    row = list(parts)
    return (
        {"".join(row)} | {"".join(row[:n]) for n in range(1, len(row))} | {"".join(row[n:]) for n in range(1, len(row))}
    )
