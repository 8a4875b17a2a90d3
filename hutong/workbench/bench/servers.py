"""Starting the product and the floor as users would, each in its own processes, and reading their memory."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

_PATIENCE = 60
PROCESSES, THREADS = 2, 4  # of the floor, as the issue states it
SERVED = 2  # threads of each process of the product, as `hutong serve` has it


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def gunicorn(target: str, port: int) -> list[str]:
    """gunicorn as the issue states the floor: 2 workers of 4 threads, keep-alive."""
    return [
        sys.executable, "-m", "gunicorn", target, "--bind", f"127.0.0.1:{port}", "--workers", str(PROCESSES), "--threads",
        str(THREADS), "--worker-class", "gthread", "--keep-alive", "75", "--log-level", "warning",
    ]  # fmt: skip


def granian(target: str, port: int) -> list[str]:
    """granian as the product starts it."""
    return [
        sys.executable, "-m", "granian", "--interface", "wsgi", target, "--host", "127.0.0.1", "--port", str(port), "--workers",
        str(PROCESSES), "--blocking-threads", str(SERVED), "--log-level", "warning",
    ]  # fmt: skip


@contextmanager
def running(command: list[str], port: int, environment: dict[str, str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A server for as long as the block lasts; its words go to `log`."""
    with log.open("wb") as words:
        process = _start(command, environment, words)
        try:
            _wait(process, port, log)
            yield process
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(_PATIENCE)


def _start(command: list[str], environment: dict[str, str], words: IO[bytes]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        command, env={**os.environ, **environment}, stdout=words, stderr=subprocess.STDOUT, start_new_session=True
    )


def _wait(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end:
        if process.poll() is not None:
            break
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                time.sleep(1)  # every worker, not only the first
                return
        time.sleep(0.1)
    raise RuntimeError(f"the server did not start: {log.read_text(errors='replace')[-2000:]}")


def memory(process: subprocess.Popen[bytes]) -> list[int]:
    """Resident memory of each worker process in MB, the largest first."""
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    found = []
    for child in children:
        if size := re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{child}/status").read_text()):
            found.append(int(size[1]) // 1024)
    return sorted(found, reverse=True)
