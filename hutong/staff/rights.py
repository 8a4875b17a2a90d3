"""Whose post and account somebody may handle: by role (policy/accounts.yaml) and inside his own area."""

from __future__ import annotations

from hutong.kernel.refusals import Denied
from hutong.kernel.scope import Scope
from hutong.policy.accounts import managed_by, reset_by
from hutong.staff.access import scope_of
from hutong.staff.models import Post, User

OUTSIDE = "这里不在您负责的地区内。没有改动任何内容。"
_NOT_THIS_POST = "您的岗位不能办理这类人员的岗位。没有改动任何内容。请联系上一级民政部门。"
_NOT_THIS_ACCOUNT = "您的岗位不能办理这类人员的账号。没有改动任何内容。请联系上一级民政部门。"


def inside(scope: Scope, division: int) -> bool:
    """Does the place lie in the area of one of the posts, cases or not?"""
    return any(low <= division < high for low, high in scope.area)


def check_manages(by: User, role: str, division: int) -> Scope:
    """The scope of whoever acts, if it may fill or end such a post there. Raises Denied."""
    scope = scope_of(by)
    if "manage_posts" not in scope.verbs or role not in managed_by(scope.roles):
        raise Denied(_NOT_THIS_POST)
    if not inside(scope, division):
        raise Denied(OUTSIDE)
    return scope


def may_reset(scope: Scope, user: User, posts: list[Post]) -> bool:
    """May this scope print a new slip for somebody who holds these posts? All of them must be below it."""
    roles = reset_by(scope.roles)
    return (
        "reset_account" in scope.verbs
        and user.pk != scope.user
        and bool(posts)
        and all(post.role in roles and inside(scope, post.division) for post in posts)
    )


def check_resets(by: User, user: User) -> None:
    """Raise Denied unless `by` may reset the account: a person without a post belongs to whoever manages the last one."""
    posts = list(Post.objects.filter(user=user, end=None)) or list(Post.objects.filter(user=user).order_by("-end")[:1])
    if not may_reset(scope_of(by), user, posts):
        raise Denied(_NOT_THIS_ACCOUNT)
