"""The web server: granian with a few processes of a few threads each (docs/adr/0010)."""

from __future__ import annotations

import os

from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import Server

TARGET = "hutong.config.wsgi:application"
WITH_PARENT = "HUTONG_END_WITH_PARENT"


def serve(*, address: str, port: int, processes: int, threads: int) -> None:
    """Answer until INT or TERM. Slow clients are read by the server's own threads, not by ours."""
    os.environ[WITH_PARENT] = "True"  # for the processes it forks: they must not outlive it
    Server(
        TARGET,
        address=address,
        port=port,
        interface=Interfaces.WSGI,
        workers=processes,
        blocking_threads=threads,
        backlog=1024,
        respawn_failed_workers=True,
        workers_kill_timeout=10,
        websockets=False,
        log_level=LogLevels.warning,
    ).serve()
