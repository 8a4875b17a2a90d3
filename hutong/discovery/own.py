"""What this house itself knows, as registers beside those of departments: open files, and who is director of each village.

A restricted file is in it so that nobody "discovers" its child again, and without anything a rule could tell of it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as arrow
from django.db.models import Max, Q

from hutong.kernel import ciphers, number_tokens, parquet
from hutong.people.models import Category, File, Person
from hutong.places.codes import subtree
from hutong.places.models import Division
from hutong.staff.models import Post
from hutong.staff.queries import held_on
from hutong.wellbeing.models import Visit

REGISTERS = frozenset({"files", "directors"})
_SEXES = {"1": "男", "2": "女"}
_TEXT, _NUMBER, _DAY = arrow.string(), arrow.int64(), arrow.date32()
FILES = arrow.schema(
    [("record_id", _NUMBER), ("id_no", _TEXT), ("id_area", _TEXT), ("id_tail", _TEXT), ("id_valid", arrow.bool_()), ("name", _TEXT),
     ("sex", _TEXT), ("birth_date", _DAY), ("division", _NUMBER), ("kind", _TEXT), ("opened_on", _DAY), ("last_visit_on", _DAY)]
)  # fmt: skip
DIRECTORS = arrow.schema([("record_id", _NUMBER), ("division", _NUMBER), ("director", _TEXT), ("last_active_on", _DAY)])


def write(folder: Path, county: int, on: date) -> dict[str, int]:
    """Write both registers of a county, encrypted, under links `files.parquet` and `directors.parquet`. Returns their rows."""
    inside = subtree(county)
    return {
        "files": _write(folder, "files", FILES, _files(inside, on)),
        "directors": _write(folder, "directors", DIRECTORS, _directors(inside, on)),
    }


def _files(inside: tuple[int, int], on: date) -> Iterable[dict[str, Any]]:
    rows = File.objects.filter(closed_on=None, division__gte=inside[0], division__lt=inside[1]).select_related("child")
    kinds = _kinds(inside)
    for number, file in enumerate(rows.order_by("pk").iterator(chunk_size=2000), 1):
        said = {"opened_on": file.opened_on, "last_visit_on": file.last_visit_on, "kind": kinds.get(file.pk, "none")}
        hidden = {"opened_on": on, "last_visit_on": on, "kind": "restricted"}
        yield {"record_id": number, **_person(file.child), **(hidden if file.restricted else said)}


def _kinds(inside: tuple[int, int]) -> dict[Any, str]:
    """Each file's register kind: of a child in difficulty before that of a left-behind one."""
    rows = Category.objects.filter(
        Q(end=None), division__gte=inside[0], division__lt=inside[1], state__in=("proposed", "confirmed")
    )
    found: dict[Any, str] = {}
    for file, kind in rows.values_list("file_id", "kind"):
        if kind != "LEFT_BEHIND":
            found[file] = "difficulty"
        else:
            found.setdefault(file, "left_behind")
    return found


def _person(child: Person) -> dict[str, Any]:
    number = ciphers.unseal(child.id_sealed, "id_number") if child.id_sealed else None
    whole, area, tail = (number, number[:6], number[-4:]) if number else (None, None, None)
    return {
        "id_no": _token(whole), "id_area": _token(area), "id_tail": _token(tail), "id_valid": number is not None,
        "name": child.name, "sex": _SEXES.get(child.sex), "birth_date": child.birth_date, "division": child.division,
    }  # fmt: skip


def _token(text: str | None) -> str | None:
    return number_tokens.whole_of(text) if text else None


def _directors(inside: tuple[int, int], on: date) -> Iterable[dict[str, Any]]:
    low, high = inside
    villages = Division.objects.filter(level=Division.Level.VILLAGE, code__gte=low, code__lt=high)
    posts = Post.objects.filter(held_on(on), role="director", division__gte=low, division__lt=high)
    named = dict(posts.order_by("division", "-start").values_list("division", "user_id"))
    seen = (
        Visit.objects.filter(division__gte=low, division__lt=high).values("division").annotate(last=Max("occurred_on"))
    )
    last = dict(seen.values_list("division", "last"))
    for number, code in enumerate(villages.order_by("code").values_list("code", flat=True), 1):
        director = named.get(code)
        yield {
            "record_id": number, "division": code, "director": str(director) if director else None, "last_active_on": last.get(code)
        }  # fmt: skip


def _write(folder: Path, register: str, schema: arrow.Schema, rows: Iterable[dict[str, Any]]) -> int:
    table = arrow.Table.from_pylist(list(rows), schema=schema)
    stored = folder / parquet.name(register)
    with duckdb.connect() as db:
        db.register("mine", table)
        parquet.write(db, "from mine", stored)
    link(folder, register, stored)
    return int(table.num_rows)


def link(folder: Path, register: str, stored: Path) -> None:
    """Let `REGISTER.parquet` of the folder be this file, in one step."""
    aside = folder / f".{register}.link"
    aside.unlink(missing_ok=True)
    aside.symlink_to(stored)
    aside.replace(folder / f"{register}.parquet")
