"""Building the city: database, template, eleven castings, indexes, statistics. A half-built one is dropped and begun anew."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random
from uuid import NAMESPACE_URL, uuid5

from django.contrib.auth.hashers import make_password
from django.core.management import call_command
from django.db import ProgrammingError, connection, connections, transaction

from hutong.kernel import clock, events
from hutong.kernel.models import Event
from hutong.places import operations as places
from hutong.places.models import Division
from hutong.workbench.bulk import Load
from hutong.workbench.city import bare, cast, duties, template
from hutong.workbench.demo import county as demo
from hutong.workbench.demo import names, rows, staffing

DATABASE = "hutong_city"
BUILT = "workbench.city.built"
_SUBJECT = uuid5(NAMESPACE_URL, "hutong:city")
Told = Callable[[str], None]


def use(database: str = DATABASE) -> str:
    """Turn this process to the city's database, beside the one in use, on the same server. Returns the former one's name."""
    former = str(connection.settings_dict["NAME"])
    connections.close_all()
    connection.close_pool()  # type: ignore[attr-defined]  # it would go on handing out connections to the former database
    connection.settings_dict["NAME"] = connections.databases["default"]["NAME"] = database
    return former


def built() -> Event | None:
    """The event of a complete build, if there is one; then this process has turned to the city."""
    with connection.cursor() as cursor:
        cursor.execute("select 1 from pg_database where datname = %s", [DATABASE])
        if not cursor.fetchone():
            return None
    former = use()
    try:
        event = Event.objects.filter(kind=BUILT, subject_id=_SUBJECT).first()
    except ProgrammingError:  # without tables: the build was cut off early
        event = None
    if not event:
        use(former)
    return event


def build(*, files: int, seed: int, at: datetime, told: Told) -> Event:
    """Build the city with `files` child files; one that is complete stays. Returns its event with rows and seconds."""
    if event := built():
        return event
    started, steps = time.perf_counter(), dict[str, float]()

    def step(name: str) -> None:
        steps[name] = round(time.perf_counter() - started, 1)
        told(f"{name}：{steps[name]:.0f} 秒")

    _anew()
    step("建库和表")
    counties = list(
        Division.objects.filter(level=Division.Level.COUNTY).order_by("code").values_list("code", flat=True)
    )
    with connection.cursor() as cursor:
        cursor.execute(f"create schema {template.SCHEMA}")
        cursor.execute("set synchronous_commit = off")
    with transaction.atomic():
        counts, families = template.draw(-(-files // len(counties)), seed, clock.day(at), lambda done: None)
    step("生成样板县")
    taken = bare.take_off([*cast.TABLES, "duties_duty"])
    _hire(counties, families, seed)
    with connection.cursor() as cursor:
        for number, code in enumerate(counties):
            for table in cast.TABLES:
                cursor.execute(cast.statement(table), {"k": f"{number:02x}", "county": str(code // 1_000_000)})
        step("写入十一个县区")
        duties.fill(cursor, clock.day(at))
        step("写入任务")
        cursor.execute(f"drop schema {template.SCHEMA} cascade")
    bare.put_back(taken, lambda text: None)
    step("建索引和外键")
    with connection.cursor() as cursor:
        cursor.execute("vacuum analyze")
    step("整理统计")
    rows_made = {table: count * len(counties) for table, count in counts.items() if count}
    return events.record(
        kind=BUILT, subject=("workbench.city", _SUBJECT), division=demo.COUNTY, by=None, at=at,
        data={"seed": seed, "rows": rows_made, "seconds": steps},
    )  # fmt: skip


def _anew() -> None:
    """An empty database with tables, divisions and organisations."""
    with connection.cursor() as cursor:
        cursor.execute(f"drop database if exists {DATABASE} with (force)")
        cursor.execute(f"create database {DATABASE} template template0 encoding 'UTF8'")
    use()
    call_command("migrate", verbosity=0, interactive=False)
    places.load_divisions()
    places.load_organisations(synthetic=True)


def _hire(counties: list[int], families: int, seed: int) -> None:
    """Officials of every county, and which family of the template comes to which village and hands."""
    numbers, password = names.Numbers(), make_password(staffing.PASSWORD, salt=f"city{seed}")
    load = Load({name: rows.TABLES[name] for name in ("staff_user", "staff_post")})
    rng, since = Random(f"{seed}:city"), demo.CENSUS - timedelta(days=30)
    with connection.cursor() as cursor:
        cursor.execute(
            f"create table {template.SCHEMA}.place (k text, serial bigint, code bigint, director uuid, supervisor uuid,"
            " proposer uuid, confirmer uuid)"
        )
    with transaction.atomic():
        for number, code in enumerate(counties):
            staff = staffing.hire(rng, numbers, county=code, since=since, mark=f"-{code // 1_000_000}")
            for one in staff.everybody:
                rows.worker(load, one, password)
            _settle(f"{number:02x}", staff, families, rng)
        load.insert()
    with connection.cursor() as cursor:
        cursor.execute(f"create index on {template.SCHEMA}.place (k, serial)")
        cursor.execute("analyze")


def _settle(k: str, staff: staffing.Staff, families: int, rng: Random) -> None:
    """Spread the template's families over a county's villages, unevenly, as villages are."""
    villages = list(staff.directors)
    weights = [rng.lognormvariate(0, 0.45) for _ in villages]
    chosen = rng.choices(villages, weights, k=families)
    with connection.cursor() as cursor, cursor.copy(f"copy {template.SCHEMA}.place from stdin") as copy:
        for serial, code in enumerate(chosen, 1):
            supervisor = staff.supervisors[code // 1000 * 1000]
            copy.write_row(
                (k, serial, code, staff.directors[code][0].id, supervisor.id, staff.proposer.id, staff.confirmer.id)
            )
