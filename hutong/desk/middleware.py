"""One transaction and one scope a request; a refusal rolls it back and becomes a page with its sentence."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.utils.functional import SimpleLazyObject

from hutong.kernel.refusals import Denied, Refusal
from hutong.kernel.scope import acting
from hutong.staff.sessions import scope_in, user_of

# The phone's API opens the scope itself, one transaction for each operation it takes; so does what other offices push.
OWN_TRANSACTIONS = ("/field/", "/api/")
Handler = Callable[[HttpRequest], HttpResponseBase]


class SignedInMiddleware:
    """Put the signed-in user on the request, from what the session already read."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Looked up when first asked for."""
        request.user = SimpleLazyObject(lambda: user_of(request))  # type: ignore[assignment]
        return self.get_response(request)


class ScopeMiddleware:
    """Open the request's transaction (reads too) and tell the database who asks."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Everything after this sees only what the signed-in user may see."""
        request.scope = scope_in(request)  # type: ignore[attr-defined]
        if request.path.startswith(OWN_TRANSACTIONS):
            return self.get_response(request)
        with acting(request.scope):  # type: ignore[attr-defined]
            response = self.get_response(request)
        refusal = getattr(request, "refusal", None)
        response = self._explain(request, refusal) if refusal else self._wrong_way(request, response)
        if request.user.is_authenticated and "Cache-Control" not in response.headers:
            response.headers["Cache-Control"] = "private, no-cache"  # no-store would lose typed text on going back
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Undo the request's writes. The page is made after the transaction, because it needs one of its own."""
        if request.path.startswith(OWN_TRANSACTIONS):
            return None
        transaction.set_rollback(True)
        if not isinstance(exception, Refusal):
            return None
        request.refusal = exception  # type: ignore[attr-defined]
        return HttpResponse()

    def _wrong_way(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Whoever opens the address of a button, after signing in again for instance, is told so: not an empty page."""
        if response.status_code != HTTPStatus.METHOD_NOT_ALLOWED:
            return response
        with acting(request.scope):  # type: ignore[attr-defined]
            page = render(request, "405.html", status=response.status_code)
        page.headers["Allow"] = response.headers["Allow"]
        return page

    def _explain(self, request: HttpRequest, refusal: Refusal) -> HttpResponseBase:
        status = 403 if isinstance(refusal, Denied) else 422
        if request.headers.get("Accept", "").startswith("application/json"):
            return JsonResponse({"code": refusal.code, "message": refusal.sentence}, status=status)
        with acting(request.scope):  # type: ignore[attr-defined]
            return render(request, "ui/refusal.html", {"refusal": refusal}, status=status)
