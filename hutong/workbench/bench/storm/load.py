"""The load: phones that send two photos and one batch of eight visits each, over keep-alive connections, in a process of its own.

Reads a job from stdin as JSON: {port, clients, folder, cookie, csrf_cookie, again}; `again`: every so many phones sends its
batch twice, as after a lost answer. Prints {seconds, times: {photo, batch, phone: [ms …]}, statuses: {…}, wrong: […]}.
Knows no Django.
"""

from __future__ import annotations

import hashlib
import http.client
import json
import sys
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

ANSWERS: dict[str, Any] = {
    "seen": ["child", "carer"], "alone": "yes", "father": "same", "mother": "same", "last_contact": "week",
    "last_contact_carer": "week", "money": "enough", "lives_with": "same", "carer_state": "good", "ill": "well", "study": "in",
    "boarding": "no", "needs": ["none"], "wish": "想要一个新书包", "done": "看了孩子的作业和住处，叮嘱了用电安全。",
}  # fmt: skip
CSRF = "b" * 32


class Storm:
    """What all clients share."""

    def __init__(self, job: dict[str, Any]) -> None:
        self.job = job
        told = json.loads((Path(job["folder"]) / "phones.json").read_text())
        self.on, self.phones = told["on"], list(enumerate(told["phones"]))
        self.photo = (Path(job["folder"]) / "photo.jpg").read_bytes()
        self.sha = hashlib.sha256(self.photo).hexdigest()
        self.lock = threading.Lock()
        self.times: dict[str, list[float]] = defaultdict(list)
        self.statuses: Counter[str] = Counter()
        self.wrong: list[str] = []

    def warm(self) -> None:
        """Ask a few times who one is, so that every worker has begun: a server that has just started is not the storm."""
        channel = http.client.HTTPConnection("127.0.0.1", self.job["port"], timeout=120)
        for _, phone in self.phones[:4]:
            self.ask(channel, "GET", "hello", b"", "application/json", phone, "warm")

    def next(self) -> tuple[int, dict[str, Any]] | None:
        """The next phone that comes into the network."""
        with self.lock:
            return self.phones.pop() if self.phones else None

    def client(self) -> None:
        """One connection, phone after phone."""
        channel = http.client.HTTPConnection("127.0.0.1", self.job["port"], timeout=120)
        while found := self.next():
            try:
                self.sync(channel, *found)
            except Exception as error:
                self.wrong.append(repr(error)[:300])
                channel.close()

    def sync(self, channel: http.client.HTTPConnection, number: int, phone: dict[str, Any]) -> None:
        """What a phone sends when it finds the network again."""
        start = time.perf_counter()
        photos = [str(uuid4()) for _ in range(2)]
        for one in photos:
            self.put(channel, one, phone)
        batch = self.batch(phone, photos)
        self.post(channel, phone, batch, "applied")
        self.times["phone"].append((time.perf_counter() - start) * 1000)
        if number % self.job["again"] == 0:
            self.post(channel, phone, batch, "duplicate")

    def put(self, channel: http.client.HTTPConnection, blob: str, phone: dict[str, Any]) -> None:
        """One photo, whole: it is smaller than a piece may be."""
        query = f"device={phone['device']}&offset=0&total={len(self.photo)}&sha256={self.sha}"
        answer = self.ask(
            channel, "PUT", f"blobs/{blob}?{query}", self.photo, "application/octet-stream", phone, "photo"
        )
        if not answer.get("whole"):
            self.wrong.append(str(answer)[:300])

    def post(self, channel: http.client.HTTPConnection, phone: dict[str, Any], batch: bytes, expected: str) -> None:
        """The visits; each must be answered as expected."""
        kind = "batch" if expected == "applied" else "again"
        answer = self.ask(channel, "POST", "operations", batch, "application/json", phone, kind)
        for one in answer.get("results", [{"status": "none"}]):
            self.statuses[one["status"]] += 1
            if one["status"] != expected:
                self.wrong.append(str(one)[:300])

    def batch(self, phone: dict[str, Any], photos: list[str]) -> bytes:
        """A visit to each child; the first has the photos."""
        at = datetime.now(UTC).isoformat()
        visits = []
        for seq, child in enumerate(phone["children"], 1):
            body = {
                "child": child, "questionnaire": "home_visit", "version": 1, "answers": ANSWERS, "occurred_on": self.on,
                "photos": photos if seq == 1 else [],
            }  # fmt: skip
            visits.append({"op": str(uuid4()), "seq": seq, "kind": "visit", "at": at, "base": 1, "body": body})
        whole = {"device": phone["device"], "v": 1, "clock": at, "unsent": len(visits), "operations": visits}
        return json.dumps(whole, ensure_ascii=False).encode()

    def ask(
        self, channel: Any, method: str, path: str, body: bytes, kind: str, phone: dict[str, Any], name: str
    ) -> Any:
        """Send, wait, time."""
        cookie = f"{self.job['cookie']}={phone['session']}; {self.job['csrf_cookie']}={CSRF}"
        start = time.perf_counter()
        channel.request(
            method, f"/field/v1/{path}", body, {"Content-Type": kind, "Cookie": cookie, "X-CSRFToken": CSRF}
        )
        answer = channel.getresponse()
        data = answer.read()
        self.times[name].append((time.perf_counter() - start) * 1000)
        if answer.status != 200:
            raise RuntimeError(f"{answer.status} {data[:200]!r}")
        return json.loads(data)


def _together(work: Callable[[], None], number: int) -> None:
    threads = [threading.Thread(target=work) for _ in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def main() -> None:
    """Run the job."""
    storm = Storm(json.load(sys.stdin))
    _together(storm.warm, storm.job["clients"])
    del storm.times["warm"]
    start = time.perf_counter()
    _together(storm.client, storm.job["clients"])
    told = {
        "seconds": time.perf_counter() - start,
        "times": storm.times,
        "statuses": storm.statuses,
        "wrong": storm.wrong,
    }
    json.dump(told, sys.stdout)


if __name__ == "__main__":
    main()
