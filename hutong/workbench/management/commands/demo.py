"""`hutong demo`: load the synthetic county into an empty database and print the accounts."""

from __future__ import annotations

from argparse import ArgumentParser
from io import StringIO
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table

from hutong.kernel.clock import now
from hutong.kernel.command import BaseCommand
from hutong.workbench.demo import accounts, county


class Command(BaseCommand):
    """Keeps what is there: a second call prints the accounts and changes nothing."""

    help = "装入演示数据：鄄城县（全部人员均为虚构），并打印演示账号。已装入时只打印账号"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How much, from which seed."""
        parser.add_argument("--files", type=int, default=6000, help="儿童档案数（默认 6000）")
        parser.add_argument("--seed", type=int, default=1, help="随机种子：相同种子在同一天得到相同内容（默认 1）")

    def handle(self, *, files: int, seed: int, **options: Any) -> None:
        """Load with a progress bar on stderr, then print the table."""
        columns = (
            TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed:,}/{task.total:,}"), TimeElapsedColumn(),
        )  # fmt: skip
        with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
            tasks: dict[str, TaskID] = {}

            def told(what: str, done: int, of: int) -> None:
                if what not in tasks:
                    tasks[what] = progress.add_task(_NAMES.get(what, what), total=of)
                progress.update(tasks[what], completed=done)

            county.load(files=files, seed=seed, at=now(), told=told)
        self.stdout.write(_table())


_NAMES = {
    "draw": "生成档案", "people_person": "写入人员", "people_token": "写入检索词", "wellbeing_visit": "写入走访",
    "wellbeing_answer": "写入走访答案", "wellbeing_contact": "写入每周联系", "duties": "排出任务",
}  # fmt: skip


def _table() -> str:
    table = Table(title="演示账号（数据全部虚构，密码只用于演示）")
    for heading in ("用户名", "密码", "姓名", "岗位", "地区", "可以做什么"):
        table.add_column(heading, no_wrap=True)
    for one in accounts.accounts():
        table.add_row(one.username, one.password, one.name, one.role, one.place, one.task)
    console = Console(file=StringIO(), width=120)
    console.print(table)
    return console.file.getvalue()  # type: ignore[attr-defined]
