"""Structured logs without personal data: one JSON object a line.

Two nets. Keys: only those known to hold no personal data are written; any other is dropped and its name noted. Texts:
what libraries write is masked (Chinese characters, long digits, addresses, queries), and of an exception only its type
and the places in the code are kept, since its message may quote a row.
"""

from __future__ import annotations

import logging
import re
import sys
import time
import traceback
from collections.abc import Callable, MutableMapping
from typing import Any
from uuid import uuid4

import structlog
from django.http import HttpRequest, HttpResponseBase

Fields = MutableMapping[str, Any]

ALLOWED = frozenset(
    {
        "event", "level", "timestamp", "logger", "request", "method", "route", "status", "ms", "user", "job", "task", "op",
        "code", "count", "rows", "seconds", "version", "port", "role", "error", "places", "dropped",
    }
)  # fmt: skip
_MASKS = (
    (re.compile(r"[\u3400-\u9fff\U00020000-\U0003134f·]+"), "〔…〕"),
    (re.compile(r"(?<![\w-])\d[\d\s-]{4,}[\dXx](?![\w-])"), "〔n〕"),
    (re.compile(r"\?\S+"), "?…"),
    (re.compile(r"\S+@\S+"), "〔@〕"),
    (re.compile(r"=\([^)]*\)"), "=(…)"),
)


def mask(text: str) -> str:
    """A text of a library without what could name a person."""
    for pattern, instead in _MASKS:
        text = pattern.sub(instead, text)
    return text


def drop_personal(logger: Any, method: str, fields: Fields) -> Fields:
    """The processor: unknown keys go, texts are masked, exceptions become type and places."""
    trouble = fields.pop("exc_info", None)
    error = sys.exc_info()[1] if trouble is True else trouble[1] if isinstance(trouble, tuple) else trouble
    kept = {key: _plain(value) for key, value in fields.items() if key in ALLOWED}
    if dropped := sorted(key for key in fields if key not in ALLOWED and not key.startswith("_")):
        kept["dropped"] = dropped
    if isinstance(error, BaseException):
        kept["error"] = type(error).__qualname__
        kept["places"] = [
            f"{frame.filename.rsplit('/', 3)[-1]}:{frame.lineno}" for frame in traceback.extract_tb(error.__traceback__)
        ][-12:]
    return kept


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, bool | int | float) else mask(str(value))


def configure(level: int = logging.INFO) -> None:
    """Everything, ours and the libraries', through the one processor to standard error."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                drop_personal,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    logging.getLogger("procrastinate").setLevel(logging.WARNING)
    logging.captureWarnings(True)


class RequestLogMiddleware:
    """One line a request: route (never the path, which holds ids), status, time, user id."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.log = structlog.get_logger("hutong.request")

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, then write."""
        started = time.perf_counter()
        with structlog.contextvars.bound_contextvars(request=uuid4().hex[:12]):
            response = self.get_response(request)
            self.log.info(
                "request",
                method=request.method,
                route=getattr(request.resolver_match, "route", None),
                status=response.status_code,
                ms=round((time.perf_counter() - started) * 1000, 1),
                user=getattr(getattr(request, "scope", None), "user", None),
            )
        return response
