"""The real server for the schedules: `hutong serve` on the tests' database, killed and replaced, and the app as built with a handle."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Sequence
from contextlib import closing, suppress
from pathlib import Path

from django.conf import settings
from django.db import connection

from tests import database

ROOT = Path(__file__).resolve().parents[3]
HERE = Path(__file__).parent
CLIENT = ROOT / "field-client"
Edits = Sequence[tuple[str, str, str]]


def build(to: Path, *, version: str = "A", edits: Edits = ()) -> Path:
    """The app built into `to`. `edits`: file, text that occurs once in it, and what stands there instead."""
    program = [str(ROOT / ".venv/bin/node"), "node_modules/vite/bin/vite.js", "build", "--logLevel", "error"]
    program += ["--config", str(HERE / "vite.config.mjs"), "--outDir", str(to), "--emptyOutDir"]
    variables = {**os.environ, "HUTONG_BUILD": version, "HUTONG_MUTANT": json.dumps(list(edits))}
    done = subprocess.run(program, cwd=CLIENT, env=variables, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return to


class Server:
    """One `hutong serve` that answers and one that waits to take its place, so that a kill costs no start."""

    def __init__(self, folder: Path, *, code: Path = ROOT) -> None:
        self.folder, self.code = folder, code
        self.app = folder / "app"
        self.running: tuple[subprocess.Popen[bytes], int] | None = None
        self.spare: tuple[subprocess.Popen[bytes], int] | None = None
        self.kills = 0

    @property
    def address(self) -> tuple[str, int] | None:
        """Where it listens; None while it lies dead."""
        running = self.running
        return ("127.0.0.1", running[1]) if running else None

    def show(self, built: Path) -> None:
        """Serve this build of the app from now on."""
        fresh = self.folder / "app.new"
        fresh.symlink_to(built)
        fresh.replace(self.app)

    def start(self) -> None:
        """Answer again: at once where another one waits."""
        if self.running:
            return
        self.running = self.spare or self._spawn()
        self.spare = None
        self._until_ready(*self.running)

    def warm(self) -> None:
        """Have another one wait."""
        self.spare = self.spare or self._spawn()

    def kill(self) -> None:
        """kill -9 of the one that answers and of all it started."""
        running, self.running = self.running, None
        if running:
            self.kills += 1
            _kill(running[0])

    def close(self) -> None:
        """End both."""
        self.kill()
        if self.spare:
            _kill(self.spare[0])
        self.spare = None

    def run(self, code: Path) -> None:
        """Run this code from now on."""
        self.close()
        self.code = code
        self.start()

    def furnish(self) -> None:
        """Collect the pages' files: even a refusal of the API draws a page on its way."""
        program = [sys.executable, "-m", "hutong.config.cli", "collectstatic", "-v0", "--no-input"]
        subprocess.run(program, cwd=self.folder, env=self._variables(), check=True, capture_output=True)

    def _spawn(self) -> tuple[subprocess.Popen[bytes], int]:
        with closing(socket.socket()) as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        program = [sys.executable, "-m", "hutong.config.cli", "serve", "--processes", "1", "--port", str(port)]
        out = (self.folder / f"server-{port}.log").open("wb")
        process = subprocess.Popen(
            program, cwd=self.folder, env=self._variables(), stdout=out, stderr=out, start_new_session=True
        )
        return process, port

    def _variables(self) -> dict[str, str]:
        name = str(connection.settings_dict["NAME"])
        url = database._server.url("hutong_web", name) if database._server else _outer(name)
        seal = ",".join(f"{number}:{key.hex()}" for number, key in settings.SEAL_KEYS.items())
        return {
            **os.environ, "DATABASE_URL": url, "HUTONG_DATA": str(self.folder / "data"), "HUTONG_POOL": "True",
            "PYTHONPATH": str(self.code), "HUTONG_FIELD_APP": str(self.app),
            "HUTONG_SECRET_KEY": settings.SECRET_KEY, "HUTONG_SEAL_KEYS": seal, "HUTONG_INDEX_KEY_FILE": os.devnull,
        }  # fmt: skip

    def _until_ready(self, process: subprocess.Popen[bytes], port: int) -> None:
        for _ in range(600):
            with suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/m/sw.js", timeout=5):
                return
            assert process.poll() is None, (self.folder / f"server-{port}.log").read_text()[-3000:]
            time.sleep(0.1)
        raise AssertionError("the server did not become ready")


def _outer(name: str) -> str:
    known = connection.settings_dict
    return f"postgresql://{known['USER']}:{known['PASSWORD']}@/{name}?host={known['HOST']}&port={known['PORT']}"


def _kill(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def edited_server(to: Path, edits: Edits) -> Path:
    """A copy of the server's code with texts replaced, each of which must occur once."""
    shutil.copytree(ROOT / "hutong", to / "hutong", ignore=shutil.ignore_patterns("__pycache__"))
    for path, was, now in edits:
        file = to / path
        code = file.read_text()
        assert code.count(was) == 1, f"not once in {path}: {was}"
        file.write_text(code.replace(was, now))
    return to
