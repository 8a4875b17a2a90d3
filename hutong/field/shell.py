"""The phone app itself: files without any person in them, as the build left them. What is not built is said to be missing."""

from __future__ import annotations

import mimetypes
from pathlib import Path

from django.conf import settings
from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.views.decorators.http import require_safe

from hutong.field.door import Request

# Hashed names never change; the page, the worker and the manifest must always be asked for again.
FOREVER, ASK = "public, max-age=31536000, immutable", "no-cache"
TYPES = {".webmanifest": "application/manifest+json", ".js": "text/javascript", ".svg": "image/svg+xml"}


@require_safe
def shell(request: Request, path: str = "") -> HttpResponseBase:
    """One file of the build; the page itself for the bare address."""
    folder = Path(settings.FIELD_APP).resolve()
    found = (folder / (path or "index.html")).resolve()
    if not (folder / "index.html").is_file():
        return HttpResponse(
            "手机程序还没有装到这台服务器上。请用电脑版登记，或联系管理员。",
            status=404,
            content_type="text/plain; charset=utf-8",
        )
    if not found.is_relative_to(folder) or not found.is_file():
        return HttpResponse("没有这个文件。", status=404, content_type="text/plain; charset=utf-8")
    kind = TYPES.get(found.suffix) or mimetypes.guess_type(found.name)[0] or "application/octet-stream"
    response = FileResponse(found.open("rb"), content_type=kind)
    response.headers["Cache-Control"] = FOREVER if path.startswith("assets/") else ASK
    return response


shell.needs = ("public", "the app without any person in it")  # type: ignore[attr-defined]
