"""Addresses of the phone's API, each with its right for the denial tests (desk.access)."""

from __future__ import annotations

from typing import Any

from django.urls import path

from hutong.field import endpoints
from hutong.field.door import api
from hutong.field.shell import shell

assert endpoints  # importing it fills the API

DESCRIPTION = {"openapi-json", "api-root"}
_urls: Any = api.urls
_patterns, _app, _namespace = _urls
for _pattern in _patterns:
    _pattern.callback.needs = ("public", "a description of forms") if _pattern.name in DESCRIPTION else ("visit", None)

urlpatterns = [
    path("field/v1/", (_patterns, _app, _namespace)),
    path("m/", shell, name="app"),
    path("m/<path:path>", shell, name="app_file"),
]
