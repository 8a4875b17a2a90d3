"""The language of pages: what the user chose, kept in a cookie; Chinese for everybody else, whatever the browser says."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils import translation

Handler = Callable[[HttpRequest], HttpResponseBase]
_KNOWN = {code for code, _ in settings.LANGUAGES}


class LanguageMiddleware:
    """Activate the language of one request."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Cookie first; it is set at sign-in from the user's choice."""
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
        with translation.override(chosen if chosen in _KNOWN else settings.LANGUAGE_CODE):
            return self.get_response(request)


def keep(response: HttpResponseBase, code: str) -> None:
    """Remember a language in the browser."""
    response.set_cookie(settings.LANGUAGE_COOKIE_NAME, code, max_age=365 * 86400, samesite="Lax", httponly=True)
