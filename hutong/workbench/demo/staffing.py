"""The people who work in the demonstration county: who holds which post where, and the accounts one signs in with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from random import Random
from uuid import UUID

from hutong.places.models import Division, Organisation
from hutong.workbench.demo import names
from hutong.workbench.demo.people import uid

# Printed for everyone to read: it opens synthetic data only, and the demonstration refuses to start on anything else.
PASSWORD = "hutong-demo"
_DIRECTORS = 400
_CITY = 371700000000


@dataclass(slots=True)
class Worker:
    """A user with one post."""

    id: UUID
    username: str
    name: str
    phone: str
    role: str
    division: int
    organisation: UUID | None
    post: UUID
    since: date


@dataclass(slots=True)
class Staff:
    """Everybody who works in the county, found by village, town or task."""

    everybody: list[Worker]
    directors: dict[int, list[Worker]]
    supervisors: dict[int, Worker]
    proposer: Worker
    confirmer: Worker


class _Hiring:
    """Hands out names, ids and posts one after another, so that the same seed hires the same people."""

    def __init__(self, rng: Random, numbers: names.Numbers, since: date) -> None:
        self._rng, self._numbers, self._since = rng, numbers, since
        self._orgs = {
            (kind, division, department): pk
            for pk, kind, division, department in Organisation.objects.filter(
                kind__in=["department", "town", "committee"], valid_to=None
            ).values_list("pk", "kind", "division", "department")
        }

    def one(
        self, username: str, role: str, division: int, kind: str, department: str = "", village: str = ""
    ) -> Worker:
        """A worker with a post at a division, for the organisation of a kind there."""
        rng = self._rng
        sex = "2" if rng.random() < 0.7 else "1"
        name = names.surname(rng, village) + names.given(rng, sex, single=0.25)
        organisation = self._orgs.get((kind, division, department))
        ids = uid(rng, self._since), uid(rng, self._since)
        return Worker(ids[0], username, name, self._numbers.phone(), role, division, organisation, ids[1], self._since)


def hire(rng: Random, numbers: names.Numbers, *, county: int, since: date) -> Staff:
    """One director for each village, a second in the largest, one supervisor a town, and the desks of county and city."""
    hiring = _Hiring(rng, numbers, since)
    inside = Division.objects.filter(code__gt=county, code__lt=county + 1_000_000, valid_to=None).order_by("code")
    villages = [one for one in inside if one.level == Division.Level.VILLAGE]
    directors = {
        one.code: [hiring.one(f"d{one.code % 1_000_000:06d}", "director", one.code, "committee", "", one.short_name)]
        for one in villages
    }
    for one in rng.sample(villages, min(max(0, _DIRECTORS - len(villages)), len(villages))):
        directors[one.code].append(
            hiring.one(f"d{one.code % 1_000_000:06d}b", "director", one.code, "committee", "", one.short_name)
        )
    towns = [one for one in inside if one.level == Division.Level.TOWN]
    supervisors = {
        one.code: hiring.one(f"s{one.code // 1000 % 1000:03d}", "supervisor", one.code, "town") for one in towns
    }
    desks = [
        hiring.one("county", "county_officer", county, "department", "市民政局"),
        hiring.one("county2", "county_officer", county, "department", "市民政局"),
        hiring.one("city", "city_officer", _CITY, "department", "市民政局"),
        hiring.one("education", "education_liaison", county, "department", "市教育局"),
        hiring.one("dpo", "dpo", county, "department", "市大数据局"),
    ]
    everybody = [one for pair in directors.values() for one in pair] + list(supervisors.values()) + desks
    _rename(directors, supervisors)
    return Staff(everybody, directors, supervisors, desks[0], desks[1])


def _rename(directors: dict[int, list[Worker]], supervisors: dict[int, Worker]) -> None:
    """The first town's supervisor and its first director get names that fit on the printed table."""
    first = min(supervisors)
    supervisors[first].username = "supervisor"
    directors[min(code for code in directors if code > first)][0].username = "director"
