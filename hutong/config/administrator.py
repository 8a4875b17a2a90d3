"""The first administrator of a real start: made once, shown once, in nobody's mail."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime

from django.db import transaction

from hutong.kernel import clock, events
from hutong.places.models import Division
from hutong.staff.models import Post, User

USERNAME = "admin"
# Without the characters that people mistake for one another when they copy from paper.
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


def announce(say: Callable[[str], None]) -> None:
    """Make the first administrator if nobody can sign in yet, and print the password this one time."""
    password = make(at=clock.now())
    if password:
        say(f"\n第一个管理员账号（只显示这一次，请现在抄下并保管好）：\n    用户名  {USERNAME}\n    密码    {password}")
        say("登录后先修改密码、开启两步验证，再为各县区建立管理员和业务人员。")


@transaction.atomic
def make(*, at: datetime) -> str | None:
    """The password of the new administrator of the city; None when accounts exist."""
    if User.objects.exists():
        return None
    password = "-".join("".join(secrets.choice(_LETTERS) for _ in range(5)) for _ in range(4))
    city = Division.objects.get(level=Division.Level.CITY)
    user = User(username=USERNAME, name="系统管理员", created_at=at)
    user.set_password(password)
    user.save()
    Post.objects.create(user=user, role="admin", division=city.code, start=clock.day(at))
    events.record(
        kind="staff.administrator.made", subject=("user", user.pk), division=city.code, by=user.pk, at=at, data={}
    )
    return password
