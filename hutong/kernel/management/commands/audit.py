"""`hutong audit seal|verify`: close yesterday's records, or prove that nobody changed them."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from hutong.kernel import seals
from hutong.kernel.clock import now
from hutong.kernel.command import BaseCommand


class Command(BaseCommand):
    """Runs as owner: it must see every record."""

    help = "封存已结束的日子的操作和查阅记录（seal），或核对封存链（verify）"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What to do."""
        parser.add_argument("action", choices=["seal", "verify"])

    def handle(self, *, action: str, **options: Any) -> None:
        """Print one sentence, or one a fault; a fault is a failure."""
        if action == "seal":
            self.stdout.write(f"封存了 {seals.seal(at=now())} 天的记录。")
            return
        faults = list(seals.verify())
        for fault in faults:
            self.stdout.write(f"{fault.day} {fault.kind}：{fault.sentence}")
        if faults:
            raise CommandError(f"核对未通过：{len(faults)} 处不一致。请保留现场，联系数据保护专员。")
        self.stdout.write("核对通过：所有已封存的记录与封存时一致。")
