"""The API's frame: who may pass, how large a body may be, and every error as a code with a sentence."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import wraps
from inspect import signature
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.parser import Parser
from ninja.utils import check_csrf

from hutong.kernel.clock import today
from hutong.kernel.refusals import Denied, Refusal
from hutong.kernel.scope import Scope, acting
from hutong.policy.field import number
from hutong.staff.access import check_can
from hutong.staff.models import User

STATUS = {
    "sign_in": 401,
    "csrf": 403,
    "too_large": 413,
    "malformed": 400,
    "offset": 409,
    "op_reused": 409,
    "blob_reused": 409,
    "not_found": 404,
}


class Request(HttpRequest):
    """A request that has passed: it knows who asks and with what rights. Only for types."""

    scope: Scope
    user: User


class TooLarge(Refusal):
    """More at once than policy allows."""

    code = "too_large"

    def __init__(self) -> None:
        super().__init__("一次传的内容太多，没有收下。内容都还在手机里，请分几次传。")


class Unreadable(Refusal):
    """Not JSON, or not of the form agreed."""

    code = "malformed"

    def __init__(self) -> None:
        super().__init__("传来的内容看不懂，没有收下。内容都还在手机里，请更新程序后再传。")


class JsonParser(Parser):
    """JSON that is not too deep."""

    def parse_body(self, request: HttpRequest) -> Any:
        """The body as JSON. What it raises becomes ninja's HttpError."""
        try:
            return json.loads(request.body)
        except RecursionError as error:
            raise ValueError("too deep") from error


def passes(request: HttpRequest) -> Any:
    """Signed in, sent by our own page, and with the right to record visits. Raises the refusal that says why not."""
    if not request.user.is_authenticated:
        raise Refusal("登录已过期。内容都还在手机里，请重新登录后再传。", code="sign_in")
    if request.method not in {"GET", "HEAD"} and check_csrf(request) is not None:
        raise Refusal("登录信息已更新，请重新打开程序再传。内容都还在手机里。", code="csrf")
    check_can(request.scope, "visit")  # type: ignore[attr-defined]
    if _length(request) > number("request_bytes_at_most", today()):
        raise TooLarge
    return request.user


def _length(request: HttpRequest) -> int:
    """As announced; the server reads no further than that."""
    announced = request.META.get("CONTENT_LENGTH") or "0"
    return int(announced) if announced.isdigit() else 0


api = NinjaAPI(
    title="护童手机端接口", version="1", urls_namespace="field", parser=JsonParser(), auth=passes, docs_url=None,
    openapi_url="openapi.json",
)  # fmt: skip


def whole(endpoint: Callable[..., Any]) -> Callable[..., Any]:
    """The endpoint as one transaction in the asker's scope; a refusal undoes it."""

    @wraps(endpoint)
    def inside(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        with acting(request.scope):  # type: ignore[attr-defined]
            return endpoint(request, *args, **kwargs)

    # Types are named in the endpoint's module, not in this one, where they would be looked up.
    inside.__signature__ = signature(endpoint, eval_str=True)  # type: ignore[attr-defined]
    return inside


@api.exception_handler(Refusal)
def refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """The sentence of a refusal, with what else the phone needs to go on."""
    status = 403 if isinstance(refusal, Denied) else STATUS.get(refusal.code, 422)
    more = getattr(refusal, "more", {})
    return api.create_response(request, {"code": refusal.code, "message": refusal.sentence, **more}, status=status)


@api.exception_handler(HttpError)
@api.exception_handler(ValidationError)
def unfit(request: HttpRequest, error: Exception) -> HttpResponse:
    """A body of another form than agreed."""
    return refused(request, Unreadable())


@api.exception_handler(RequestDataTooBig)
def too_big(request: HttpRequest, error: RequestDataTooBig) -> HttpResponse:
    """More than the server reads at all."""
    return refused(request, TooLarge())
