"""`hutong duties run [--on DATE]` and `hutong duties explain FILE`."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from hutong.duties import operations
from hutong.duties.explain import why
from hutong.duties.models import Duty
from hutong.kernel.clock import now, today
from hutong.kernel.scope import acting
from hutong.policy.obligations import OBLIGATIONS
from hutong.staff.access import scope_of
from hutong.staff.models import User


class Command(BaseCommand):
    """The run needs no user; explaining shows a child and acts as one."""

    help = "排任务：run 按某一天排出全部任务；explain 说明一份档案为什么有这些任务"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What to do, for which day or file."""
        actions = parser.add_subparsers(dest="action", required=True)
        run = actions.add_parser("run", help="排出全部在册档案的任务（可重复执行）")
        run.add_argument("--on", type=date.fromisoformat, default=None, help="按哪一天，默认今天，如 2026-11-23")
        explain = actions.add_parser("explain", help="说明一份档案的任务")
        explain.add_argument("file", help="档案号")
        explain.add_argument("--as", dest="user", required=True, help="以哪位用户的权限查看（登录名）")

    def handle(self, *, action: str, **options: Any) -> None:
        """Print what was done, or why."""
        if action == "run":
            on = options["on"] or today()
            done = operations.run(on=on, at=now())
            self.stdout.write(
                f"{on}：新排 {done.inserted} 件，办结或改期 {done.settled} 件，补办 {done.belated} 件，不再适用 {done.lapsed} 件。"
            )
            return
        self._explain(options["file"], options["user"])

    def _explain(self, number: str, username: str) -> None:
        user = User.objects.filter(username=username, is_active=True).first()
        if user is None:
            raise CommandError(f"没有登录名为“{username}”的在用账号。")
        with acting(scope_of(user, "命令行查看任务")):
            rows = list(Duty.objects.filter(file__number=number).select_related("file").order_by("due_on", "pk"))
            if not rows:
                raise CommandError(f"没有找到档案 {number} 的任务：档案号可能写错，或不在该用户负责的地区。")
            for row in rows:
                rule = OBLIGATIONS.get(row.obligation)
                self.stdout.write(f"{row.due_on} {rule.zh if rule else row.obligation}（{row.get_state_display()}）")
                for line in why(row):
                    self.stdout.write(f"  · {line}")
