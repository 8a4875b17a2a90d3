"""`hutong bench`: build the synthetic city, measure, print a table or JSON."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from hutong.kernel.clock import now
from hutong.workbench.city import build


class Command(BaseCommand):
    """Works in a database of its own and leaves the one in use alone."""

    help = "性能测量：city 生成全市规模的虚构数据（独立的数据库），其余名称各测一项，all 全部"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What, and how to print it."""
        parser.add_argument("name", choices=["city"])
        parser.add_argument("--json", action="store_true", help="输出 JSON")
        parser.add_argument("--files", type=int, default=300_000, help="city 的儿童档案数")
        parser.add_argument("--seed", type=int, default=1)

    def handle(self, *, name: str, files: int, seed: int, **options: Any) -> None:
        """Build or measure."""
        event = build.build(files=files, seed=seed, at=now(), told=self.stderr.write)
        self.stdout.write(str(event.data))
