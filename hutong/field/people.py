"""Where one works and whom one calls: the village and its supervisor, from posts."""

from __future__ import annotations

from datetime import date
from typing import Any

from hutong.kernel.refusals import Denied
from hutong.places.codes import town
from hutong.places.queries import name_of
from hutong.policy import access
from hutong.staff.access import posts_on
from hutong.staff.models import Post, User
from hutong.staff.queries import held_on


def place_of(user: User, on: date) -> int:
    """The place of the post one works with on the phone: the director's village first. Raises Denied without any."""
    posts = [post for post in posts_on(user, on) if post.role in access.ROLES and access.ROLES[post.role].cases]
    if not posts:
        raise Denied("您的岗位没有手机走访的权限。没有改动任何内容。如需办理，请联系县（区）民政局管理员。")
    return min(posts, key=lambda post: post.role != "director").division


def village(division: int) -> dict[str, Any]:
    """Code and name."""
    return {"code": str(division), "name": name_of(division)}


def supervisor(division: int, on: date) -> dict[str, str] | None:
    """Whom to call."""
    posts = Post.objects.filter(held_on(on), role="supervisor", division=town(division), user__is_active=True)
    post = posts.select_related("user").order_by("start", "pk").first()
    return {"name": post.user.name, "phone": post.user.phone} if post else None
