"""Every page says which right it needs; the denial tests read it from here and try all roles against all pages."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponseBase

from hutong.desk.account.kept import to_sign_in
from hutong.staff.access import check_can

View = Callable[..., HttpResponseBase]


def needs(verb: str, domain: str | None = None) -> Callable[[View], View]:
    """Only for those who are signed in and may do `verb` (policy/access.yaml), and see or write `domain` if one is named."""

    def wrap(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return to_sign_in(request)
            check_can(request.scope, verb, domain=domain)  # type: ignore[attr-defined]
            return view(request, *args, **kwargs)

        guarded.needs = (verb, domain)  # type: ignore[attr-defined]
        return guarded

    return wrap


def signed_in(view: View) -> View:
    """For everybody who is signed in, whatever the role."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return to_sign_in(request)
        return view(request, *args, **kwargs)

    guarded.needs = ("signed_in", None)  # type: ignore[attr-defined]
    return guarded


def public(because: str) -> Callable[[View], View]:
    """For anybody, with the reason why no child can be seen there."""

    def wrap(view: View) -> View:
        view.needs = ("public", because)  # type: ignore[attr-defined]
        return view

    return wrap
