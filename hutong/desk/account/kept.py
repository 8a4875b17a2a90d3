"""Typed text survives the end of a session: kept sealed for the same person, offered again after sign-in. Works without script.

Every form of a signed-in user carries a signed mark of who opened it. When such a form arrives after the session has
ended, its fields are kept in the new, anonymous session; only the same person gets them back. Passwords and files are never kept.
"""

from __future__ import annotations

import json
import re
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.signing import BadSignature, Signer
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.middleware.csrf import get_token
from django.urls import reverse
from django.utils.html import format_html

from hutong.kernel.ciphers import seal, unseal

_KEY = "kept"
_PURPOSE = "kept text"
_MARK = "_who"
_MOST = 200_000  # characters; more than any page of ours can send
_LEFT_OUT = ("csrfmiddlewaretoken", _MARK)
_CODE = re.compile(r"[A-Za-z][\w-]*|[0-9a-f-]{36}|\d{4}-W\d\d|")
_SIGNER = Signer(salt="hutong.kept")


def marked_forms(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `csrf_input` also says who opened the form."""
    return {"csrf_input": _Inputs(request)}


class _Inputs:
    """Made only when a page has a form."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.made = ""

    def __str__(self) -> str:
        return self.__html__()

    def __html__(self) -> str:
        self.made = self.made or self._make()  # once a page, however many forms it has
        return self.made

    def _make(self) -> str:
        token = format_html('<input type="hidden" name="csrfmiddlewaretoken" value="{}">', get_token(self.request))
        user = getattr(self.request, "user", None)
        if not (user and user.is_authenticated):
            return token
        return token + format_html('<input type="hidden" name="{}" value="{}">', _MARK, _SIGNER.sign(str(user.pk)))


def to_sign_in(request: HttpRequest) -> HttpResponseBase:
    """Send somebody without a session to the sign-in, keeping what was typed."""
    wanted = reverse("kept") if keep(request) else _page(request)
    response = redirect_to_login(wanted)
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": response["Location"]})
    return response


def _page(request: HttpRequest) -> str:
    return request.get_full_path() if request.method in {"GET", "HEAD"} else "/"


def keep(request: HttpRequest) -> bool:
    """Keep a form that came too late. False when there is nothing to keep, or nobody it could belong to."""
    if request.method != "POST":
        return False
    who = _who(request)
    fields = [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if name not in _LEFT_OUT and "password" not in name
    ]
    text = json.dumps({"who": who, "path": request.get_full_path(), "fields": fields})
    if who is None or not fields or len(text) > _MOST:
        return False
    request.session[_KEY] = seal(text, _PURPOSE).hex()
    return True


def _who(request: HttpRequest) -> str | None:
    try:
        return _SIGNER.unsign(request.POST.get(_MARK, ""))
    except BadSignature:
        return None


def given_back(request: HttpRequest) -> dict[str, Any] | None:
    """What was kept for the signed-in user: path and fields. What belongs to another person is destroyed."""
    sealed = request.session.get(_KEY)
    if not sealed:
        return None
    found: dict[str, Any] = json.loads(unseal(bytes.fromhex(sealed), _PURPOSE))
    if found["who"] != str(request.user.pk):
        forget(request)
        return None
    return found


def in_words(kept: dict[str, Any]) -> list[str]:
    """What was typed and a person can read; what was chosen is kept as codes, which say nothing to anybody."""
    return [value for _name, value in kept["fields"] if not _CODE.fullmatch(value)]


def forget(request: HttpRequest) -> None:
    """The user does not want it any more."""
    request.session.pop(_KEY, None)
