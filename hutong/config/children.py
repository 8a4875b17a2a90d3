"""The processes of `hutong up`: web server and worker, started, watched and ended together."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

_BIGGEST_LOG = 10 * 2**20
_GRACE = 25  # seconds for requests and jobs in hand


@dataclass(slots=True)
class Child:
    """One process and where its log goes."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path


def start(name: str, command: list[str], logs: Path, environment: dict[str, str]) -> Child:
    """Start `hutong …` in its own session, so that Ctrl-C reaches only us and we end things in order."""
    logs.mkdir(mode=0o700, exist_ok=True)
    log = logs / f"{name}.log"
    if log.exists() and log.stat().st_size > _BIGGEST_LOG:
        log.replace(log.with_suffix(".log.1"))
    program = [sys.executable, "-m", "hutong.config.cli", *command]
    variables = {**os.environ, **environment, "HUTONG_END_WITH_PARENT": "True"}
    with os.fdopen(os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab") as out:
        process = subprocess.Popen(
            program, stdin=subprocess.DEVNULL, stdout=out, stderr=out, env=variables, start_new_session=True
        )
    return Child(name, process, log)


def first_ended(children: list[Child]) -> Child | None:
    """One that is not running any more."""
    return next((child for child in children if child.process.poll() is not None), None)


def end(children: list[Child]) -> None:
    """TERM to all, wait for what they have in hand, then KILL."""
    for child in children:
        if child.process.poll() is None:
            child.process.send_signal(signal.SIGTERM)
    deadline = time.monotonic() + _GRACE
    for child in children:
        try:
            child.process.wait(max(deadline - time.monotonic(), 0.1))
        except subprocess.TimeoutExpired:
            child.process.kill()
            child.process.wait()


def tail(child: Child, characters: int = 1500) -> str:
    """The end of its log."""
    return child.log.read_text(errors="replace")[-characters:].strip()
