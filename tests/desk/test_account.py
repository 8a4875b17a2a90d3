"""Signing in: locked out after too many failures, second factor, typed text that survives the session, language."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.signing import Signer
from django.test import Client

from hutong.staff.models import Session, User
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_memory() -> None:
    from django.core.cache import cache

    cache.clear()


def _enter(client: Client, user: User, password: str = make.PASSWORD, **more: str) -> Any:
    return client.post("/account/login/", {"login": user.username, "password": password, **more})


def _mark(user: User) -> str:
    return Signer(salt="hutong.kept").sign(str(user.pk))


def test_a_wrong_password_is_a_sentence_and_the_fifth_locks() -> None:
    lin, client = make.lin(), Client()
    assert "登录名或密码不对" in _enter(client, lin, "错的口令").content.decode()
    for _ in range(4):
        last = _enter(client, lin, "错的口令")
    assert last.status_code == 429
    assert "暂停登录" in last.content.decode()
    assert _enter(client, lin).status_code == 429


def test_nobody_registers_himself(client: Client) -> None:
    for page in ("/account/ask/signup/", "/account/ask/reset/"):
        assert "县（区）民政局" in client.get(page).content.decode()
    assert client.get("/account/signup/").status_code == 404


def test_typed_text_survives_the_end_of_the_session_for_the_same_person() -> None:
    lin, client = make.lin(), Client()
    sent = {"reason": "家里没人，邻居说去了县城", "_who": _mark(lin), "op_id": "x", "password": "秘密"}
    answer = client.post("/posts/new/", sent)
    assert answer["Location"].startswith("/account/login/?next=/account/kept/")
    assert "没有丢" in client.get(answer["Location"]).content.decode()
    answer = _enter(client, lin, next="/account/kept/")
    assert answer["Location"] == "/account/kept/"
    page = client.get("/account/kept/").content.decode()
    assert "邻居说去了县城" in page
    assert 'action="/posts/new/"' in page
    assert "秘密" not in page


def test_typed_text_is_sealed_and_never_given_to_another_person() -> None:
    lin, wu, client = make.lin(), make.wu(), Client()
    client.post("/posts/new/", {"reason": "只有林合成能看", "_who": _mark(lin)})
    assert "只有林合成能看".encode() not in b"".join(s.session_data.encode() for s in Session.objects.all())
    _enter(client, wu)
    assert client.get("/account/kept/").status_code == 302
    assert "kept" not in client.session


@pytest.mark.parametrize("mark", ["", "forged:mark"])
def test_a_form_without_our_mark_keeps_nothing(mark: str) -> None:
    client = Client()
    assert "kept" not in client.post("/posts/new/", {"reason": "x", "_who": mark})["Location"]


def test_every_form_carries_the_mark_of_whoever_opened_it() -> None:
    lin, client = make.lin(), Client()
    _enter(client, lin)
    assert _mark(lin) in client.get("/account/me/").content.decode()


def test_the_language_is_chosen_and_kept_and_not_taken_from_the_browser() -> None:
    lin, client = make.lin(), Client(headers={"Accept-Language": "en"})
    _enter(client, lin)
    assert 'lang="zh-CN"' in client.get("/account/me/").content.decode()
    client.post("/account/language/", {"language": "en", "next": "//evil.example/"})
    assert 'lang="en"' in client.get("/account/me/").content.decode()
    assert User.objects.get(pk=lin.pk).language == "en"
    other = Client()
    _enter(other, lin)
    assert 'lang="en"' in other.get("/account/me/").content.decode()


def test_the_language_switch_leads_nowhere_else(client: Client) -> None:
    answer = client.post("/account/language/", {"language": "en", "next": "https://evil.example/"})
    assert answer["Location"] == "/"


def test_a_second_factor_is_asked_for_and_its_secret_is_sealed() -> None:
    from allauth.mfa.adapter import get_adapter
    from allauth.mfa.models import Authenticator
    from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time

    lin, client = make.lin(), Client()
    _enter(client, lin)
    asked = client.get("/account/factor/totp/on/")["Location"]  # the password once more, before anything changes
    assert asked.startswith("/account/confirm/")
    assert "请再输一次密码" in client.get(asked).content.decode()
    client.post(asked, {"password": make.PASSWORD, "next": "/account/factor/totp/on/"})
    page = client.get("/account/factor/totp/on/")
    secret = re.search(r"<code>([A-Z2-7]+)</code>", page.content.decode()).group(1)  # type: ignore[union-attr]

    def number() -> str:
        return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))

    assert client.post("/account/factor/totp/on/", {"code": "000000"}).status_code == 200
    assert client.post("/account/factor/totp/on/", {"code": number()}).status_code == 302
    row = Authenticator.objects.get(user=lin, type="totp")
    assert secret not in str(row.data)
    assert get_adapter().decrypt(row.data["secret"]) == secret
    assert TOTP(row)
    for path in ("/account/factor/", "/account/factor/codes/"):
        assert "备用码" in client.get(path).content.decode()

    fresh = Client()
    answer = _enter(fresh, lin)
    assert answer["Location"].startswith("/account/factor/ask/")
    assert "验证码" in fresh.get("/account/factor/ask/").content.decode()
    assert fresh.get("/account/me/").status_code == 302


def test_a_changed_password_ends_other_sessions() -> None:
    lin, here, there = make.lin(), Client(), Client()
    _enter(here, lin)
    _enter(there, lin)
    new = "另一句长的口令 7"
    sent = {"oldpassword": make.PASSWORD, "password1": new, "password2": new}
    assert here.post("/account/password/", sent)["Location"] == "/account/me/"
    assert here.get("/account/me/").status_code == 200
    assert there.get("/account/me/").status_code == 302


def test_a_wrong_slip_is_a_sentence_beside_the_field_and_attempts_are_limited(client: Client) -> None:
    sent = {"phone": "13800000099", "code": "AAAA-AAAA", "password": make.PASSWORD, "again": make.PASSWORD}
    answers = [client.post("/account/activate/", sent) for _ in range(7)]
    assert "手机号或激活码不对" in answers[0].content.decode()
    assert answers[-1].status_code == 422


def test_a_form_opened_before_a_new_sign_in_keeps_its_text() -> None:
    zhou, client = make.zhou(), Client(enforce_csrf_checks=True)
    client.force_login(zhou, backend="django.contrib.auth.backends.ModelBackend")
    sent = {"name": "合成新人", "_who": _mark(zhou), "csrfmiddlewaretoken": "old"}
    answer = client.post("/posts/new/", sent)
    assert answer["Location"] == "/account/kept/"
    assert "合成新人" in client.get("/account/kept/").content.decode()
    assert not User.objects.filter(name="合成新人").exists()


def test_of_what_was_kept_the_words_are_shown_and_no_codes() -> None:
    lin, client = make.lin(), Client()
    sent = {"lives_with": "grandparents", "week_key": "2026-W48", "note": "邻居说去了县城", "_who": _mark(lin)}
    answer = client.post("/posts/new/", sent)
    _enter(client, lin, next=answer["Location"].partition("next=")[2])
    page = client.get("/account/kept/").content.decode()
    assert "<li>邻居说去了县城</li>" in page
    assert "<li>grandparents" not in page and "<li>2026-W48" not in page
    assert 'value="grandparents"' in page
