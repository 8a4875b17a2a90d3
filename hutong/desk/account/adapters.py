"""How allauth and axes behave here: nobody registers himself, secrets are sealed, a lock-out is a sentence."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hutong.kernel.ciphers import seal, unseal

_PURPOSE = "second factor"
_WRONG = gettext_lazy("登录名或密码不对，没有登录。请检查后再试；忘记密码请找镇（街）儿童督导员或县（区）民政局重置。")


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are made by those who manage posts."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": _WRONG,
        "email_password_mismatch": _WRONG,
        "account_inactive": gettext_lazy("这个账号已经停用，没有登录。请联系镇（街）儿童督导员。"),
        "too_many_login_attempts": gettext_lazy("试的次数太多，请等几分钟再登录。"),
        "enter_current_password": gettext_lazy("现在的密码不对，没有改动。"),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never."""
        return False

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Our own pages say what happened."""


class FactorAdapter(DefaultMFAAdapter):
    """Secrets of the second factor are sealed like identity numbers."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": gettext_lazy("验证码不对。请看手机上最新的六位数字，再填一次。"),
    }

    def encrypt(self, text: str) -> str:
        """Seal a secret for the database."""
        return seal(text, _PURPOSE).hex()

    def decrypt(self, encrypted_text: str) -> str:
        """Open it again."""
        return unseal(bytes.fromhex(encrypted_text), _PURPOSE)


def locked_out(request: HttpRequest, credentials: dict[str, Any], *args: Any, **kwargs: Any) -> HttpResponse:
    """What axes shows after too many failures."""
    minutes = round(float(settings.AXES_COOLOFF_TIME) * 60)
    text = _(
        "连续多次输错，为了安全，这个账号在这台设备上暂停登录 %(minutes)s 分钟。没有改动任何内容。到时再试，或请督导员重置密码。"
    )
    return render(request, "account/locked.html", {"text": text % {"minutes": minutes}}, status=429)
