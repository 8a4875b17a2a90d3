"""The gazetteer of a county, from the divisions of the database or, before there are any, from the packaged file."""

from __future__ import annotations

import csv
from collections import defaultdict

from hutong.exchange.census.gazetteer import Gazetteer, Row
from hutong.places.models import Alias, Division
from hutong.places.operations import DATA


def gazetteer(county: int) -> Gazetteer:
    """All divisions in force and their other names."""
    return Gazetteer(_from_database() or _packaged(), county)


def _from_database() -> list[Row]:
    aliases: dict[int, list[str]] = defaultdict(list)
    for code, name in Alias.objects.order_by("pk").values_list("division_id", "name"):
        aliases[code].append(name)
    rows = (
        Division.objects.filter(valid_to=None)
        .order_by("code")
        .values_list("code", "parent", "level", "name", "short_name")
    )
    return [Row(code, parent or 0, level, name, (short, *aliases[code])) for code, parent, level, name, short in rows]


def _packaged() -> list[Row]:
    with (DATA / "heze_divisions.csv").open(encoding="utf-8") as file:
        return [
            Row(int(row["code"]), int(row["parent_code"] or 0), int(row["level"]), row["name"], (row["short_name"],))
            for row in csv.DictReader(file)
        ]
