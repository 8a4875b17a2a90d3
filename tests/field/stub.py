"""A small server of the contract, which can be told to fail: what the phone does must not depend on the real one's mood."""

from __future__ import annotations

import json
import mimetypes
import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from cryptography.hazmat.primitives.asymmetric import ec

from hutong.kernel.clock import day, now
from hutong.policy import questionnaires

DIST = Path(__file__).parents[2] / "field-client/dist"
mimetypes.add_type("application/manifest+json", ".webmanifest")


def child(number: int, name: str, due: int, address: str = "") -> dict[str, Any]:
    today = day(now())
    return {
        "id": f"00000000-0000-7000-8000-{number:012}", "base": 1, "name": name, "sex": "1", "birth_date": "2017-05-01",
        "address": address or f"{number}号", "attention": "yellow", "categories": [{"kind": "LEFT_BEHIND", "words": "留守儿童"}],
        "carers": [{"id": f"c{number}", "name": "合成奶奶", "relation": "62", "carer": True, "words": "祖母", "phone": "05300000000"}],
        "duties": [{"id": f"d{number}", "obligation": "visit.periodic", "words": "入户走访", "at_home": True, "opens_on": "2026-01-01",
                    "due_on": (today + timedelta(days=due)).isoformat(), "state": "due"}],
        "visits": [{"on": "2026-09-01", "words": "见到孩子"}], "contacts": {},
    }  # fmt: skip


def _jwk() -> tuple[Any, dict[str, str]]:
    import base64

    private = ec.generate_private_key(ec.SECP256R1())
    numbers = private.public_key().public_numbers()
    part = {n: base64.urlsafe_b64encode(getattr(numbers, n).to_bytes(32, "big")).rstrip(b"=").decode() for n in "xy"}
    return private, {"kty": "EC", "crv": "P-256", **part}


class Stub:
    """The state of the server, and how it is to misbehave."""

    def __init__(self) -> None:
        self.private, self.jwk = _jwk()
        self.applied: dict[str, dict[str, Any]] = {}
        self.order: list[str] = []
        self.hits: dict[str, int] = {}
        self.blobs: dict[str, bytes] = {}
        self.devices: set[str] = set()
        self.children = [
            child(1, "合成童甲", -3, "东头1号"),
            child(2, "合成童乙", 0, "东头1号"),
            child(3, "合成童丙", 9),
        ]
        self.down = self.signed_out = self.drop_reply = self.revoked = False
        self.bad: dict[str, str] = {}  # a name of a child or kind → the reason why it is rejected
        self.torn = 0  # so many whole pictures still arrive damaged
        self.checks: list[dict[str, Any]] = []
        self.settled: list[dict[str, str]] = []
        self.poison = ""  # a request with this text in it is refused as a whole
        self.paths: list[str] = []
        self.lock = threading.Lock()

    def pack(self) -> dict[str, Any]:
        body = questionnaires.load("home_visit").model_dump(mode="json")
        for section in body["sections"]:
            for item in section["items"]:
                item["choices"] = questionnaires.load("home_visit").item(item["id"]).options
        return {
            "cursor": "1", "full": True, "made_at": "2026-11-23T08:00:00+08:00", "lives_days": 14,
            "village": {"code": 1, "name": "合成村"}, "supervisor": {"name": "合成督导", "phone": "05300000001"},
            "questionnaires": [{"id": "home_visit", "version": 1, "body": body}], "children": self.children,
            "removed": [], "cap": 400, "cut": False, "checks": self.checks, "settled": self.settled,
            "next_due": {"attention": {"green": 90, "blue": 60, "yellow": 30, "red": 7}, "priority": 30, "raised": 30,
                         "fair": 60, "raising": ["mind_anomaly"]},
        }  # fmt: skip

    def hello(self) -> dict[str, Any]:
        return {"user": {"id": "u1", "name": "合成主任"}, "village": {"code": 1, "name": "合成村"},
                "supervisor": {"name": "合成督导", "phone": "05300000001"}, "csrf": "t", "server_time": "", "v": 1}  # fmt: skip

    def operations(self, body: dict[str, Any]) -> tuple[int, Any]:
        if self.poison and self.poison in json.dumps(body, ensure_ascii=False):
            return 400, {"code": "bad", "message": "这条写得不对。"}
        with self.lock:
            return 200, {"results": [self._one(operation) for operation in body["operations"]], "server_time": ""}

    def _one(self, operation: dict[str, Any]) -> dict[str, Any]:
        op = operation["op"]
        self.hits[op] = self.hits.get(op, 0) + 1
        code, reason = "bad", self.bad.get(operation["kind"])
        child = str(operation["body"].get("child") or "")
        if child.startswith("op:") and child[3:] not in self.applied:
            code, reason = "child_waits", "那个孩子还没有登记成功。"
        if reason:
            said = {"code": code, "message": reason}
            return {"op": op, "status": "rejected", "reason": said, "version": None, "receipt": None}
        if op in self.applied:
            return {"op": op, "status": "duplicate", "reason": None, "version": 1, "receipt": "R" + op[-6:]}
        self.applied[op] = operation
        self.order.append(op)
        return {"op": op, "status": "applied", "reason": None, "version": 1, "receipt": "R" + op[-6:]}


class Handler(BaseHTTPRequestHandler):
    stub: Stub

    def log_message(self, *_: Any) -> None:
        """Silent."""

    def _send(self, status: int, body: Any) -> None:
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def _file(self, path: str) -> None:
        found = DIST / (path.removeprefix("/m/") or "index.html")
        if not path.startswith("/m/") or not found.is_file():
            return self._send(404, {})
        data = found.read_bytes()
        self.send_response(200)
        self.send_header("Content-Type", mimetypes.guess_type(found.name)[0] or "text/plain")
        self.send_header("Content-Length", str(len(data)))
        self.send_header(
            "Content-Security-Policy",
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; manifest-src 'self'; worker-src 'self'",
        )
        self.end_headers()
        self.wfile.write(data)
        return None

    def _any(self) -> None:
        url = urlsplit(self.path)
        raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.stub.paths.append(self.path)
        if self.stub.down:
            return self.close_connection_now()
        if not url.path.startswith("/field/v1/"):
            return self._file(url.path)
        if self.stub.signed_out:
            return self._send(401, {"code": "sign_in", "message": "请重新登录。"})
        if self.stub.revoked:
            return self._send(403, {"code": "revoked", "message": "这部手机已停用。"})
        status, body = self._answer(url.path.removeprefix("/field/v1/"), parse_qs(url.query), raw)
        if self.stub.drop_reply and url.path.endswith("operations"):
            self.stub.drop_reply = False
            return self.close_connection_now()
        return self._send(status, body)

    do_GET = do_POST = do_PUT = _any  # noqa: N815

    def close_connection_now(self) -> None:
        self.close_connection = True
        self.connection.close()

    def _answer(self, path: str, query: dict[str, list[str]], raw: bytes) -> tuple[int, Any]:
        if path == "hello":
            return 200, self.stub.hello()
        if path == "devices":
            self.stub.devices.add(json.loads(raw)["id"])
            return 200, {
                "device": json.loads(raw)["id"],
                "server_key": {"id": "k1", "jwk": self.stub.jwk},
                "revoked": False,
            }
        if path == "pack":
            return 200, self.stub.pack()
        if path == "operations":
            self.stub.devices.add(json.loads(raw)["device"])
            return self.stub.operations(json.loads(raw))
        return self._blob(path.removeprefix("blobs/"), query, raw)

    def _blob(self, name: str, query: dict[str, list[str]], raw: bytes) -> tuple[int, Any]:
        held = self.stub.blobs.get(name, b"")
        if self.command == "GET":
            return 200, {"received": len(held), "whole": False}
        if int(query["offset"][0]) != len(held):
            return 409, {"code": "offset", "message": "", "received": len(held)}
        self.stub.blobs[name] = held = held + raw
        whole = len(held) == int(query["total"][0])
        if whole and self.stub.torn:
            self.stub.torn -= 1
            self.stub.blobs[name] = b""
            return 200, {"received": 0, "whole": False}
        return 200, {"received": len(held), "whole": whole}


def start() -> tuple[Stub, ThreadingHTTPServer, str]:
    """A stub on a free port of its own."""
    stub = Stub()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Bound", (Handler,), {"stub": stub}))
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return stub, server, f"http://127.0.0.1:{server.server_address[1]}"
