"""A watch for parts of a benchmark: time by the wall, and by the processor of this process and of its database session.

Where other work shares the machine the wall says little; the processor's time of the same work hardly changes.
"""

from __future__ import annotations

import os
import time
from pathlib import Path

from django.db import connection


class Watch:
    """Started when made. `found` holds, for each lap, `name` and `name_processor` in seconds."""

    def __init__(self) -> None:
        self.found: dict[str, float] = {}
        self._last = _now()

    def lap(self, name: str) -> None:
        """What has been since the last lap was `name`."""
        wall, processor = _now()
        self.found |= {name: wall - self._last[0], f"{name}_processor": processor - self._last[1]}
        self._last = _now()


def _now() -> tuple[float, float]:
    return time.perf_counter(), time.process_time() + _session()


def _session() -> float:
    """Seconds of our session in the database, where it runs on this machine under Linux; else nothing."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_backend_pid()")
        stat = Path(f"/proc/{cursor.fetchone()[0]}/stat")
    if not stat.exists():
        return 0.0
    user, system = stat.read_text().rsplit(")", 1)[1].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")
