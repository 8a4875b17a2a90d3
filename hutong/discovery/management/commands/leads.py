"""`hutong leads`: take the leads of a run in, so that officers find them on their pages."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from hutong.discovery.operations import take_in
from hutong.kernel.clock import now
from hutong.kernel.command import BaseCommand


class Command(BaseCommand):
    """From files into the database; may be repeated."""

    help = """接收 hutong discover 写出的线索，交给各县（区）核实；已有的线索只更新，办理结果不变"""

    def add_arguments(self, parser: ArgumentParser) -> None:
        """From where."""
        parser.add_argument("--data", type=Path, required=True, help="放名册和 leads.parquet 的文件夹")

    def handle(self, *, data: Path, **options: Any) -> None:
        """Take in and say how many."""
        done = take_in(leads=data / "leads.parquet", police=data / "police.parquet", at=now())
        self.stdout.write(
            f"新线索 {done.new:,} 条，已有 {done.known:,} 条，缺住址或证件号、没有接收 {done.without_place:,} 条。"
            + (f"规则已由县（区）停用，没有接收 {done.put_aside:,} 条。" if done.put_aside else "")
        )
