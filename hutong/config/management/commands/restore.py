"""`hutong restore FILE`."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from hutong.config import backup
from hutong.kernel.clock import ZONE
from hutong.kernel.command import BaseCommand


def _when(at: str) -> str:
    return f"{datetime.fromisoformat(at).astimezone(ZONE):%Y-%m-%d %H:%M}"


class Command(BaseCommand):
    """Only into an empty database; all or nothing."""

    help = "恢复：把备份文件装入一个空数据库，并逐表核对行数"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where from."""
        parser.add_argument("file", type=Path, help="hutong backup 生成的文件")

    def handle(self, *, file: Path, **options: Any) -> None:
        """Fill, compare, say so."""
        if not file.is_file():
            raise CommandError(f"没有找到文件 {file}。没有改动任何内容。")
        manifest = backup.restore(file.absolute())
        self.stdout.write(
            f"已恢复 {_when(manifest['at'])} 的备份：{len(manifest['tables'])} 张表，{sum(manifest['tables'].values()):,} 行，逐表核对一致。"
        )
