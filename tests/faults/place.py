"""A house of its own for tests that kill: a data folder with a real database, a web server, and one child's file."""

from __future__ import annotations

import http.cookiejar
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from hutong.config import embedded
from hutong.kernel.clock import today

ROOT = Path(__file__).resolve().parents[2]
PREPARE = """
from datetime import timedelta
from tests import make
from hutong.kernel.clock import now, today
from hutong.places import operations as places
places.load_divisions(); places.load_committees()
zhou, lin = make.zhou(), make.lin()
with make.as_(zhou):
    file = make.file(zhou, on=today() - timedelta(days=3), at=now())
for user in (zhou, lin):
    user.set_password("hutong-test"); user.save()
print("MADE", file.pk, lin.username, zhou.username)
"""


@dataclass
class Place:
    """The data folder and the names of who works there."""

    data: Path
    file: str = ""
    lin: str = ""
    zhou: str = ""

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """`hutong ARGUMENTS` on this data folder, as a process group of its own."""
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("DATABASE_", "HUTONG_", "DJANGO_ALLOW"))
        }
        variables = {**kept, "HUTONG_DATA": str(self.data), "PYTHONPATH": str(ROOT)}
        program = [sys.executable, "-m", "hutong.config.cli", *arguments]
        return subprocess.Popen(
            program, env=variables, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True
        )

    def run(self, *arguments: str) -> str:
        """The same, to its end; what it printed."""
        process = self.start(*arguments)
        out, _ = process.communicate(timeout=300)
        assert process.returncode == 0, out[-3000:]
        return out

    def ask(self, sql: str) -> list[Any]:
        """Ask the database as its owner, starting it when it lies dead."""
        server = embedded.use(self.data)
        try:
            with psycopg.connect(server.url()) as connection:
                return connection.execute(sql).fetchall()  # type: ignore[arg-type]
        finally:
            server.stop_if_last()

    @contextmanager
    def held(self, sql: str) -> Iterator[None]:
        """Keep the locks that a query takes, so that who needs them stands still; the database may die meanwhile."""
        server = embedded.use(self.data)
        try:
            with suppress(psycopg.OperationalError), psycopg.connect(server.url()) as connection:
                connection.execute(sql)  # type: ignore[arg-type]
                yield
        finally:
            server.stop_if_last()

    def one(self, sql: str) -> int:
        """A count."""
        return int(self.ask(sql)[0][0])

    def kill_database(self) -> None:
        """kill -9 of the postmaster; its children end by themselves."""
        os.kill(int((self.data / "postgresql/postmaster.pid").read_text().split()[0]), signal.SIGKILL)


def kill(process: subprocess.Popen[str]) -> None:
    """kill -9 of a process and all it started."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


@contextmanager
def made() -> Iterator[Place]:
    """A place with its data, taken away afterwards."""
    outer = Path(tempfile.mkdtemp(prefix="hutong-test-"))
    outer.chmod(0o755)
    place = Place(outer / "data")
    place.run("migrate", "-v0")
    place.run("collectstatic", "-v0", "--no-input")
    words = place.run("shell", "-v0", "-c", PREPARE).split("MADE ")[1].split()
    place.file, place.lin, place.zhou = words[:3]
    try:
        yield place
    finally:
        place.ask("select 1")
        shutil.rmtree(outer)


class Stay(urllib.request.HTTPRedirectHandler):
    """Take the redirect itself as the answer."""

    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        """Never follow."""


class Director:
    """A director with a browser that knows cookies and forms and nothing else."""

    def __init__(self, place: Place, port: int) -> None:
        self.place, self.base = place, f"http://127.0.0.1:{port}"
        self.refused = ""
        self.cookies = http.cookiejar.CookieJar()
        handlers = (urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor(self.cookies), Stay)
        self.opener = urllib.request.build_opener(*handlers)

    def get(self, path: str) -> str:
        """A page's text."""
        with self.opener.open(self.base + path, timeout=20) as answer:
            return str(answer.read().decode())

    def post(self, path: str, data: dict[str, Any]) -> int:
        """Send a form; the status. Raises OSError when no answer came."""
        token = next(cookie.value for cookie in self.cookies if "csrf" in cookie.name)
        body = urllib.parse.urlencode({**data, "csrfmiddlewaretoken": token}, doseq=True).encode()
        request = urllib.request.Request(self.base + path, body, {"Referer": self.base + path})
        try:
            with self.opener.open(request, timeout=20) as answer:
                self.refused = re.sub(r"<[^>]*>|\s+", " ", answer.read().decode(errors="replace"))[-800:]
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code

    def sign_in(self) -> None:
        """Through the sign-in page."""
        self.get("/account/login/")
        assert self.post("/account/login/", {"login": self.place.lin, "password": "hutong-test"}) == 302, self.refused

    def visit(self, op: str) -> bool:
        """Record a visit; True when it was answered as saved."""
        data = {"occurred_on": today().isoformat(), "op_id": op, "seen": "child", "lives_with": "same"}
        try:
            return self.post(f"/children/{self.place.file}/visit/", data) == 302
        except OSError:
            return False


@contextmanager
def served(place: Place) -> Iterator[tuple[subprocess.Popen[str], Director]]:
    """The web server of a place, ready, and a director signed in."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = place.start("serve", "--port", str(port), "--processes", "1")
    director = Director(place, port)
    try:
        _until_ready(director, process)
        director.sign_in()
        yield process, director
    finally:
        kill(process)


def _until_ready(director: Director, process: subprocess.Popen[str]) -> None:
    for _ in range(300):
        try:
            director.get("/readyz")
            return
        except OSError:
            assert process.poll() is None, process.stdout and process.stdout.read()
            time.sleep(0.2)
    raise AssertionError("the web server did not become ready")
