"""A department's program sends a feed: `POST /api/feeds/FEED/` with the file as the body and a token as bearer.

A token is signed by this installation (Django's signing), made for one officer, feed and county (or city) by `hutong feed token`, and
runs out after the days in policy. It carries the officer's rights of the day: an account that is shut sends nothing more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import wraps

from django.core import signing
from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from hutong.exchange import channels, receiving
from hutong.exchange.models import Channel
from hutong.kernel.clock import now
from hutong.kernel.refusals import Denied, Refusal
from hutong.policy.feeds import LIMITS

_PIECE = 1024 * 1024
_SAID = {"denied": 403, "too_big": 413}
View = Callable[..., HttpResponseBase]


def explained(view: View) -> View:
    """A refusal becomes its code and its sentence."""

    @wraps(view)
    def guarded(request: HttpRequest, feed: str) -> HttpResponseBase:
        try:
            return view(request, feed)
        except Refusal as refusal:
            said = {"code": refusal.code, "message": refusal.sentence}
            return JsonResponse(said, status=_SAID.get(refusal.code, 422), json_dumps_params={"ensure_ascii": False})

    guarded.needs = ("public", "a program shows a token, and only sends; it reads nothing")  # type: ignore[attr-defined]
    return guarded


@csrf_exempt
@explained
@require_POST
def push(request: HttpRequest, feed: str) -> HttpResponseBase:
    """Take the body in as a file of this feed; its name from `X-File-Name`, if any. Answers 202 with the delivery's serial."""
    division, username = _holder(request, feed)
    by = channels.officer(username)
    receiving.refuse_size(int(request.headers.get("Content-Length") or 0))
    spooled = receiving.spool(_pieces(request))
    name = request.headers.get("X-File-Name", f"{feed}.csv")
    row = channels.arrive(spooled, name, feed, division, Channel.PUSH, by, now())
    return JsonResponse({"number": row.number, "state": row.state, "sha256": row.sha256}, status=202)


def _holder(request: HttpRequest, feed: str) -> tuple[int, str]:
    """The county (or city) and the officer of the token. Raises Denied."""
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    try:
        held = channels.opened(token.strip(), days=LIMITS.token_days) if kind.lower() == "bearer" else {}
    except signing.BadSignature:
        held = {}
    if held.get("feed") != feed:
        raise Denied("令牌不对、已过期，或不是这类数据的，没有接收。请向县（区）民政局换发令牌。")
    return int(held["county"]), str(held["user"])


def _pieces(request: HttpRequest) -> Iterator[bytes]:
    while piece := request.read(_PIECE):
        yield piece
