"""Sessions that know their user: one round trip tells a request who asks, with which posts and grants.

The web layer, not the database, is most of a page's cost; session, user, posts and grants as four queries would be half of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY, get_user
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.db import connection
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare

from hutong.kernel import plans
from hutong.kernel.clock import now, today
from hutong.kernel.scope import NOBODY, Scope
from hutong.staff.access import scope_from, scope_of
from hutong.staff.models import Post, Session, User

_USER = [field.attname for field in User._meta.concrete_fields]
_SQL = f"""
select s.session_data,
       (select array_agg(row_to_json(p)) from staff_post p
         where p.user_id = u.id and p.start <= %s and (p."end" is null or p."end" > %s)),
       hutong_granted(u.id, %s),
       {", ".join(f"u.{connection.ops.quote_name(name)}" for name in _USER)}
from staff_session s left join staff_user u on u.id = s.user_id and u.is_active
where s.session_key = %s and s.expire_date > %s
"""


@dataclass(frozen=True)
class Holder:
    """Whose session it is, as the database knew it when the request began."""

    user: User
    posts: list[Post]
    granted: list[UUID]


class SessionStore(DatabaseStore):
    """Django's database sessions, with the user beside them."""

    holder: Holder | None = None

    @classmethod
    def get_model_class(cls) -> type[Session]:
        """The table."""
        return Session

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        """Note the user in a column, so that a reset can end all sessions of one person."""
        row = cast(Session, super().create_model_instance(data))
        row.user_id = UUID(data[SESSION_KEY]) if SESSION_KEY in data else None
        return row

    def load(self) -> dict[str, Any]:
        """The session's data; remembers the holder."""
        on, at = today(), now()
        with plans.kept(), connection.cursor() as cursor:
            cursor.execute(_SQL, [on, on, at, self.session_key, at])
            row = cursor.fetchone()
        if row is None:
            self._session_key = None
            return {}
        data, posts, granted, *values = row
        if values[0] is not None:
            user = User.from_db("default", _USER, values)
            self.holder = Holder(user, [_post(post) for post in posts or []], granted or [])
        return self.decode(data)


def _post(row: dict[str, Any]) -> Post:
    return Post(
        id=UUID(row["id"]),
        user_id=UUID(row["user_id"]),
        role=row["role"],
        organisation_id=UUID(row["organisation_id"]) if row["organisation_id"] else None,
        division=row["division"],
    )


def user_of(request: HttpRequest) -> User | AnonymousUser:
    """Who is signed in, without a further query when the session already said so."""
    holder = _holder(request)
    if holder is None or request.session.get(SESSION_KEY) != str(holder.user.pk):
        return get_user(request)
    if constant_time_compare(request.session.get(HASH_SESSION_KEY, ""), holder.user.get_session_auth_hash()):
        return holder.user
    request.session.flush()
    return AnonymousUser()


def scope_in(request: HttpRequest) -> Scope:
    """The scope of whoever is signed in."""
    user, holder = request.user, _holder(request)
    if not user.is_authenticated:
        return NOBODY
    if holder is not None and holder.user.pk == user.pk:
        return scope_from(holder.user.pk, holder.posts, holder.granted)
    return scope_of(user)


def _holder(request: HttpRequest) -> Holder | None:
    session = cast(SessionStore, request.session)
    return session.holder if session.session_key and SESSION_KEY in session else None
