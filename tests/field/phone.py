"""A phone for tests: signs in like a browser, sends what the app would send."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from django.test import Client

from hutong.people.models import File
from hutong.staff.models import User
from tests import make

VISIT: dict[str, Any] = {"seen": ["child", "carer"], "lives_with": "grandparents"}
JSON = "application/json"


class Phone:
    """One phone of one user."""

    def __init__(self, user: User, *, device: UUID | None = None, registered: bool = True) -> None:
        self.user, self.device, self.seq = user, device or uuid4(), 0
        self.client = Client(raise_request_exception=False)
        self.client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        if registered:
            assert self.register().status_code == 200

    def register(self) -> Any:
        """Say who one is."""
        return self.post("devices", {"id": str(self.device), "name": "红米", "store": "browser", "v": 1})

    def get(self, path: str) -> Any:
        """GET below the API."""
        return self.client.get(f"/field/v1/{path}")

    def post(self, path: str, body: Any) -> Any:
        """POST JSON below the API."""
        return self.client.post(
            f"/field/v1/{path}", body if isinstance(body, bytes) else json.dumps(body), content_type=JSON
        )

    def op(self, kind: str, body: dict[str, Any], **more: Any) -> dict[str, Any]:
        """An operation, with an id of its own."""
        self.seq += 1
        return {
            "op": str(uuid4()),
            "seq": self.seq,
            "kind": kind,
            "at": clock().isoformat(),
            "base": None,
            "body": body,
            **more,
        }

    def send(self, *items: Any, **more: Any) -> Any:
        """The response to a batch."""
        batch = {
            "device": str(self.device),
            "v": 1,
            "clock": clock().isoformat(),
            "unsent": 0,
            "operations": list(items),
        }
        return self.post("operations", {**batch, **more})

    def results(self, *items: Any, **more: Any) -> list[dict[str, Any]]:
        """The answers to a batch."""
        response = self.send(*items, **more)
        assert response.status_code in {200, 409}, response.content
        found: list[dict[str, Any]] = response.json()["results"]
        return found

    def one(self, *items: Any, **more: Any) -> dict[str, Any]:
        """The answer to the only item."""
        (found,) = self.results(*items, **more)
        return found

    def pack(self, cursor: str = "") -> dict[str, Any]:
        """The pack."""
        found: dict[str, Any] = self.get(f"pack?device={self.device}&cursor={cursor}").json()
        return found


def clock() -> datetime:
    """The phone's clock, right unless a test says otherwise."""
    return datetime.now(UTC)


def visit(file: File, **more: Any) -> dict[str, Any]:
    """The body of a visit of today."""
    today = clock().astimezone(make_zone()).date().isoformat()
    return {
        "child": str(file.pk),
        "questionnaire": "home_visit",
        "version": 1,
        "answers": dict(VISIT),
        "occurred_on": today,
        **more,
    }


def make_zone() -> Any:
    """China's zone."""
    from hutong.kernel.clock import ZONE

    return ZONE


def home() -> tuple[User, File]:
    """A director and a child of her village."""
    lin = make.lin()
    with make.as_(lin):
        return lin, make.file(lin, name="张小合")
