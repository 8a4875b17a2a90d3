"""Rows at rest: what was read and what was made of it, sealed, because it holds identity numbers."""

from __future__ import annotations

from typing import Any

from pydantic_core import from_json, to_json

from hutong.kernel import ciphers


def seal_json(value: Any) -> bytes:
    """Any JSON value, sealed."""
    return ciphers.seal_bytes(to_json(value), "delivery")


def open_json(sealed: bytes | memoryview | None) -> Any:
    """What `seal_json` sealed; None for nothing."""
    return from_json(ciphers.unseal_bytes(sealed, "delivery")) if sealed else None
