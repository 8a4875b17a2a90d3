"""The census workbook of the import benchmark: as many families as asked for, the same ones each time.

Clean rows in the usual layout, brothers and sisters with one guardian: what the peers can read, too. Synthetic persons.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from random import Random

import xlsxwriter

from hutong.places.models import Division
from hutong.workbench.demo import names

COUNTY = 371726000000
HEADER = (
    "序号", "乡镇（街道）", "村（居）", "儿童姓名", "性别", "出生日期", "身份证号", "监护人", "与儿童关系", "联系电话", "类别", "备注",
)  # fmt: skip
_CATEGORIES = ("留守儿童", "留守儿童", "困境儿童", "")
_RELATIONS = (("祖父", "1"), ("祖母", "2"), ("父亲", "1"), ("母亲", "2"))
_TODAY, _YOUNGEST, _DAYS = date(2026, 1, 1), 30, 15 * 365


def write(path: Path, count: int, *, seed: int = 1) -> None:
    """Write `count` rows below one header row."""
    with xlsxwriter.Workbook(str(path), {"constant_memory": True, "strings_to_numbers": False}) as book:
        sheet = book.add_worksheet("儿童名册")
        for number, row in enumerate([HEADER, *rows(count, seed)]):
            sheet.write_row(number, 0, row)


def rows(count: int, seed: int) -> Iterator[tuple[str | int, ...]]:
    """The rows, family by family."""
    rng, numbers = Random(f"{seed}:workbook"), names.Numbers()
    towns = dict(Division.objects.filter(level=Division.Level.TOWN).values_list("code", "name"))
    villages = list(
        Division.objects.filter(level=5, code__gt=COUNTY, code__lt=COUNTY + 1_000_000, valid_to=None)
        .order_by("code")
        .values_list("parent", "name", "code", "short_name")
    )
    done = 0
    while done < count:
        town, village, code, short = rng.choice(villages)
        surname, (relation, carer) = names.surname(rng, short), rng.choice(_RELATIONS)
        guardian, phone = surname + names.given(rng, carer), numbers.phone()
        for _ in range(min(rng.choice((1, 1, 2, 3)), count - done)):
            sex = rng.choice("12")
            born = _TODAY - timedelta(days=_YOUNGEST + rng.randrange(_DAYS))
            done += 1
            yield (
                done, towns[town], village, surname + names.given(rng, sex), "男" if sex == "1" else "女", born.isoformat(),
                numbers.citizen(code, born, sex), guardian, relation, phone, rng.choice(_CATEGORIES), "",
            )  # fmt: skip
