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


def hire(rng: Random, numbers: names.Numbers, *, county: int, since: date, directors: int = 0, mark: str = "") -> Staff:
    """One director for each village (some villages a second, up to `directors`), one supervisor a town, and the desks.

    `mark` is put behind the names of the desks' accounts, where several counties are hired for.
    """
    hiring = _Hiring(rng, numbers, since)
    inside = Division.objects.filter(code__gt=county, code__lt=county + 1_000_000, valid_to=None).order_by("code")
    villages = [one for one in inside if one.level == Division.Level.VILLAGE]
    seconds = {one.code for one in rng.sample(villages, min(max(0, directors - len(villages)), len(villages)))}
    by_village = {one.code: _directors(hiring, one, second=one.code in seconds) for one in villages}
    supervisors = {
        one.code: hiring.one(f"s{one.code // 1000 % 100_000:05d}", "supervisor", one.code, "town")
        for one in inside
        if one.level == Division.Level.TOWN
    }
    desks = [
        hiring.one(name + mark, role, place, "department", department)
        for name, role, place, department in (
            ("county", "county_officer", county, "市民政局"),
            ("county2", "county_officer", county, "市民政局"),
            ("city", "city_officer", _CITY, "市民政局"),
            ("education", "education_liaison", county, "市教育局"),
            ("dpo", "dpo", county, "市大数据局"),
            ("bureau", "data_liaison", _CITY, "市公安局"),
        )
    ]
    _rename(by_village, supervisors, mark)
    everybody = [one for both in by_village.values() for one in both] + list(supervisors.values()) + desks
    return Staff(everybody, by_village, supervisors, desks[0], desks[1])


def _directors(hiring: _Hiring, village: Division, *, second: bool) -> list[Worker]:
    name = f"d{village.code % 100_000_000:08d}"
    return [
        hiring.one(username, "director", village.code, "committee", "", village.short_name)
        for username in ([name, name + "b"] if second else [name])
    ]


def _rename(directors: dict[int, list[Worker]], supervisors: dict[int, Worker], mark: str) -> None:
    """The first town's supervisor and its first director get names that fit on the printed table."""
    first = min(supervisors)
    supervisors[first].username = "supervisor" + mark
    directors[min(code for code in directors if code > first)][0].username = "director" + mark
