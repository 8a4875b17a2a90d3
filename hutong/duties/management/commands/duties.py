"""`hutong duties run|explain`: lay out what is owed, or say why a child's duties are what they are."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import date
from typing import Any
from uuid import UUID

from django.core.management.base import CommandError
from django.db.models import Q

from hutong.duties import ladder, operations
from hutong.duties.explain import why
from hutong.duties.models import Duty
from hutong.duties.numbers import due_day
from hutong.kernel import looks
from hutong.kernel.clock import now, today
from hutong.kernel.command import BaseCommand
from hutong.kernel.refusals import Refusal
from hutong.kernel.scope import acting
from hutong.people.models import File
from hutong.policy.obligations import OBLIGATIONS
from hutong.staff.access import check_can, scope_of
from hutong.staff.models import User


class Command(BaseCommand):
    """`run` is the nightly job by hand; `explain` shows a child and so needs somebody whose rights it uses."""

    help = "任务：run 按当天情况重新计算全部任务（可重复运行），explain 说明一名儿童的任务从何而来"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What to do."""
        actions = parser.add_subparsers(dest="action", required=True)
        run = actions.add_parser("run", help="重新计算全部任务，并提醒上级")
        run.add_argument("--on", type=date.fromisoformat, default=None, help="按哪一天计算（年-月-日），默认今天")
        explain = actions.add_parser("explain", help="说明一名儿童的任务")
        explain.add_argument("child", help="档案编号，或档案、儿童的标识")
        run.add_argument("--as", dest="user", default="", help="以哪位用户的名义运行（登录名），可不填")
        explain.add_argument("--as", dest="user", required=True, help="以哪位用户的权限查看（登录名）")

    def handle(self, *, action: str, user: str, **options: Any) -> None:
        """A refusal is a sentence and a failure."""
        try:
            by = self._user(user)
            if action == "run":
                self._run(options["on"] or today(), by)
            else:
                self._explain(options["child"], by)
        except Refusal as refusal:
            raise CommandError(refusal.sentence) from refusal

    def _user(self, name: str) -> User | None:
        if not name:
            return None
        found = User.objects.filter(username=name, is_active=True).first()
        if not found:
            raise CommandError(f"没有登录名为“{name}”的在用账号。没有改动任何内容。")
        return found

    def _run(self, on: date, by: User | None) -> None:
        at = now()
        if on > today():
            raise CommandError("不能按将来的日子计算：还没有发生的事不能记为未完成。没有改动任何内容。")
        if due_day(on, OBLIGATIONS["visit.event"].days) is None:
            self.stderr.write("下一年的放假安排还没有录入：按工作日计算的任务暂时排不出期限，录入后再运行会补上。")
        done = operations.run(on=on, at=at, by=by)
        told = ladder.escalate(on=on, at=at, by=by)
        self.stdout.write(
            f"按 {on} 的情况：新列 {done.inserted} 项，更新 {done.settled} 项，补办 {done.belated} 项，"
            f"不再适用 {done.lapsed} 项；逾期上报 {told.raised} 项，提醒 {told.notices} 人次。"
        )

    def _explain(self, child: str, by: User | None) -> None:
        if by is None:
            raise CommandError("查看一名儿童要用 --as 写明登录名。没有显示任何内容。")
        with acting(scope_of(by, "duties explain")) as scope:
            check_can(scope, "read", domain="care")
            file = File.objects.filter(_named(child)).select_related("child").first()
            if file is None:
                raise CommandError("没有这份档案，或者不在您能查看的范围内。")
            looks.look(what="duties", subject=("people.file", file.pk), division=file.division, by=by.pk, at=now())
            for duty in Duty.objects.filter(file=file).order_by("due_on", "obligation"):
                self._print(duty)

    def _print(self, duty: Duty) -> None:
        rule = OBLIGATIONS.get(duty.obligation)
        label = Duty.State(duty.state).label
        self.stdout.write(f"{duty.due_on} {rule.zh if rule else duty.obligation}：{label}")
        for sentence in why(duty):
            self.stdout.write(f"    {sentence}")


def _named(child: str) -> Q:
    try:
        return Q(pk=UUID(child)) | Q(child_id=UUID(child))
    except ValueError:
        return Q(number=child)
