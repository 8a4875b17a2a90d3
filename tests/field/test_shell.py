"""The app's own files: no person in them, the worker always asked for again, nothing outside the folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.fixture
def built(tmp_path: Path, settings: Any) -> None:
    dist = tmp_path / "dist"
    (dist / "assets").mkdir(parents=True)
    (dist / "index.html").write_text("<!doctype html>")
    (dist / "sw.js").write_text("self")
    (dist / "assets" / "app-1a2b.js").write_text("1")
    (dist / "manifest.webmanifest").write_text("{}")
    (tmp_path / "secret").write_text("x")
    settings.FIELD_APP = dist


def test_the_worker_and_the_page_are_asked_for_again_and_hashed_files_kept(built: None) -> None:
    client = Client()
    for path, cache, kind in (
        ("", "no-cache", "text/html"),
        ("sw.js", "no-cache", "text/javascript"),
        ("manifest.webmanifest", "no-cache", "application/manifest+json"),
        ("assets/app-1a2b.js", "public, max-age=31536000, immutable", "text/javascript"),
    ):
        response = client.get(f"/m/{path}")
        assert response.status_code == 200, path
        assert (response["Cache-Control"], response["Content-Type"].split(";")[0]) == (cache, kind)
        assert (
            "script-src 'self'" in response["Content-Security-Policy"]
            and "unsafe" not in response["Content-Security-Policy"]
        )


@pytest.mark.parametrize("path", ["../secret", "%2e%2e/secret", "assets/../../secret", "assets", "none.js"])
def test_nothing_outside_the_build_is_served(built: None, path: str) -> None:
    assert Client().get(f"/m/{path}").status_code == 404


def test_what_is_not_built_is_said(settings: Any, tmp_path: Path) -> None:
    settings.FIELD_APP = tmp_path
    response = Client().get("/m/")
    assert response.status_code == 404 and "手机程序还没有装" in response.content.decode()
