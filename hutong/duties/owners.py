"""Open duties follow the post of whoever owes them."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from hutong.kernel.clock import day
from hutong.places.codes import subtree
from hutong.staff.models import Post


def follow(identifier: UUID, *, by: Any, at: datetime) -> None:
    """Reaction to a post that was filled or ended: what is still due goes to the holder of the day."""
    post = Post.objects.get(pk=identifier)
    if post.role in {"director", "supervisor"}:
        low, high = subtree(post.division)
        left_by = post.user_id if post.end else None
        with connection.cursor() as cursor:
            cursor.execute("select hutong_owners_follow(%s, %s, %s, %s, %s)", [post.role, low, high, left_by, day(at)])
