"""Is the process alive (/healthz), can it serve (/readyz)? Answered before sessions, scopes and host checks."""

from __future__ import annotations

from collections.abc import Callable

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponseBase, JsonResponse

Handler = Callable[[HttpRequest], HttpResponseBase]


class HealthMiddleware:
    """First of all, since a probe knows neither host name nor cookie. It tells nothing about anybody."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """The two paths; everything else goes on."""
        if request.path == "/healthz":
            return JsonResponse({"status": "ok"})
        if request.path == "/readyz":
            faults = readiness()
            return JsonResponse(
                {"status": "ok" if not faults else "not ready", "faults": faults}, status=503 if faults else 200
            )
        return self.get_response(request)


def readiness() -> list[str]:
    """Why this process cannot serve, as codes; empty when it can."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("select rolsuper or rolbypassrls from pg_roles where rolname = current_user")
            (unbound,) = cursor.fetchone()
        return [*(["role_passes_row_security"] if unbound else []), *(["migrations_waiting"] if _behind() else [])]
    except DatabaseError:
        return ["database_unreachable"]


_current = False


def _behind() -> bool:
    """Whether the structure is older than this release. Once current it stays so for the life of a process."""
    global _current
    if not _current:
        executor = MigrationExecutor(connection)
        _current = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    return not _current
