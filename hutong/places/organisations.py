"""Which organisations there are: derived from the plan's letterhead and from the divisions; schools and the like only as synthetic ones.

Owns the names. Does not write: `places.operations` does.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from hutong.places.models import Division, Organisation

_DEPARTMENTS = Path(__file__).with_name("data") / "departments.csv"
# 菏民〔2024〕6号 is addressed to this body for both development zones.
_LUXI_CENTRE = "菏泽市鲁西新区社会事业发展中心"
_ZONE = "开发区"
_STREET = "街道"
Kind = Organisation.Kind


def departments(city: Division, counties: list[Division]) -> Iterator[Organisation]:
    """The 20 departments of the city, their county counterparts, and the zones' centre in place of a civil affairs bureau."""
    with _DEPARTMENTS.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        yield _made(Kind.DEPARTMENT, row["city"], city, department=row["department"])
    for county in counties:
        if county.kind == _ZONE:
            yield _made(Kind.DEPARTMENT, _LUXI_CENTRE, county, department=rows[0]["department"])
            continue
        for row in rows:
            yield _made(Kind.DEPARTMENT, row["county"].format(county.name), county, department=row["department"])


def towns(divisions: list[Division]) -> Iterator[Organisation]:
    """A government for each town and township, an office for each street."""
    for town in divisions:
        yield _made(Kind.TOWN, f"{town.name}{'办事处' if town.kind == _STREET else '人民政府'}", town)


def synthetic_in_town(town: Division) -> Iterator[Organisation]:
    """What a demonstration needs in a town: a protection station, two primary schools, a middle school, a kindergarten."""
    for kind, name in (
        (Kind.STATION, "未成年人保护工作站"),
        (Kind.SCHOOL, "中心小学"),
        (Kind.SCHOOL, "第二小学"),
        (Kind.SCHOOL, "初级中学"),
        (Kind.KINDERGARTEN, "中心幼儿园"),
    ):
        yield _made(kind, f"{town.name}{name}（示例）", town, synthetic=True)


def synthetic_in_county(county: Division) -> Iterator[Organisation]:
    """A rescue and protection centre, a children's institution, a high school and a school for special education."""
    for kind, name in (
        (Kind.CENTRE, "未成年人救助保护中心"),
        (Kind.INSTITUTION, "儿童福利院"),
        (Kind.SCHOOL, "高级中学"),
        (Kind.SCHOOL, "特殊教育学校"),
    ):
        yield _made(kind, f"{county.name}{name}（示例）", county, synthetic=True)


def _made(kind: str, name: str, division: Division, *, department: str = "", synthetic: bool = False) -> Organisation:
    return Organisation(
        kind=kind,
        name=name,
        division=division.code,
        department=department,
        synthetic=synthetic,
        valid_from=division.valid_from,
    )
