"""`hutong words`: keep the English of the pages complete."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser

from hutong.kernel.command import BaseCommand
from hutong.workbench import catalogue


class Command(BaseCommand):
    """Add new msgids, drop lost ones, or compile what is there."""

    help = "更新页面词语的英文目录；--compile 只编译，--check 只检查有没有漏译"

    def add_arguments(self, parser: CommandParser) -> None:
        """What to do."""
        parser.add_argument("--compile", action="store_true", help="只编译成 .mo（安装时用）")
        parser.add_argument("--check", action="store_true", help="只检查，有漏译时返回 1")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it and say what is missing."""
        if options["compile"]:
            self.stdout.write(str(catalogue.compile_words()))
            return
        faults = catalogue.faults(None if options["check"] else catalogue.update())
        self.stdout.write("\n".join(faults) or "全部词语都有英文。")
        if options["check"] and faults:
            raise SystemExit(1)
