"""Rows at rest: what was read and what was made of it, sealed, because it holds identity numbers."""

from __future__ import annotations

import json
from typing import Any

from hutong.kernel import ciphers

_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def seal_json(value: Any) -> bytes:
    """Any JSON value, sealed."""
    return ciphers.seal(_JSON.encode(value), "delivery")


def open_json(sealed: bytes | memoryview | None) -> Any:
    """What `seal_json` sealed; None for nothing."""
    return json.loads(ciphers.unseal(sealed, "delivery")) if sealed else None
