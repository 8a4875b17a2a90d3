"""The accounts of the demonstration, as `hutong up` prints them. Passwords are shown here only because nobody is real."""

from __future__ import annotations

from dataclasses import dataclass

from hutong.places.models import Division
from hutong.policy import access
from hutong.staff.models import Post
from hutong.workbench.demo import county
from hutong.workbench.demo.staffing import PASSWORD

_SHOWN = ("director", "supervisor", "county", "county2", "city", "education", "bureau", "dpo")
_TASK = {
    "director": "走访、联系登记",
    "supervisor": "核对档案、指派",
    "county": "导入名册、提出认定",
    "county2": "确认认定（与提出人不同）",
    "city": "看全市统计和方案",
    "education": "看就学情况",
    "bureau": "报送全市一份部门数据",
    "dpo": "看谁查阅过档案",
}


@dataclass(frozen=True, slots=True)
class Account:
    """One line of the table."""

    username: str
    password: str
    name: str
    role: str
    place: str
    task: str


def accounts() -> list[Account]:
    """The accounts to sign in with; empty where the demonstration is not loaded."""
    if not county.loaded():
        return []
    posts = {post.user.username: post for post in Post.objects.filter(user__username__in=_SHOWN).select_related("user")}
    places = Division.objects.in_bulk([post.division for post in posts.values()])
    return [_account(posts[name], places[posts[name].division].name) for name in _SHOWN if name in posts]


def _account(post: Post, place: str) -> Account:
    user = post.user
    return Account(user.username, PASSWORD, user.name, access.ROLES[post.role].zh, place, _TASK[user.username])
