"""Channels outside the platform: an SMS gateway, a WeCom and a DingTalk group robot, over HTTPS.

A channel takes a line of text for one official and answers with a receipt. It decides nothing and keeps nothing.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.error import HTTPError, URLError
from urllib.parse import quote_plus, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener
from uuid import UUID

TIMEOUT = 10  # seconds
_LARGEST = 65536  # bytes of an answer


class Unsent(Exception):
    """The channel did not take the line. `again`: a later try may succeed."""

    def __init__(self, why: str, *, again: bool) -> None:
        super().__init__(why)
        self.again = again


class Channel(Protocol):
    """What every channel can do."""

    @property
    def name(self) -> str:
        """As in HUTONG_NOTICES."""

    def send(self, *, phone: str, text: str, number: UUID) -> str:
        """Hand over one line; returns the channel's receipt. `number` is the same on every try. Raises Unsent."""


@dataclass(frozen=True)
class Sms:
    """An SMS gateway: one JSON object, signed with HMAC-SHA-256 over the body; answers `{"id": …}`."""

    url: str
    key: str
    name: str = "sms"

    def send(self, *, phone: str, text: str, number: UUID) -> str:
        """One text message to one phone; the gateway knows a repeated `number` and sends it once."""
        body = json.dumps({"number": str(number), "phone": phone, "text": text}, ensure_ascii=False).encode()
        sign = hmac.new(self.key.encode(), body, hashlib.sha256).hexdigest()
        answer = _post(self.url, body, {"X-Signature": sign, "Idempotency-Key": str(number)})
        if not answer.get("id"):
            raise Unsent("no receipt", again=True)
        return str(answer["id"])[:100]


@dataclass(frozen=True)
class WeCom:
    """A WeCom (企业微信) group robot: the line stands in the group and mentions the official's phone."""

    url: str
    name: str = "wecom"

    def send(self, *, phone: str, text: str, number: UUID) -> str:
        """`errcode` 0 is the receipt; 45009 means too often."""
        told = {"msgtype": "text", "text": {"content": text, "mentioned_mobile_list": [phone]}}
        return _robot(_post(self.url, _json(told), {}), number, busy={45009, -1})


@dataclass(frozen=True)
class DingTalk:
    """A DingTalk (钉钉) group robot, with or without the signed timestamp."""

    url: str
    secret: str = ""
    name: str = "dingtalk"

    def send(self, *, phone: str, text: str, number: UUID) -> str:
        """`errcode` 0 is the receipt; 130101 means too often."""
        told = {"msgtype": "text", "text": {"content": text}, "at": {"atMobiles": [phone], "isAtAll": False}}
        return _robot(_post(self._signed(), _json(told), {}), number, busy={130101, -1})

    def _signed(self) -> str:
        if not self.secret:
            return self.url
        stamp = str(round(time.time() * 1000))
        digest = hmac.new(self.secret.encode(), f"{stamp}\n{self.secret}".encode(), hashlib.sha256).digest()
        join = "&" if urlsplit(self.url).query else "?"
        return f"{self.url}{join}timestamp={stamp}&sign={quote_plus(base64.b64encode(digest))}"


def channels(settings: dict[str, Any]) -> dict[str, Channel]:
    """The channels that are switched on, by name. Raises ValueError for an unknown name or a missing address."""
    known: dict[str, Channel] = {
        "sms": Sms(settings["sms_url"], settings["sms_key"]),
        "wecom": WeCom(settings["wecom_url"]),
        "dingtalk": DingTalk(settings["dingtalk_url"], settings["dingtalk_secret"]),
    }
    for name in settings["channels"]:
        if name not in known:
            raise ValueError(f"HUTONG_NOTICES: unknown channel {name!r}")
        _check(str(settings[f"{name}_url"]), name)
    if "sms" in settings["channels"] and not settings["sms_key"]:
        raise ValueError("HUTONG_SMS_KEY is missing")
    return {name: known[name] for name in settings["channels"]}


def _check(url: str, name: str) -> None:
    parts = urlsplit(url)
    loopback = parts.hostname in {"127.0.0.1", "localhost", "::1"}
    if not parts.hostname or not (parts.scheme == "https" or (parts.scheme == "http" and loopback)):
        raise ValueError(f"HUTONG_{name.upper()}_URL must be an https address")


class _Stay(HTTPRedirectHandler):
    """A redirect would carry the phone number elsewhere."""

    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        """Never."""


_OPENER = build_opener(_Stay)


def _json(told: dict[str, Any]) -> bytes:
    return json.dumps(told, ensure_ascii=False).encode()


def _post(url: str, body: bytes, headers: dict[str, str]) -> dict[str, Any]:
    request = Request(url, body, {"Content-Type": "application/json; charset=utf-8", **headers})
    try:
        with _OPENER.open(request, timeout=TIMEOUT) as response:
            answer = json.loads(response.read(_LARGEST))
    except HTTPError as error:
        raise Unsent(f"HTTP {error.code}", again=error.code >= 500 or error.code in {408, 425, 429}) from error
    except (URLError, OSError) as error:
        raise Unsent(type(error).__name__, again=True) from error
    except ValueError as error:
        raise Unsent("answer is not JSON", again=True) from error
    return answer if isinstance(answer, dict) else {}


def _robot(answer: dict[str, Any], number: UUID, *, busy: set[int]) -> str:
    code = answer.get("errcode")
    if code != 0:
        raise Unsent(f"errcode {code}", again=code in busy)
    return str(answer.get("msgid") or number)
