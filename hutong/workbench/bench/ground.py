"""What pages and row security are measured on: the city, an officer of a county signed in, and what each page asks and answers."""

from __future__ import annotations

import logging
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import psycopg
import structlog
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.test import Client

from hutong.kernel.clock import now, today
from hutong.kernel.scope import Scope
from hutong.staff.access import scope_of
from hutong.staff.models import Post, User
from hutong.workbench.bench.cases import COUNTY, Case, cases
from hutong.workbench.bench.recording import Recorded, record
from hutong.workbench.city import build

OFFICERS = 16
Told = Callable[[str], None]
# What the product's own server is told (config.embedded, config/roles.sql): said again for a server that is not ours.
_SERVER = {"random_page_cost": "1.1", "work_mem": "16MB", "jit": "off", "max_parallel_workers_per_gather": "0"}


@dataclass(frozen=True, slots=True)
class Ground:
    """The cases, what was recorded of them, why some were not, and who asks: a session for each of as many officers."""

    cases: list[Case]
    recorded: dict[str, list[Recorded]]
    missing: dict[str, str]
    sessions: list[str]
    scope: Scope


def told(text: str) -> None:
    """Progress, beside the figures."""
    print(text, file=sys.stderr, flush=True)


def lay(names: set[str]) -> Ground:
    """Turn to the city and record the named cases (all if none are named). Raises CommandError without a city."""
    if not build.built():
        raise CommandError("测量用的城市还没有生成。请先运行 hutong bench city（约十分钟）。")
    call_command("migrate", verbosity=0, interactive=False)
    _as_delivered()
    _unlimited()
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING)
    )  # here, not in the servers
    user = User.objects.get(username=f"county-{COUNTY // 1_000_000}")
    client = Client(raise_request_exception=False)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    _assets()
    wanted = [case for case in cases() if not names or case.name in names]
    recorded, missing = _record(client, wanted, told)
    return Ground(wanted, recorded, missing, [_signed_in(officer) for officer in _officers()], scope_of(user))


def _officers() -> list[User]:
    """Officers of the county, one a client: sixteen people do not share one account, nor its bucket of searches."""
    made, since = [], today() - timedelta(days=1)
    for number in range(OFFICERS):
        user, _ = User.objects.get_or_create(
            username=f"bench-{number}", defaults={"name": f"测速{number}", "created_at": now(), "synthetic": True}
        )
        Post.objects.get_or_create(user=user, role="county_officer", division=COUNTY, defaults={"start": since})
        made.append(user)
    return made


def _signed_in(user: User) -> str:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def _as_delivered() -> None:
    with connection.cursor() as cursor:
        for name, value in _SERVER.items():
            cursor.execute(f"alter database {build.DATABASE} set {name} = '{value}'")
    connection.close()


def _unlimited() -> None:
    """In the city only: the bucket of searches is filled again by a trigger, so that its statement is measured and not its limit."""
    with connection.cursor() as cursor:
        cursor.execute(
            "create or replace function bench_refill() returns trigger language plpgsql as"
            " $$ begin new.tokens := 1000000; new.updated_at := now() - interval '10 years'; return new; end $$"
        )
        cursor.execute("drop trigger if exists bench_refill on staff_ratebucket")
        cursor.execute(
            "create trigger bench_refill before insert or update on staff_ratebucket for each row execute function bench_refill()"
        )


def _assets() -> None:
    if not (Path(settings.STATIC_ROOT) / "staticfiles.json").exists():
        call_command("collectstatic", verbosity=0, interactive=False)


def _record(client: Client, wanted: list[Case], told: Told) -> tuple[dict[str, list[Recorded]], dict[str, str]]:
    """What each address asks and answers; cases whose page is not there yet, with the reason."""
    found, missing = dict[str, list[Recorded]](), dict[str, str]()
    for case in wanted:
        started = time.perf_counter()
        answers = []
        for path in case.paths[: case.recorded]:
            post = {**case.form, "op_id": str(uuid4())} if case.form else None
            answers.append(record(client, path, post))
        told(f"记录 {case.name}：{len(answers)} 个地址，{time.perf_counter() - started:.1f} 秒")
        wrong = {one.status for one in answers} - {case.expect}
        if wrong:
            missing[case.name] = f"answered {sorted(wrong)}"
        elif case.name.endswith("json") and "json" not in answers[0].type:
            missing[case.name] = "has no JSON form"
        else:
            found[case.name] = answers
    return found, missing


def address() -> str:
    """The city's address as the product's web server would be given it."""
    parts = urlsplit(os.environ["DATABASE_URL"])
    place = parts.netloc.replace("hutong_owner@", f"{_login('hutong_web')}@")
    return urlunsplit((parts.scheme, place, f"/{build.DATABASE}", parts.query, ""))


def where(role: str = "hutong_web") -> dict[str, Any]:
    """The city's place and a role, as psycopg wants them."""
    known = connection.get_connection_params()
    found = {key: value for key, value in known.items() if key in {"dbname", "user", "password", "host", "port"}}
    return {**found, "user": _login(role) if found.get("user") == "hutong_owner" else found.get("user")}


def _login(role: str) -> str:
    """The role, or the owner where the role may not sign in: then it steps down to the role with its scope."""
    with connection.cursor() as cursor:
        cursor.execute("select 1 from pg_roles where rolname = %s and rolcanlogin", [role])
        return role if cursor.fetchone() else "hutong_owner"


@contextmanager
def connected(role: str) -> Iterator[psycopg.Connection[Any]]:
    """A connection of a role, which keeps the plans of what is bound in the server."""
    with psycopg.connect(**where(role), autocommit=True) as raw:
        raw.prepare_threshold = 1
        yield raw


def settings_of(scope: Scope) -> dict[str, str]:
    """All that `kernel.scope` tells the database of a scope, what it works out there included."""
    told = scope.settings()
    with connection.cursor() as cursor:
        about = [told["hutong.ranges"], told["hutong.subjects"], told["hutong.subjects"]]
        cursor.execute("select hutong_shut_in(%s, %s), hutong_opened(%s)", about)
        shut, opened = cursor.fetchone()
    return {**told, "hutong.shut": shut, "hutong.subjects": opened}


def tell(raw: psycopg.Connection[Any], scope: Scope) -> None:
    """Say who asks, for as long as the connection lasts."""
    for name, value in settings_of(scope).items():
        raw.execute("select set_config(%s, %s, false)", [name, value])


def run(raw: psycopg.Connection[Any], one: Recorded, *, as_page: bool = False) -> float:
    """Run the statements of one request; milliseconds. `as_page`: bound and planned as the page does it, otherwise each anew."""
    start = time.perf_counter()
    for sql, params, kept in one.statements:
        cursor = (psycopg.Cursor if kept and as_page else psycopg.ClientCursor)(raw)
        cursor.execute(sql, params)
        if cursor.description:
            cursor.fetchall()
    return (time.perf_counter() - start) * 1000
