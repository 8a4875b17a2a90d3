"""What the database is told about who is asking: settings local to one transaction, read by every row-security policy.

A scope is made once per request or job by `staff.access.scope_of`. Without one the policies show nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from uuid import UUID

from django.db import connection, transaction

from hutong.kernel import plans

Range = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Scope:
    """Who asks, where, and for which data domains.

    `ranges` are half-open intervals of 12-digit division codes whose children are seen; `area` also those of posts
    that see only figures; `orgs` and `subjects` are ids of organisations
    acted for and of files granted; `reads` and `writes` are data domains (policy/access.yaml). `unshut`: sees restricted
    files without a grant: for counting, laying out duties and auditing, never for showing a child.
    """

    user: UUID | None = None
    post: UUID | None = None
    ranges: tuple[Range, ...] = ()
    area: tuple[Range, ...] = ()
    orgs: tuple[UUID, ...] = ()
    subjects: tuple[UUID, ...] = ()
    reads: frozenset[str] = frozenset()
    writes: frozenset[str] = frozenset()
    verbs: frozenset[str] = frozenset()
    roles: frozenset[str] = frozenset()
    purpose: str = ""
    role: str = "hutong_web"
    unshut: bool = False

    def covers(self, division: int) -> bool:
        """Does a division lie inside one of the ranges?"""
        return any(low <= division < high for low, high in self.ranges)

    def widest(self) -> tuple[str, str]:
        """Both ends of the widest range as text, empty without one: policies hold most rows to it first."""
        low, high = max(self.ranges, key=lambda one: one[1] - one[0], default=("", ""))
        return str(low), str(high)

    def settings(self) -> dict[str, str]:
        """The settings as PostgreSQL text: multirange, numbers, uuid arrays, text arrays."""
        low, high = self.widest()
        return {
            "role": self.role,
            "hutong.user": str(self.user or ""),
            "hutong.post": str(self.post or ""),
            "hutong.ranges": "{" + ",".join(f"[{low},{high})" for low, high in self.ranges) + "}",
            "hutong.low": low,
            "hutong.high": high,
            "hutong.orgs": "{" + ",".join(map(str, self.orgs)) + "}",
            "hutong.subjects": "{" + ",".join(map(str, self.subjects)) + "}",
            "hutong.reads": "{" + ",".join(sorted(self.reads)) + "}",
            "hutong.writes": "{" + ",".join(sorted(self.writes)) + "}",
            "hutong.unshut": "on" if self.unshut else "",
            "hutong.purpose": self.purpose,
            # A statement that is prepared at all (kernel.plans) keeps one plan; all others are not touched by it.
            "plan_cache_mode": "force_generic_plan",
            "jit": "off",
            # Unset, pgtrigger's check raises and catches an error on every row, and each such rollback walks all
            # deferred constraint events of the transaction: twenty thousand rows took 9 s instead of 1.
            "pgtrigger.ignore": "{}",
        }


NOBODY = Scope()
_current: ContextVar[Scope | None] = ContextVar("hutong_scope", default=None)


def current() -> Scope:
    """The scope in force, or NOBODY."""
    return _current.get() or NOBODY


@contextmanager
def acting(scope: Scope, *, savepoint: bool = True) -> Iterator[Scope]:
    """Open a transaction in which the database knows `scope`. Nested use narrows or changes it and restores it after.

    `savepoint=False`: nested, it can only fail together with what it is nested in.
    """
    outer = _current.get()
    with transaction.atomic(savepoint=savepoint):
        nested = outer is not None or _inside_a_test()
        before = _read_back() if nested and outer is None else None
        with plans.kept():  # asked at every request
            _tell(scope.settings())
        token = _current.set(scope)
        try:
            yield scope
        finally:
            _current.reset(token)
        # After an exception the rollback restores the settings by itself.
        if nested and not connection.needs_rollback:
            _tell(outer.settings() if outer else before or {})


def _inside_a_test() -> bool:
    """True when an enclosing transaction outlives us, so that local settings would leak into what follows."""
    return len(connection.savepoint_ids) > 0


def _read_back() -> dict[str, str]:
    with connection.cursor() as cursor:
        cursor.execute("select current_user")
        (role,) = cursor.fetchone()
    return {**NOBODY.settings(), "role": role}


# Who signed in to the database as one of the application's roles stays that role; only the owner (tests, commands with a
# single account) steps down to the role asked for.
_ROLE = "case when session_user in ('hutong_web', 'hutong_worker', 'hutong_loader') then session_user else %s end"

# What is closed to this user, and what a grant to a file opens besides it (the child, the relatives): worked out once,
# when the scope is told, so that the policies compare with a short list.
_SHUT = "case when %s = 'on' then '{}' else hutong_shut_in(%s, %s) end"
_OPENED = "hutong_opened(%s)"


def _tell(settings: dict[str, str]) -> None:
    if not settings:
        return
    calls = ", ".join(f"set_config(%s, {_ROLE if name == 'role' else '%s'}, true)" for name in settings)
    values = [part for pair in settings.items() for part in pair]
    about = [settings["hutong.ranges"], settings["hutong.subjects"]]
    with connection.cursor() as cursor:
        cursor.execute(
            f"select {calls}, set_config('hutong.shut', {_SHUT}, true), set_config('hutong.subjects', {_OPENED}, true)",
            [*values, settings["hutong.unshut"], *about, about[1]],
        )
