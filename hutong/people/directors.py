"""Files follow the child director of the village when the post changes hands."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from hutong.kernel.clock import day
from hutong.staff.models import Post


def follow(identifier: UUID, *, by: Any, at: datetime) -> None:
    """Reaction to a post that was filled or ended: open files of whoever left, or of nobody, go to the holder of the day."""
    post = Post.objects.get(pk=identifier)
    if post.role == "director":
        left_by = post.user_id if post.end else None
        with connection.cursor() as cursor:
            cursor.execute("select hutong_directors_follow(%s, %s, %s)", [post.division, left_by, day(at)])
