"""The load client: keep-alive connections over raw sockets, in a process of its own. Reads one job from stdin as JSON.

Job: {port, clients, seconds, warm, requests: [request text], expect: [status codes], sessions}. `{op}` in a request
becomes a fresh UUID, `{session}` the client's own session. Answer on stdout: {times: [ms …], wrong: {status: count}, seconds}. Knows no Django.
"""

from __future__ import annotations

import json
import socket
import sys
import threading
import time
from itertools import count
from typing import Any

LEAST = 1  # answers each client waits for, however slow they are


class Caller(threading.Thread):
    """One client that sends request after request and waits for each answer."""

    def __init__(self, job: dict[str, Any], number: int, serial: count[int]) -> None:
        super().__init__(daemon=True)
        self.job, self.number, self.serial = job, number, serial
        self.times: list[float] = []
        self.wrong: dict[str, int] = {}
        session = job["sessions"][number % len(job["sessions"])]
        self.requests = [text.replace("{session}", session).encode() for text in job["requests"]]
        self.until = self.measure_from = 0.0

    def run(self) -> None:
        """Until the time is over."""
        place = self.number * 7
        with socket.create_connection(("127.0.0.1", self.job["port"])) as channel:
            channel.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            while time.perf_counter() < self.until or len(self.times) < LEAST:
                request = self.requests[place % len(self.requests)].replace(b"{op}", self._op())
                place += 1
                start = time.perf_counter()
                channel.sendall(request)
                status = _answer(channel)
                end = time.perf_counter()
                if status not in self.job["expect"]:
                    self.wrong[str(status)] = self.wrong.get(str(status), 0) + 1
                    break
                if start >= self.measure_from:
                    self.times.append((end - start) * 1000)

    def _op(self) -> bytes:
        return f"{self.job['salt']:08x}-0000-4000-8000-{next(self.serial):012x}".encode()


def _answer(channel: socket.socket) -> int:
    """Read one answer whole; its status."""
    data = b""
    while b"\r\n\r\n" not in data:
        data += _more(channel)
    head, _, body = data.partition(b"\r\n\r\n")
    fields = dict(line.split(b":", 1) for line in head.lower().split(b"\r\n")[1:])
    if b"content-length" in fields:
        left = int(fields[b"content-length"]) - len(body)
        while left > 0:
            left -= len(_more(channel))
    elif b"chunked" in fields.get(b"transfer-encoding", b""):
        while not body.endswith(b"0\r\n\r\n"):
            body += _more(channel)
    return int(head.split(b" ", 2)[1])


def _more(channel: socket.socket) -> bytes:
    data = channel.recv(262_144)
    if not data:
        raise ConnectionError("the server closed the connection")
    return data


def main() -> None:
    """Run the job."""
    job = json.load(sys.stdin)
    serial = count()
    callers = [Caller(job, number, serial) for number in range(job["clients"])]
    start = time.perf_counter()
    for caller in callers:
        caller.measure_from, caller.until = start + job["warm"], start + job["warm"] + job["seconds"]
        caller.start()
    for caller in callers:
        caller.join()
    seconds = max(job["seconds"], time.perf_counter() - start - job["warm"])
    wrong: dict[str, int] = {}
    for caller in callers:
        for status, times in caller.wrong.items():
            wrong[status] = wrong.get(status, 0) + times
    json.dump(
        {"times": [one for caller in callers for one in caller.times], "wrong": wrong, "seconds": seconds},
        sys.stdout,
    )


if __name__ == "__main__":
    main()
