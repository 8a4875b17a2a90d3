"""The floor, as a WSGI application for gunicorn: no middleware, no ORM, no templates; the recorded SQL, the recorded bytes.

Reads FLOOR (a pickle of `recording.Recorded` as plain tuples) and FLOOR_DATABASE (JSON of psycopg parameters). Row
security is on, with the scope set once for each connection: the floor does not pay for telling it at every request.
"""

from __future__ import annotations

import json
import os
import pickle
import threading
from contextlib import nullcontext
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psycopg
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

_KNOWN: dict[str, Any] = pickle.loads(Path(os.environ["FLOOR"]).read_bytes())
_WHERE: dict[str, Any] = json.loads(os.environ["FLOOR_DATABASE"])
_held = threading.local()


def _connection() -> psycopg.Connection[Any]:
    """One connection a thread, kept, in the role of the web with its scope."""
    if not hasattr(_held, "raw"):
        _held.raw = psycopg.connect(**_WHERE, autocommit=True)
        _held.raw.prepare_threshold = 1
        for setting, value in _KNOWN["scope"].items():
            _held.raw.execute("select set_config(%s, %s, false)", [setting, value])
    found: psycopg.Connection[Any] = _held.raw
    return found


@csrf_exempt
def view(request: HttpRequest, name: str, number: int) -> HttpResponse:
    """Run the statements recorded for one request and return its bytes."""
    case = _KNOWN["cases"][name][number]
    connection, fresh = _connection(), dict[UUID, UUID]()
    with connection.transaction() if case["writes"] else nullcontext():
        for sql, params, kept in case["statements"]:
            cursor = (psycopg.Cursor if kept else psycopg.ClientCursor)(connection)
            cursor.execute(sql, _fresh(params, case["ids"], fresh) or None)
            if cursor.description:
                cursor.fetchall()
    return HttpResponse(case["body"], content_type=case["type"], status=case["status"], headers=_size(case["body"]))


def _fresh(value: Any, ids: frozenset[UUID], fresh: dict[UUID, UUID]) -> Any:
    """A parameter with the ids of new rows replaced, the same id by the same new one."""
    if isinstance(value, list | tuple):
        return [_fresh(one, ids, fresh) for one in value]
    if isinstance(value, dict):
        return {name: _fresh(one, ids, fresh) for name, one in value.items()}
    return fresh.setdefault(value, uuid4()) if isinstance(value, UUID) and value in ids else value


def _size(body: bytes) -> dict[str, str]:
    return {"Content-Length": str(len(body))}


settings.configure(
    ALLOWED_HOSTS=["*"], MIDDLEWARE=[], ROOT_URLCONF=__name__, SECRET_KEY="floor", INSTALLED_APPS=[], USE_TZ=True
)
urlpatterns = [path("<name>/<int:number>/", view)]
application = get_wsgi_application()
