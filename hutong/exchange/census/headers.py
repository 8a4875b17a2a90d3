"""Finding the header of a sheet: below titles and notes, one to three rows high, merged or not, columns in any order."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from hutong.exchange.census.books import Cell, Sheet
from hutong.exchange.census.cells import plain
from hutong.policy.census import CENSUS

ASKED = "is:"  # a field that says yes or no to a word of a category: `is:留守`
_SEARCHED = 40
_HIGH = 3
_WHOSE = 20  # more than the fields that a header of one row takes from the wrong person
_CHILD = frozenset({"name", "id_number", "birth_date", "sex"})
_USEFUL = frozenset(
    {
        "name",
        "id_number",
        "birth_date",
        "sex",
        "guardian",
        "phone",
        "village",
        "town",
        "category",
        "address",
        "guardian_relation",
    }
)
_ONCE = frozenset({"name", "sex", "birth_date", "id_number"})


@dataclass(frozen=True)
class Header:
    """Where the header stands (0-based rows `first` to `last`) and which column holds which field."""

    first: int
    last: int
    columns: Mapping[int, str]
    labels: tuple[str, ...]

    @property
    def signature(self) -> str:
        """What identifies this layout, so that a user's correction is remembered for the next file."""
        return hashlib.sha256("\x1f".join(self.labels).encode()).hexdigest()

    def with_columns(self, corrected: Mapping[int, str]) -> Header:
        """The same header with a user's mapping: column index → field, empty for none."""
        return Header(self.first, self.last, {c: f for c, f in corrected.items() if f}, self.labels)


@lru_cache(maxsize=4096)
def normal(label: str) -> str:
    """A label as compared: one width, no spaces or marks."""
    return re.sub(
        r"[\s*＊:：\n\r\t.。、/\\—\-_“”\"']",
        "",
        unicodedata.normalize("NFKC", label).replace("（", "(").replace("）", ")"),
    )


@lru_cache(maxsize=4096)
def field_of(label: str) -> str:
    """The field a label means, or empty."""
    text = normal(label)
    if not text or len(text) > 40 or text.isdigit():
        return ""
    bare = re.sub(r"\([^)]*\)?", "", text)
    for candidate in (text, bare):
        if found := _EXACT.get(candidate):
            return found
    if len(text) > 24:
        return ""
    if text.startswith(CENSUS.categories.asked.by):
        return next((f"{ASKED}{word}" for word in CENSUS.categories.asked.of if word in text), "")
    return next((rule.field for rule in CENSUS.columns.contains if all(word in text for word in rule.words)), "")


_EXACT = {normal(word): field for field, words in CENSUS.columns.exact.items() for word in words}


def _group(label: str) -> str:
    text = normal(label)
    if len(text) > 16 or any(
        word in text for word in CENSUS.not_data.signatures
    ):  # a title or 填报单位 stands over no columns
        return ""
    return next((g for g, words in CENSUS.columns.groups.items() if any(word in text for word in words)), "")


def find_header(sheet: Sheet) -> Header | None:
    """The header of a sheet, or None when no rows of it look like one."""
    best: tuple[int, Header] | None = None
    for first in range(min(len(sheet.rows), _SEARCHED)):
        for height in range(1, _HIGH + 1):
            header = _read(sheet, first, first + height - 1)
            score = _score(header) if header else 0
            if header and score >= 4 and (best is None or score > best[0]):
                best = (score, header)
        if best and first > best[1].last + 3:
            break
    return best[1] if best else None


def _score(header: Header) -> int:
    fields = set(header.columns.values())
    if "name" not in fields and not {"id_number", "guardian"} <= fields:
        return 0
    if len(fields & _USEFUL) < 2:  # a sheet of instructions speaks of names, one field a line
        return 0
    # A higher header must earn its extra rows by more fields, or by saying whose name and telephone stand below.
    earned = 4 * len(fields & _USEFUL) - (header.last - header.first) - (0 if "name" in fields else 2)
    return earned + (_WHOSE if "name" in fields and any(map(_says_whose, header.labels)) else 0)


def _says_whose(label: str) -> bool:
    *above, own = label.split("\x1e")
    return bool(field_of(own)) and any(map(_group, above))


def guess_header(sheet: Sheet) -> Header | None:
    """For a sheet whose header says nothing we know: the widest of its first rows that only holds words, for a user to explain."""
    found = [header for first in range(min(len(sheet.rows) - 1, _SEARCHED)) if (header := _read(sheet, first, first))]
    wide = max(found, key=lambda header: (sum(map(bool, header.labels)), -header.first), default=None)
    return wide if wide and sum(map(bool, wide.labels)) >= 3 else None


def _read(sheet: Sheet, first: int, last: int) -> Header | None:
    rows = [sheet.rows[r] for r in range(first, last + 1) if r < len(sheet.rows)]
    if len(rows) != last - first + 1 or not all(_label_like(row) for row in rows):
        return None
    width = max(len(row) for row in rows)
    filled = [
        _spread(sheet, first + i, row, width, lower=rows[i + 1] if i + 1 < len(rows) else None)
        for i, row in enumerate(rows)
    ]
    labels = tuple("\x1e".join(dict.fromkeys(row[c] for row in filled if row[c])) for c in range(width))
    return Header(first, last, _columns(labels), labels)


def _label_like(row: Sequence[Cell]) -> bool:
    texts = [plain(cell) for cell in row if plain(cell)]
    if not texts or any(isinstance(cell, float) and cell > 31 for cell in row):
        return False
    return not any(re.search(r"\d{6,}|^\d{4}[-./年]\d", text) for text in texts)


def _spread(sheet: Sheet, number: int, row: Sequence[Cell], width: int, lower: Sequence[Cell] | None) -> list[str]:
    """Labels of one header row, a merged label over all its columns; without merges, over blanks that have a label below."""
    texts = [plain(row[c]) if c < len(row) else "" for c in range(width)]
    if sheet.merged:
        for (top, left), (bottom, right) in sheet.merged:
            if top <= number <= bottom and left < width:
                label = plain(sheet.rows[top][left]) if left < len(sheet.rows[top]) else ""
                for c in range(left, min(right, width - 1) + 1):
                    texts[c] = texts[c] or label
    elif lower is not None:
        for c in range(1, width):
            below = plain(lower[c]) if c < len(lower) else ""
            heads = not field_of(texts[c - 1]) or (_group(texts[c - 1]) and c - 1 < len(lower) and plain(lower[c - 1]))
            if not texts[c] and below and texts[c - 1] and heads:
                texts[c] = texts[c - 1]
    return texts


def _columns(labels: Sequence[str]) -> dict[int, str]:
    found: dict[int, str] = {}
    seen: set[str] = set()
    after_guardian = False
    for c, label in enumerate(labels):
        parts = [part for part in label.split("\x1e") if part]
        field = _meaning(parts)
        if field in _ONCE and field in seen:
            field = {"name": "guardian" if "guardian" not in seen else "other", "id_number": "guardian_id"}.get(
                field, "other"
            )
        elif (
            field == "id_number" and after_guardian and "name" in seen and "birth_date" in seen and "id_number" in seen
        ):
            field = "guardian_id"
        if field in seen and field in {"guardian", "guardian_relation", "village", "town", "category"}:
            field = "other"
        after_guardian = after_guardian or field == "guardian"
        if field:
            found[c] = field
            seen.add(field)
    return found


def _meaning(parts: Sequence[str]) -> str:
    """The field of a column from its labels, top to bottom: the lowest says what, the upper ones say whose."""
    if not parts:
        return ""
    own = field_of(parts[-1])
    whose = next((g for part in parts[:-1] if (g := _group(part))), "")
    if whose == "guardian" and own:
        return {
            "name": "guardian",
            "id_number": "guardian_id",
            "phone": "phone",
            "guardian_relation": "guardian_relation",
            "guardian": "guardian",
        }.get(own, "other")
    if whose == "other":
        return "other"
    if own:
        return own
    return next((field for part in reversed(parts[:-1]) if (field := field_of(part))), "")


def repeats(header: Header, raw: Sequence[str]) -> bool:
    """Is this row, given as texts, the header again, as at the top of each printed page?"""
    texts = [text for text in raw if text]
    if len(texts) < 2:
        return False
    words, misses = _words(header.labels), len(texts) - max(2, len(texts) * 2 // 3)
    for text in texts:
        misses -= normal(text) not in words
        if misses < 0:  # nearly every row is a child: known after a few cells
            return False
    return True


@lru_cache(maxsize=64)
def _words(labels: tuple[str, ...]) -> frozenset[str]:
    return frozenset(normal(part) for label in labels for part in label.split("\x1e") if part)
