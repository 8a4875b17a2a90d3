"""What the command `hutong import` does as a named officer: with that officer's rights, and recorded."""

from __future__ import annotations

from django.db import transaction

from hutong.exchange import operations
from hutong.exchange.census.rows import Result
from hutong.kernel import looks
from hutong.kernel.clock import now
from hutong.kernel.refusals import Denied, Refusal
from hutong.kernel.scope import acting
from hutong.staff.access import check_can, scope_of
from hutong.staff.models import User


def run(content: bytes, name: str, *, county: int, username: str, password: str, dry_run: bool) -> list[Result]:
    """Receive, check and, unless `dry_run`, apply; the rows as JSON wants them. A dry run leaves nothing behind but the look."""
    user = User.objects.filter(username=username, is_active=True).first()
    if user is None:
        raise Denied(f"没有登录名为“{username}”的在用账号。没有写入任何数据。")
    at, scope = now(), scope_of(user, "命令行导入名册")
    check_can(scope, "import", division=county)
    with acting(scope):
        looks.look(
            what="import",
            subject=None,
            division=county,
            by=user.pk,
            at=at,
            purpose="命令行导入名册",
            data={"dry_run": dry_run},
        )
    if dry_run:
        return _tried(content, name, county, user, password)
    with acting(scope):
        delivery = operations.check(
            delivery=operations.receive(content=content, name=name, county=county, by=user, at=at),
            by=user,
            at=at,
            password=password,
        )
    if delivery.trouble:
        raise Refusal(delivery.trouble)
    operations.apply(delivery=delivery, by=user, at=at, scope=scope)
    with acting(scope):
        return operations.results(delivery)


def _tried(content: bytes, name: str, county: int, user: User, password: str) -> list[Result]:
    with acting(scope_of(user, "命令行导入名册")):
        sid = transaction.savepoint()
        at = now()
        delivery = operations.receive(content=content, name=name, county=county, by=user, at=at)
        delivery = operations.check(delivery=delivery, by=user, at=at, password=password)
        if delivery.trouble:
            raise Refusal(delivery.trouble)
        found = operations.results(delivery)
        transaction.savepoint_rollback(sid)
        return found
