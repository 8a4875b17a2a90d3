"""Lines to channels outside: real HTTP against a stub on loopback; counts only, once a day, receipts kept, tries repeated."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import pytest
from django.test import Client, override_settings
from procrastinate.contrib.django import app
from procrastinate.testing import InMemoryConnector

from hutong.gateway import notices, tasks
from hutong.gateway.channels import DingTalk, Sms, Unsent, WeCom, channels
from hutong.kernel.clock import now
from hutong.staff.models import Message, Notice, User
from tests import make

PHONE = "13900000001"


class Stub:
    """What the channel was sent, and what it answers: one answer after the other, the last one stays."""

    def __init__(self) -> None:
        self.got: list[tuple[str, dict[str, str], bytes]] = []
        self.answers: list[tuple[int, Any]] = [(200, {"id": "R1", "errcode": 0})]
        stub = self

        class Handler(BaseHTTPRequestHandler):
            """Writes down and answers."""

            def do_POST(self) -> None:
                """Any path."""
                body = self.rfile.read(int(self.headers["Content-Length"]))
                stub.got.append((self.path, dict(self.headers), body))
                status, answer = stub.answers.pop(0) if len(stub.answers) > 1 else stub.answers[0]
                self.send_response(status)
                if status == 302:
                    self.send_header("Location", stub.url + "elsewhere")
                self.end_headers()
                self.wfile.write(answer if isinstance(answer, bytes) else json.dumps(answer).encode())

            def log_message(self, *args: Any) -> None:
                """Quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def last(self) -> Any:
        """The last body."""
        return json.loads(self.got[-1][2])


@pytest.fixture
def stub() -> Iterator[Stub]:
    running = Stub()
    yield running
    running.server.shutdown()
    running.server.server_close()


def test_the_sms_gateway_gets_a_signed_line_and_gives_a_receipt(stub: Stub) -> None:
    number = uuid4()
    assert Sms(stub.url, "key").send(phone=PHONE, text="一行", number=number) == "R1"
    _, headers, body = stub.got[0]
    assert stub.last == {"number": str(number), "phone": PHONE, "text": "一行"}
    assert headers["X-Signature"] == hmac.new(b"key", body, hashlib.sha256).hexdigest()


def test_wecom_mentions_the_phone(stub: Stub) -> None:
    number = uuid4()
    assert WeCom(stub.url + "send?key=k").send(phone=PHONE, text="一行", number=number) == str(number)
    assert stub.last == {"msgtype": "text", "text": {"content": "一行", "mentioned_mobile_list": [PHONE]}}


def test_dingtalk_signs_the_address(stub: Stub) -> None:
    DingTalk(stub.url + "send?access_token=t", "SEC").send(phone=PHONE, text="一行", number=uuid4())
    asked = parse_qs(urlsplit(stub.got[0][0]).query)
    stamp = asked["timestamp"][0]
    digest = hmac.new(b"SEC", f"{stamp}\nSEC".encode(), hashlib.sha256).digest()
    assert asked["sign"] == [base64.b64encode(digest).decode()] and asked["access_token"] == ["t"]
    assert stub.last["at"] == {"atMobiles": [PHONE], "isAtAll": False}


@pytest.mark.parametrize(
    ("status", "answer", "again"),
    [(500, {}, True), (429, {}, True), (403, {}, False), (200, b"<html>", True), (200, {"errcode": 93000}, False), (200, {"errcode": 45009}, True), (302, {}, False)],
)  # fmt: skip
def test_a_refusal_says_whether_to_try_again(stub: Stub, status: int, answer: Any, again: bool) -> None:
    stub.answers = [(status, answer)]
    with pytest.raises(Unsent) as caught:
        WeCom(stub.url).send(phone=PHONE, text="一行", number=uuid4())
    assert caught.value.again is again and len(stub.got) == 1
    assert PHONE not in str(caught.value)


def test_a_channel_that_is_away_is_tried_again(stub: Stub) -> None:
    stub.server.shutdown()
    stub.server.server_close()
    with pytest.raises(Unsent) as caught:
        WeCom(stub.url).send(phone=PHONE, text="一行", number=uuid4())
    assert caught.value.again


_OFF = {"channels": [], "sms_url": "", "sms_key": "", "wecom_url": "", "dingtalk_url": "", "dingtalk_secret": ""}


def test_channels_are_off_by_default_and_a_wrong_setting_is_refused() -> None:
    assert channels(_OFF) == {}
    for wrong in ({"channels": ["pigeon"]}, {"channels": ["wecom"]}, {"channels": ["wecom"], "wecom_url": "http://a.example/"},
                  {"channels": ["sms"], "sms_url": "https://a.example/"}):  # fmt: skip
        with pytest.raises(ValueError, match="HUTONG_"):
            channels({**_OFF, **wrong})


@pytest.fixture
def lin(db: None, stub: Stub) -> Iterator[User]:
    """A director with a phone, an urgent and a plain notice, and overdue duties; the SMS channel is on."""
    zhou, lin = make.zhou(), make.lin(synthetic=False)
    User.objects.filter(pk=lin.pk).update(phone=PHONE)
    with make.as_(zhou):
        make.file(zhou, name="张小合", on=(now() - timedelta(days=30)).date())
    for urgent in (True, False):
        Notice.objects.create(
            user=lin, kind="t", text="张小合的事", urgent=urgent, created_at=now() - timedelta(minutes=2)
        )
    with override_settings(DEMO=False, NOTICES={**_OFF, "channels": ["sms"], "sms_url": stub.url, "sms_key": "k"}):
        yield lin


def _deliver(lines: list[Any], *, last: bool = False) -> None:
    for message, user in lines:
        notices.deliver(message, user=user, at=now(), last=last)


def test_one_digest_a_day_with_counts_and_no_personal_data(lin: User, stub: Stub) -> None:
    _deliver(notices.digest(now()))
    assert notices.digest(now()) == []
    text = stub.last["text"]
    assert len(stub.got) == 1 and "2条未读提醒（紧急1条）" in text
    assert (
        "张" not in text and "小合" not in text and lin.name not in text and not any(ch in text for ch in ("村", "镇"))
    )
    row = Message.objects.get()
    assert (row.state, row.receipt, row.tries) == ("sent", "R1", 1)


def test_an_urgent_notice_goes_at_once_and_once(lin: User, stub: Stub) -> None:
    _deliver(notices.urgent(now()))
    assert notices.urgent(now()) == [] and stub.last["text"] == notices.URGENT
    Notice.objects.update(read_at=now())
    assert notices.digest(now()) == []


def test_a_line_not_taken_is_tried_again_and_given_up_in_the_end(lin: User, stub: Stub) -> None:
    stub.answers = [(503, {})]
    (line,) = notices.digest(now())
    with pytest.raises(Unsent):
        _deliver([line])
    assert Message.objects.get().state == "waiting"
    _deliver([line], last=True)
    row = Message.objects.get()
    assert (row.state, row.tries, row.trouble) == ("failed", 2, "HTTP 503")


def test_what_was_sent_is_not_sent_again(lin: User, stub: Stub) -> None:
    (line,) = notices.digest(now())
    _deliver([line, line])
    assert len(stub.got) == 1


def test_nobody_is_told_in_the_demonstration_or_without_a_phone(lin: User, stub: Stub) -> None:
    with override_settings(DEMO=True):
        assert notices.on() == {}
    User.objects.filter(pk=lin.pk).update(phone="")
    assert notices.digest(now()) == [] and not stub.got


def test_the_jobs_queue_one_send_for_each_line_and_repeat_it(lin: User, stub: Stub) -> None:
    queue = InMemoryConnector()
    with app.replace_connector(queue):
        tasks.digest(0)
        tasks.digest(0)
    (job,) = queue.jobs.values()
    assert job["task_name"] == "gateway.send" and job["args"]["user"] == str(lin.pk)
    assert tasks.send.retry_strategy is not None and tasks.TRIES == 6


def test_another_county_reads_no_line_at_all(lin: User) -> None:
    notices.digest(now())
    with make.as_(lin):
        assert Message.objects.count() == 1
    with make.as_(make.ma()):
        assert not Message.objects.exists()


def test_who_manages_people_there_sees_what_was_sent_and_what_failed(lin: User, stub: Stub) -> None:
    stub.answers = [(200, {"id": "R9"}), (403, {})]
    _deliver(notices.digest(now()), last=True)
    _deliver(notices.urgent(now()), last=True)
    page = _page(make.qin(), "/notices/sent/")
    assert page.count("<tr ") == 2 and "R9" in page and "没有发出" in page and "HTTP 403" in page and lin.name in page
    assert "正在使用：短信" in page and "张小合" not in page
    assert "R9" not in _page(make.qin(), "/notices/sent/?state=failed")
    assert "R9" in _page(make.user("admin", 371700000000), "/notices/sent/")


def test_another_county_and_who_manages_nobody_see_nothing_of_it(lin: User, stub: Stub) -> None:
    _deliver(notices.digest(now()))
    assert "R1" not in _page(make.ma(), "/notices/sent/")
    assert _browser(lin).get("/notices/sent/").status_code == 403
    with make.as_(make.qin()):
        assert Message.objects.count() == 1 and Message.objects.update(text="x") == 0


def test_one_finds_ones_own_notices_again_after_reading_them(lin: User) -> None:
    Notice.objects.filter(urgent=False).update(read_at=now())
    page = _page(lin, "/notices/")
    assert page.count("<tr ") == 2 and page.index("没看") < page.index("已看")
    assert _page(make.qin(), "/notices/").count("<tr ") == 0


def _browser(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def _page(user: User, path: str) -> str:
    response = _browser(user).get(path)
    assert response.status_code == 200
    return str(response.content.decode())
