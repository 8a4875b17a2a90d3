"""Names of places for pages. Divisions change by official notice a few times a year: names are kept per process."""

from __future__ import annotations

from functools import lru_cache

from hutong.places.codes import county, town
from hutong.places.models import Division


@lru_cache(maxsize=8192)
def name_of(code: int) -> str:
    """The name of a division as shown beside its town: 城濮社区, 旧城镇, 鄄城县; the code itself when unknown."""
    row = Division.objects.filter(code=code).values_list("short_name", "name", "level").first()
    if row is None:
        return str(code)
    short, name, level = row
    return f"{short}{'社区' if '居民委员会' in name else '村'}" if level == Division.Level.VILLAGE else name


def town_and_village(code: int) -> str:
    """Town and village in one: 箕山镇 魏庄村."""
    return f"{name_of(town(code))} {name_of(code)}"


def full_name(code: int) -> str:
    """County, town and village."""
    return f"{name_of(county(code))} {town_and_village(code)}"
