"""Loading the demonstration county: all of it in one transaction, so that a killed load leaves nothing behind.

A second call finds the event of the first and returns at once. Refuses where anybody is real.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from uuid import NAMESPACE_URL, UUID, uuid5

from django.contrib.auth.hashers import make_password
from django.db import connection, transaction

from hutong.duties import operations as duties
from hutong.duties.models import Duty
from hutong.kernel import clock, events
from hutong.kernel.models import Event
from hutong.kernel.refusals import Refusal
from hutong.kernel.scope import acting
from hutong.people.models import Person
from hutong.places import operations as places
from hutong.places.models import Division, Organisation
from hutong.staff.models import User
from hutong.workbench.bulk import LOADER, Load
from hutong.workbench.demo import family, life, names, rows, staffing
from hutong.workbench.demo.answers import Interview
from hutong.workbench.demo.observing import Held, observe
from hutong.workbench.demo.people import Family

COUNTY = 371726000000
LOADED = "workbench.demo.loaded"
_SUBJECT = uuid5(NAMESPACE_URL, "hutong:demo")
CENSUS = date(2024, 6, 1)
_DIRECTORS = 400
Told = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Plan:
    """What to draw: how many files, from which seed, seen from which day."""

    files: int
    seed: int
    today: date
    depth: life.Depth
    county: int = COUNTY


def loaded() -> Event | None:
    """The event of the load, if this database holds the demonstration."""
    return Event.objects.filter(kind=LOADED, subject_id=_SUBJECT).first()


def load(*, files: int, seed: int, at: datetime, told: Told = lambda what, done, of: None) -> Event:
    """Fill an empty database with the county; what is loaded stays. `told` hears the stage, how far, and of how much."""
    if event := loaded():
        _lay_out(clock.day(at), at, told)
        return event
    if User.objects.filter(synthetic=False).exists() or Person.objects.filter(synthetic=False).exists():
        raise Refusal(
            "这个数据库里已有真实的人员或档案，演示数据不会写入。没有改动任何内容。请换一个空的数据库，或用 hutong up --no-demo 启动。",
            code="demo_on_real_data",
        )
    places.load_divisions()
    places.load_organisations(synthetic=True)
    plan = Plan(files, seed, clock.day(at), life.Depth())
    with transaction.atomic():
        with acting(LOADER):
            counts = _fill(plan, told)
        with connection.cursor() as cursor:
            cursor.execute("analyze")
        event = events.record(
            kind=LOADED, subject=("workbench.demo", _SUBJECT), division=COUNTY, by=None, at=at,
            data={"seed": seed, "files": files, "rows": counts},
        )  # fmt: skip
    _lay_out(plan.today, at, told)
    return event


def _lay_out(on: date, at: datetime, told: Told) -> None:
    """The duties with their history: a step of its own, done again by the next call if it was cut off."""
    if not Duty.objects.exists():
        told("duties", 0, 1)
        duties.run(on=on, at=at)
        told("duties", 1, 1)


def _fill(plan: Plan, told: Told) -> dict[str, int]:
    load = Load(rows.TABLES)
    numbers = names.Numbers()
    staff = hire(plan.seed, numbers)
    # One hash for all: hashing four hundred times would take longer than everything else.
    password = make_password(staffing.PASSWORD, salt=f"demo{plan.seed}")
    for one in staff.everybody:
        rows.worker(load, one, password)
    done = 0
    for count in stage(plan, load, families(plan, numbers, staff)):
        done += count
        told("draw", done, plan.files)
    return load.insert(told)


def hire(seed: int, numbers: names.Numbers) -> staffing.Staff:
    """Everybody who works in the county, the same for the same seed."""
    since = CENSUS - timedelta(days=30)
    return staffing.hire(Random(f"{seed}:staff"), numbers, county=COUNTY, since=since, directors=_DIRECTORS)


@dataclass(frozen=True, slots=True)
class Drawn:
    """A family with the records of its children, what is known of them today, and who wrote it all."""

    family: Family
    records: list[life.Record]
    known: list[Held]
    hands: rows.Hands
    village: Division


def families(plan: Plan, numbers: names.Numbers, staff: staffing.Staff) -> Iterator[Drawn]:
    """Draw family after family, village after village, as many files as planned."""
    recorder = life.Recorder(plan.today, plan.depth, Interview())
    for village, share in _shares(plan):
        rng = Random(f"{plan.seed}:{village.code}")
        directors = [(one, rng.betavariate(8, 2)) for one in staff.directors[village.code]]
        supervisor = staff.supervisors[village.code // 1000 * 1000]
        chance, place = family.Chance(rng, numbers, plan.today), family.Place(village.code, village.short_name)
        while share > 0:
            director, diligence = rng.choice(directors)
            drawn = family.draw(chance, place, opened(rng, plan.today))
            del drawn.children[share:]
            share -= len(drawn.children)
            family.complete(drawn)
            records = [recorder.draw(rng, drawn, child, diligence) for child in drawn.children]
            known = observe(drawn, records, plan.today)
            yield Drawn(
                drawn, records, known, rows.Hands(director, supervisor, staff.proposer, staff.confirmer), village
            )


def stage(plan: Plan, load: Load, drawn: Iterable[Drawn], *, first_number: int = 0) -> Iterator[int]:
    """Stage the rows of family after family; hands out how many files each had."""
    schools, serials = _schools(plan.county), defaultdict[int, int](lambda: first_number)
    for one in drawn:
        code, year = one.village.code, one.family.opened_on.year
        rng = Random(f"{plan.seed}:{one.family.household}")
        rows.family(load, one.family, rng, one.hands.director)
        rows.observed(load, one.known, code, one.hands.director, rng)
        for record in one.records:
            serials[year] += 1
            number = f"{plan.county // 1_000_000}{year}{serials[year]:06d}"
            school = _school(schools, record.child.born, plan.today, code, rng)
            rows.record(load, record, one.family, number=number, school=school, hands=one.hands, rng=rng)
        yield len(one.records)


def _shares(plan: Plan) -> list[tuple[Division, int]]:
    """How many files each village gets: uneven, as villages are, and summing up to the number asked for."""
    inside = Division.objects.filter(code__gt=plan.county, code__lt=plan.county + 1_000_000, valid_to=None)
    villages = list(inside.filter(level=Division.Level.VILLAGE).order_by("code"))
    rng = Random(f"{plan.seed}:villages")
    weights = [rng.lognormvariate(0, 0.45) for _ in villages]
    unit = plan.files / sum(weights)
    upto, given, shares = 0.0, 0, []
    for village, weight in zip(villages, weights, strict=True):
        upto += weight * unit
        shares.append((village, round(upto) - given))
        given = round(upto)
    return shares


def opened(rng: Random, today: date) -> date:
    """When a file was opened: most in the first census of June 2024, the others since."""
    if rng.random() < 0.55 and today > CENSUS + timedelta(days=60):
        return CENSUS + timedelta(days=rng.randrange(30))
    since = max(CENSUS, today - timedelta(days=900))
    return since + timedelta(days=rng.randrange(max((today - since).days - 2, 1)))


def _schools(county: int) -> dict[tuple[int, str], list[UUID]]:
    """The synthetic schools of a county by town and kind of school."""
    found: dict[tuple[int, str], list[UUID]] = {}
    inside = Organisation.objects.filter(division__gte=county, division__lt=county + 1_000_000, synthetic=True)
    for pk, name, division in inside.order_by("name").values_list("pk", "name", "division"):
        kind = next((word for word in ("小学", "初级中学", "幼儿园", "高级中学") if word in name), "")
        found.setdefault((division, kind), []).append(pk)
    return found


def _school(
    schools: dict[tuple[int, str], list[UUID]], born: date, today: date, village: int, rng: Random
) -> UUID | None:
    """The school of a child's age: none before three, the county's high school from fifteen."""
    age = (today - born).days / 365.25
    kind = "幼儿园" if age < 6 else "小学" if age < 12 else "初级中学" if age < 15.5 else "高级中学"
    place = village // 1_000_000 * 1_000_000 if kind == "高级中学" else village // 1000 * 1000
    choice = schools.get((place, kind))
    return rng.choice(choice) if choice and age >= 3 and rng.random() < 0.96 else None
