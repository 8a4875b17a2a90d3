"""What a user may do: scopes from posts, and the one function that decides a verb.

Rights stand in policy/access.yaml; the place comes from the posts held today. Lists use `Visible.visible_to(scope)`,
the database enforces the same again (kernel.rowsecurity).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db import connection
from django.db.models import Q

from hutong.kernel.clock import now, today
from hutong.kernel.refusals import Denied
from hutong.kernel.scope import Scope
from hutong.places.codes import subtree
from hutong.policy import access
from hutong.staff.models import Post, User

# Rights that row security treats like a data domain: who looked, and what was delivered.
_VERB_READS = {"see_looks": "looks", "import": "exchange"}
_VERB_WRITES = {"import": "exchange", "propose": "propose", "emergency": "emergency", "review_emergency": "review"}


def posts_on(user: User, on: date) -> list[Post]:
    """The posts a user holds on a day."""
    return list(Post.objects.filter(Q(end=None) | Q(end__gt=on), user=user, start__lte=on).order_by("start", "pk"))


def scope_of(user: User, purpose: str = "", *, on: date | None = None) -> Scope:
    """The scope of all posts a user holds today, with the subjects granted to them."""
    posts = posts_on(user, on or today())
    return scope_from(user.id, posts, _granted(user.id), purpose)


def _granted(user: UUID) -> list[UUID]:
    """Through a narrow door: it is asked before the database knows who asks."""
    with connection.cursor() as cursor:
        cursor.execute("select hutong_granted(%s, %s)", [user, now()])
        return list(cursor.fetchone()[0] or [])


def scope_from(user: UUID, posts: Iterable[Post], granted: Iterable[UUID] = (), purpose: str = "") -> Scope:
    """A scope from posts already loaded. A role without cases opens no rows of children, whatever its place."""
    held = [(post, access.ROLES[post.role]) for post in posts if post.role in access.ROLES]
    cases = [(post, role) for post, role in held if role.cases]
    verbs = _union(role.verbs for _, role in held)
    subjects = tuple(granted)
    # Who sees no child by place reads only what was granted; so a grant may open domains without opening an area.
    opened = access.EMERGENCY_READS if subjects and not cases and "emergency" in verbs else frozenset()
    return Scope(
        user=user,
        post=held[0][0].id if held else None,
        ranges=tuple(sorted({subtree(post.division) for post, _ in cases})),
        area=tuple(sorted({subtree(post.division) for post, _ in held})),
        orgs=tuple({post.organisation_id for post, _ in held if post.organisation_id}),
        subjects=subjects,
        reads=opened | _union(role.reads for _, role in held) | {d for verb, d in _VERB_READS.items() if verb in verbs},
        writes=_union(role.writes for _, role in held) | {d for verb, d in _VERB_WRITES.items() if verb in verbs},
        verbs=verbs,
        roles=frozenset(post.role for post, _ in held),
        purpose=purpose,
    )


def _union(sets: Iterable[frozenset[str]]) -> frozenset[str]:
    return frozenset[str]().union(*sets)


def check_can(scope: Scope, verb: str, *, domain: str | None = None, division: int | None = None) -> None:
    """Raise Denied, with a reason for the reader, unless the scope allows the verb there.

    `read` and `write` are about a data domain (any, if none is named); other verbs stand in the roles.
    """
    domains = {"read": scope.reads, "write": scope.writes}.get(verb)
    if not domains if domains is not None else verb not in scope.verbs:
        raise Denied("您的岗位没有办理这件事的权限。没有改动任何内容。如需办理，请联系县（区）民政局管理员。")
    if domain and domain not in (domains if domains is not None else scope.reads | scope.writes):
        raise Denied("您的岗位不能查看或填写这类内容。没有改动任何内容。")
    if division is not None and not scope.covers(division):
        raise Denied("这里不在您负责的地区内。没有改动任何内容。")


def can(scope: Scope, verb: str, *, domain: str | None = None, division: int | None = None) -> bool:
    """The same decision as a yes or no, for menus and buttons."""
    try:
        check_can(scope, verb, domain=domain, division=division)
    except Denied:
        return False
    return True
