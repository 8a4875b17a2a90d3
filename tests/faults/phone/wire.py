"""The wire between phone and server, which can be told to fail: a proxy that loses, doubles, keeps back and tears.

A fault waits for the next request of its sort and is then spent. Owns no server: `server.address` is asked each time.
"""

from __future__ import annotations

import http.client
import random
import socket
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Protocol

GIVES_UP = 20  # seconds: a server that was killed may leave its port open a while, and nobody behind it
HOP = {"connection", "keep-alive", "transfer-encoding", "accept-encoding", "content-length"}
STRANGERS = {"portal", "gateway"}
PORTAL = "<!doctype html><title>Wi-Fi</title>请先登录无线网".encode()


class Server(Protocol):
    """What stands behind the wire."""

    @property
    def address(self) -> tuple[str, int] | None:
        """Where it listens; None while it lies dead."""

    def kill(self) -> None:
        """SIGKILL."""


@dataclass
class Sent:
    """A request as it came."""

    method: str
    path: str
    headers: list[tuple[str, str]]
    body: bytes


@dataclass
class Answer:
    """An answer as it came."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes


@dataclass
class Wire:
    """Faults that wait, requests kept back, and what was done."""

    server: Server
    by: random.Random = field(default_factory=random.Random)
    faults: list[tuple[str, int]] = field(default_factory=list)
    late: list[Sent] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)
    spent: list[str] = field(default_factory=list)
    answered: int = 0

    def fault(self, name: str, n: int = 0) -> None:
        """Let the next request of its sort meet this; a stranger on the way answers a few."""
        times = 1 + n % 4 if name in STRANGERS else 1
        with self.lock:
            self.faults += [(name, n)] * times

    def heal(self) -> None:
        """No fault waits any longer."""
        with self.lock:
            self.faults.clear()

    def deliver(self) -> None:
        """Requests kept back arrive now, in any order; nobody hears the answers."""
        with self.lock:
            kept, self.late = self.late, []
        self.by.shuffle(kept)
        for sent in kept:
            with suppress(OSError, http.client.HTTPException):
                self.forward(sent)

    def take_fault(self, path: str) -> tuple[str, int]:
        """The fault this request meets, spent; an empty name for none."""
        sort = "blob" if "/blobs/" in path else "operations" if path.endswith("/operations") else ""
        with self.lock:
            for fault in self.faults if sort else []:
                if fault[0].startswith("blob_") == (sort == "blob"):
                    self.faults.remove(fault)
                    self.spent.append(fault[0])
                    return fault[0].removeprefix("blob_"), fault[1]
        return "", 0

    def forward(self, sent: Sent) -> Answer:
        """To the server and back. Raises OSError or HTTPException when no whole answer came."""
        connection = http.client.HTTPConnection(*self._where(), timeout=GIVES_UP)
        try:
            connection.request(sent.method, sent.path, sent.body, dict(sent.headers))
            answer = connection.getresponse()
            found = Answer(answer.status, answer.getheaders(), answer.read())
            self.answered += 1
            return found
        finally:
            connection.close()

    def tear(self, sent: Sent) -> None:
        """Half of a request arrives."""
        lines = [f"{sent.method} {sent.path} HTTP/1.1", *(f"{name}: {value}" for name, value in sent.headers)]
        head = "\r\n".join([*lines, f"Content-Length: {len(sent.body)}", "Connection: close", "", ""])
        with socket.create_connection(self._where(), timeout=5) as line:
            line.sendall(head.encode() + sent.body[: len(sent.body) // 2])

    def _where(self) -> tuple[str, int]:
        address = self.server.address
        if address is None:
            raise ConnectionRefusedError
        return address


class Handler(BaseHTTPRequestHandler):
    """One request of the phone's."""

    wire: Wire

    def log_message(self, *_: Any) -> None:
        """Silent."""

    def _any(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = [(name, value) for name, value in self.headers.items() if name.lower() not in HOP]
        sent = Sent(self.command, self.path, headers, body)
        fault, n = self.wire.take_fault(self.path.split("?")[0])
        with suppress(OSError, http.client.HTTPException):
            answer = getattr(self, "_" + fault)(sent, n) if fault else self.wire.forward(sent)
            if answer:
                self._say(answer)
        self.close_connection = True

    do_GET = do_POST = do_PUT = do_HEAD = _any  # noqa: N815

    def _say(self, answer: Answer, size: int | None = None) -> None:
        self.send_response_only(answer.status)
        for name, value in answer.headers:
            if name.lower() not in HOP:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body)))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(answer.body[:size])

    # The faults. Each gives the answer the phone gets, or nothing: then the line breaks.

    def _lose(self, sent: Sent, n: int) -> None:
        """It never arrives."""

    def _deaf(self, sent: Sent, n: int) -> None:
        """It arrives, the answer does not."""
        self.wire.forward(sent)

    def _twice(self, sent: Sent, n: int) -> Answer:
        """It arrives twice at once."""
        with suppress(OSError):
            other = threading.Thread(target=self._quietly, args=(sent,), daemon=True)
            other.start()
        answer = self.wire.forward(sent)
        other.join(20)
        return answer

    def _quietly(self, sent: Sent) -> None:
        with suppress(OSError, http.client.HTTPException):
            self.wire.forward(sent)

    def _late(self, sent: Sent, n: int) -> None:
        """It is kept somewhere on the way and arrives after others."""
        with self.wire.lock:
            self.wire.late.append(sent)

    def _torn(self, sent: Sent, n: int) -> None:
        """Half of it arrives."""
        self.wire.tear(sent)

    def _half(self, sent: Sent, n: int) -> None:
        """It arrives; half of the answer does."""
        answer = self.wire.forward(sent)
        self._say(answer, len(answer.body) // 2)

    def _portal(self, sent: Sent, n: int) -> Answer:
        """A hotspot answers instead, and says that all is well."""
        return Answer(200, [("Content-Type", "text/html; charset=utf-8")], PORTAL)

    def _gateway(self, sent: Sent, n: int) -> Answer:
        """A proxy on the way answers with a page of its own."""
        status = self.wire.by.choice([404, 413, 502, 503])
        return Answer(status, [("Content-Type", "text/html")], b"<html>gateway</html>")

    def _die(self, sent: Sent, n: int) -> None:
        """The server takes it in and dies before the answer."""
        self.wire.forward(sent)
        self.wire.server.kill()

    def _die_soon(self, sent: Sent, n: int) -> None:
        """The server dies while it is at it."""
        threading.Thread(target=lambda: (time.sleep(n / 1000), self.wire.server.kill()), daemon=True).start()
        self.wire.forward(sent)


def start(wire: Wire) -> tuple[ThreadingHTTPServer, str]:
    """The wire on a port of its own, and its address."""
    listening = ThreadingHTTPServer(("127.0.0.1", 0), type("Bound", (Handler,), {"wire": wire}))
    listening.daemon_threads = True
    threading.Thread(target=listening.serve_forever, daemon=True).start()
    return listening, f"http://127.0.0.1:{listening.server_address[1]}"
