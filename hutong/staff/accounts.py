"""Accounts without e-mail: opened by an office, activated with phone number, slip code and a password of one's own."""

from __future__ import annotations

import re
import secrets
import unicodedata
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.crypto import constant_time_compare

from hutong.kernel import events
from hutong.kernel.ciphers import blind
from hutong.kernel.clock import day
from hutong.kernel.refusals import Refusal
from hutong.policy.accounts import ACCOUNTS
from hutong.staff.models import Post, Session, User
from hutong.staff.rights import check_resets

_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # nothing that looks like something else
_PHONE = re.compile(r"1[3-9]\d{9}")


class BadPhone(Refusal):
    """Not a Chinese mobile number."""

    code = "bad_phone"


class PhoneTaken(Refusal):
    """Another person signs in with this number."""

    code = "phone_taken"


class BadSlip(Refusal):
    """The number, the code or its day is wrong; which of them is not told."""

    code = "bad_slip"


class WeakPassword(Refusal):
    """The password is too easy."""

    code = "weak_password"


def phone_of(text: str) -> str:
    """A mobile number as offices write it → 11 digits. Raises BadPhone."""
    digits = re.sub(r"[\s\-–—()]|^\+?86(?=1\d{10}$)", "", unicodedata.normalize("NFKC", text))
    digits = digits.removesuffix(".0")  # a number that a spreadsheet kept as a figure
    if not _PHONE.fullmatch(digits):
        raise BadPhone("手机号应是 1 开头的 11 位数字。没有保存，请检查后重填。", field="phone")
    return digits


def name_of(text: str) -> str:
    """A person's name: 2 to 30 characters, inner spaces out of Chinese names. Raises Refusal."""
    name = unicodedata.normalize("NFKC", text).strip()
    if not re.search(r"[A-Za-z]", name):
        name = re.sub(r"\s+", "", name)
    if not 2 <= len(name) <= 30 or any(unicodedata.category(c) in {"Cc", "Nd", "So"} for c in name):
        raise Refusal("姓名应是 2 到 30 个字，不含数字和符号。没有保存，请检查后重填。", code="bad_name", field="name")
    return name


def tell(kind: str, user: User, *, division: int, by: User | None, at: datetime, op: UUID | None, **data: Any) -> None:
    """Write the event. An operation sent twice by somebody who cannot read events ends as a sentence."""
    try:
        with transaction.atomic():
            events.record(
                kind=kind, subject=("staff.user", user.pk), division=division, by=by.pk if by else None, at=at, op=op, data=data
            )  # fmt: skip
    except IntegrityError as error:
        raise Refusal("这一步刚才已经保存过了，没有重复保存。", code="repeated") from error


@transaction.atomic
def open_account(*, name: str, phone: str, division: int, by: User, at: datetime, synthetic: bool = False) -> User:
    """The account of a person, found again by phone and name. It cannot sign in before its slip is used.

    Part of appointing: the right is checked there. Raises PhoneTaken, BadPhone, Refusal for a bad name.
    """
    name, phone = name_of(name), phone_of(phone)
    user = User.objects.filter(username=phone).first()
    if user and user.name != name:
        raise PhoneTaken(
            "手机号 %(what)s****%(what2)s 已经是另一个人的登录名。没有保存，请核对号码。",
            values={"what": phone[:3], "what2": phone[-4:]},
            field="phone",
        )
    if user:
        return user
    user = User(username=phone, name=name, phone=phone, created_at=at, synthetic=synthetic)
    user.set_unusable_password()
    user.save()
    tell("staff.user.opened", user, division=division, by=by, at=at, op=None)
    return user


@transaction.atomic
def print_slip(*, user: User, by: User, at: datetime, op: UUID | None = None) -> str:
    """A new code for the person's slip, shown once. The old password, slip and all sessions end. Raises Denied."""
    check_resets(by, user)
    return _slip(user, by=by, at=at, op=op)


def _slip(user: User, *, by: User, at: datetime, op: UUID | None) -> str:
    days, length = ACCOUNTS.slip_days.on(day(at)), ACCOUNTS.slip_length.on(day(at))
    code = "".join(secrets.choice(_LETTERS) for _ in range(length))
    user.slip_hash, user.slip_expires_at = _hash(user, code), at + timedelta(days=days)
    user.set_unusable_password()
    user.save(update_fields=["slip_hash", "slip_expires_at", "password"])
    Session.objects.filter(user_id=user.pk).delete()
    division = Post.objects.filter(user=user).order_by("-start").values_list("division", flat=True).first() or 0
    tell("staff.user.slip_printed", user, division=division, by=by, at=at, op=op)
    return f"{code[: length // 2]}-{code[length // 2 :]}"


def _hash(user: User, code: str) -> str:
    # The code is random and short-lived; a keyed hash is enough, and hundreds are printed at once.
    return blind(f"{user.pk}:{code}", "slip")


@transaction.atomic
def activate(*, phone: str, code: str, password: str, at: datetime) -> User:
    """Use a slip: the code is void afterwards and the password is the person's own. Raises BadSlip, WeakPassword."""
    user = User.objects.select_for_update().filter(username=phone.strip(), is_active=True).first()
    typed = re.sub(r"[\s\-–—]", "", unicodedata.normalize("NFKC", code)).upper()
    if not user or not user.slip_hash or not constant_time_compare(user.slip_hash, _hash(user, typed)):
        raise BadSlip("手机号或激活码不对，没有激活。请照着激活单再填一次；单子旧了请找督导员重新打印。", field="code")
    if user.slip_expires_at is None or user.slip_expires_at < at:
        raise BadSlip("这张激活单已经过期，没有激活。请找督导员重新打印一张。", field="code")
    _check_password(password, user)
    user.set_password(password)
    user.slip_hash, user.slip_expires_at = "", None
    user.save(update_fields=["password", "slip_hash", "slip_expires_at"])
    tell("staff.user.activated", user, division=0, by=None, at=at, op=None)
    return user


def _check_password(password: str, user: User) -> None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise WeakPassword("密码太简单，没有激活：" + "".join(error.messages), field="password") from error


@transaction.atomic
def switch_off(*, user: User, because: str, by: User, at: datetime, op: UUID | None = None) -> None:
    """The person no longer works here: no sign-in, all sessions end. The name stays on what was done."""
    check_resets(by, user)
    user.is_active = False
    user.save(update_fields=["is_active"])
    Session.objects.filter(user_id=user.pk).delete()
    tell("staff.user.switched_off", user, division=0, by=by, at=at, op=op, because=because[:200])
