"""The database of the tests: the embedded one in a folder of this checkout, or the one that DATABASE_URL names."""

from __future__ import annotations

import os
from pathlib import Path

import django

from hutong.config import embedded

VAR = Path(__file__).resolve().parents[1] / "var" / "test"
_server: embedded.Server | None = None


def prepare() -> None:
    """Set the environment before the settings are read. Data of the product on this machine is never touched."""
    global _server
    os.environ["HUTONG_DATA"] = str(VAR)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hutong.config.settings")
    os.environ.setdefault("HUTONG_POOL", "False")
    if "DATABASE_URL" not in os.environ:
        _server = embedded.use(VAR, fast=True)
        os.environ["DATABASE_URL"] = _server.url()
    django.setup()


def leave() -> None:
    """Stop the server when no other test run uses it."""
    if _server:
        _server.stop_if_last()
