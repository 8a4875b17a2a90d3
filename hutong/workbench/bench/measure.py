"""Measuring: record the cases, start product and floor, take turns, compare."""

from __future__ import annotations

import json
import os
import pickle
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import Client

from hutong.kernel.scope import Scope
from hutong.staff.access import scope_of
from hutong.staff.models import User
from hutong.workbench.bench import servers
from hutong.workbench.bench.cases import COUNTY, Case, cases, like
from hutong.workbench.bench.recording import Recorded, record
from hutong.workbench.city import build

_CSRF = "b" * 32
_ROUNDS = 3
_SECONDS = {1: 2.0, 16: 3.0}
_WARM = 0.7
Told = Callable[[str], None]


def measure(*, names: set[str], told: Told) -> dict[str, Any]:
    """Measure the named cases (all if none are named). Returns rows, memory and what could not be measured."""
    if not build.built():
        raise RuntimeError("the city is not built: hutong bench city")
    call_command("migrate", verbosity=0, interactive=False)
    _unlimited()
    user = User.objects.get(username=f"county-{COUNTY // 1_000_000}")
    client = Client(raise_request_exception=False)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    _assets()
    wanted = [case for case in cases() if not names or case.name in names]
    recorded, missing = _record(client, wanted, told)
    with (
        tempfile.TemporaryDirectory() as folder,
        _both(Path(folder), recorded, scope_of(user)) as (product, floor, process),
    ):
        rows = [
            _row(case, recorded[case.name], session, product, floor, told) for case in wanted if case.name in recorded
        ]
        memory = servers.memory(process)
    if any(case.name == "search" for case in wanted):
        rows += [_like(wanted, scope_of(user))]
    return {
        "rows": rows,
        "worker_mb": memory,
        "missing": missing,
        "server": "gunicorn",
        "row_security": _security(recorded, scope_of(user)),
    }


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
        for number, path in enumerate(case.paths):
            post = (
                {**case.posts[number], "op_id": f"{random.getrandbits(32):08x}-0000-4000-8000-{number:012x}"}
                if case.posts
                else None
            )
            answers.append(record(client, path, post))
        told(f"记录 {case.name}：{len(answers)} 个地址，{time.perf_counter() - started:.1f} 秒")
        wrong = {one.status for one in answers} - set(case.expect)
        if wrong:
            missing[case.name] = f"answered {sorted(wrong)}"
        elif case.name.endswith("json") and "json" not in answers[0].type:
            missing[case.name] = "has no JSON form"
        else:
            found[case.name] = answers
    return found, missing


@contextmanager
def _both(folder: Path, recorded: dict[str, list[Recorded]], scope: Scope) -> Iterator[tuple[int, int, Any]]:
    """The product and the floor, both running, in the same server program with the same workers and threads."""
    told = folder / "floor.pickle"
    told.write_bytes(
        pickle.dumps(
            {
                "scope": scope.settings(),
                "cases": {name: [one.plain() for one in rows] for name, rows in recorded.items()},
            }
        )
    )
    product, floor = servers.free_port(), servers.free_port()
    ours = {"DATABASE_URL": _address("hutong_web"), "HUTONG_POOL": "True"}
    theirs = {"FLOOR": str(told), "FLOOR_DATABASE": json.dumps(_where())}
    start_ours = servers.gunicorn("hutong.config.wsgi:application", product)
    start_floor = servers.gunicorn("hutong.workbench.bench.floor:application", floor)
    with (
        servers.running(start_ours, product, ours, folder / "product.log") as process,
        servers.running(start_floor, floor, theirs, folder / "floor.log"),
    ):
        yield product, floor, process


def _address(role: str) -> str:
    """The city's address for a role, from that of the database in use."""
    parts = urlsplit(os.environ["DATABASE_URL"])
    place = parts.netloc.replace("hutong_owner@", f"{role}@")
    return urlunsplit((parts.scheme, place, f"/{build.DATABASE}", parts.query, ""))


def _where(role: str = "hutong_web") -> dict[str, Any]:
    known = connection.get_connection_params()
    found = {key: value for key, value in known.items() if key in {"dbname", "user", "password", "host", "port"}}
    return {**found, "user": role if found.get("user") == "hutong_owner" else found.get("user")}


def _row(case: Case, recorded: list[Recorded], session: str, product: int, floor: int, told: Told) -> dict[str, Any]:
    """One case at 1 and 16 clients, product and floor in turns; medians over the rounds."""
    ours = [_request(case, number, session) for number in range(len(case.paths))]
    theirs = [_plain_request(case, number) for number in range(len(case.paths))]
    found: dict[str, Any] = {
        "name": case.name, "title": case.title, "goal": case.goal, "queries": max(one.queries for one in recorded),
        "bytes": int(statistics.mean(len(one.body) for one in recorded)),
    }  # fmt: skip
    for clients in _SECONDS:
        told(f"测量 {case.name}，{clients} 个客户端")
        rounds = [
            (_load(product, clients, ours, case.expect), _load(floor, clients, theirs, case.expect))
            for _ in range(_ROUNDS)
        ]
        for side, name in ((0, "product"), (1, "floor")):
            found[f"{name}_{clients}"] = {
                key: round(statistics.median(one[side][key] for one in rounds), 2) for key in ("p50", "p95", "rate")
            }
    found["ratio_p50"] = round(found["product_1"]["p50"] / found["floor_1"]["p50"], 2)
    found["ratio_rate_16"] = round(found["product_16"]["rate"] / found["floor_16"]["rate"], 2)
    found["raw_p50"] = _raw(recorded)
    return found


def _request(case: Case, number: int, session: str) -> str:
    cookies = f"Cookie: {settings.SESSION_COOKIE_NAME}={session}; {settings.CSRF_COOKIE_NAME}={_CSRF}\r\n"
    head = f"Host: 127.0.0.1\r\n{cookies}Accept-Language: zh-CN\r\n"
    if not case.posts:
        return f"GET {case.paths[number]} HTTP/1.1\r\n{head}\r\n"
    body = urlencode({**case.posts[number], "csrfmiddlewaretoken": _CSRF}, doseq=True).replace("%7Bop%7D", "{op}")
    size = len(body) - len("{op}") + 36
    kind = "Content-Type: application/x-www-form-urlencoded\r\n"
    return f"POST {case.paths[number]} HTTP/1.1\r\n{head}{kind}Content-Length: {size}\r\n\r\n{body}"


def _plain_request(case: Case, number: int) -> str:
    method, size = ("POST", "Content-Length: 0\r\n") if case.posts else ("GET", "")
    return f"{method} /{case.name}/{number}/ HTTP/1.1\r\nHost: 127.0.0.1\r\n{size}\r\n"


def _load(port: int, clients: int, requests: list[str], expect: list[int]) -> dict[str, float]:
    """Let the client run in its own process. Raises when anything but the expected answer came."""
    job = {
        "port": port, "clients": clients, "seconds": _SECONDS[clients], "warm": _WARM, "requests": requests, "expect": expect,
        "salt": random.getrandbits(32),
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, str(Path(__file__).with_name("client.py"))],
        input=json.dumps(job),
        capture_output=True,
        text=True,
        check=True,
    )
    answer = json.loads(done.stdout)
    if answer["wrong"] or not answer["times"]:
        raise RuntimeError(f"wrong answers: {answer['wrong']} {done.stderr[-600:]}")
    times = sorted(answer["times"])
    return {
        "p50": times[len(times) // 2], "p95": times[int(len(times) * 0.95)], "rate": len(times) / answer["seconds"]
    }  # fmt: skip


def _raw(recorded: list[Recorded]) -> float | None:
    """Median time of the same statements alone, in this process, as owner; None for those that write."""
    if recorded[0].writes:
        return None
    with psycopg.connect(**_where("hutong_owner"), autocommit=True, cursor_factory=psycopg.ClientCursor) as raw:
        return round(statistics.median(_run(raw, one) for one in recorded * 3), 2)


def _run(raw: psycopg.Connection[Any], one: Recorded) -> float:
    start = time.perf_counter()
    for sql, params in one.statements:
        cursor = raw.execute(sql, params)
        if cursor.description:
            cursor.fetchall()
    return (time.perf_counter() - start) * 1000


def _security(recorded: dict[str, list[Recorded]], scope: Scope) -> dict[str, float]:
    """Times the same statements take under row security against without it, in turns; by case, for those that only read."""
    found = {}
    with (
        psycopg.connect(**_where("hutong_owner"), autocommit=True, cursor_factory=psycopg.ClientCursor) as owner,
        psycopg.connect(**_where(), autocommit=True, cursor_factory=psycopg.ClientCursor) as web,
    ):
        for name, value in scope.settings().items():
            web.execute("select set_config(%s, %s, false)", [name, value])
        for name, answers in recorded.items():
            if not answers[0].writes and not name.endswith("-json"):
                pairs = [(_run(owner, one), _run(web, one)) for one in (answers * 40)[:120]]
                without, within = (statistics.median(pair[side] for pair in pairs) for side in (0, 1))
                found[name] = round(within / without, 2)
    return found


def _like(wanted: list[Case], scope: Scope) -> dict[str, Any]:
    """The search's floor: LIKE in the county under row security, against the tokens, both as bare SQL."""
    from urllib.parse import parse_qs

    paths = next(case.paths for case in wanted if case.name == "search")
    names = [parse_qs(urlsplit(path).query)["q"][0] for path in paths]
    with psycopg.connect(**_where(), autocommit=True, cursor_factory=psycopg.ClientCursor) as web:
        for name, value in scope.settings().items():
            web.execute("select set_config(%s, %s, false)", [name, value])
        times = []
        for name in names:
            start = time.perf_counter()
            web.execute(*like(name)).fetchall()
            times.append((time.perf_counter() - start) * 1000)
    return {"name": "search-like", "title": "LIKE 查找（对照）", "raw_p50": round(statistics.median(times), 2)}
