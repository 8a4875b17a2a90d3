"""`hutong backup FILE`."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from hutong.config import backup
from hutong.kernel.clock import now
from hutong.kernel.command import BaseCommand


class Command(BaseCommand):
    """Runs as owner; may run while the platform is in use."""

    help = """备份：数据库和附件写入一个文件（可在使用中进行）
密钥不在备份里，请另行妥善保管数据文件夹中的 keys 文件；没有它，身份证号无法解开。"""

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where to."""
        parser.add_argument("file", type=Path, help="备份文件，例如 2026-11-23.hutong")
        parser.add_argument(
            "--with-keys", action="store_true", help="把密钥也放进备份（谁拿到这个文件，谁就能看到全部身份证号）"
        )

    def handle(self, *, file: Path, with_keys: bool, **options: Any) -> None:
        """Write and say what is inside."""
        manifest = backup.backup(file.absolute(), at=now(), with_keys=with_keys)
        rows = sum(manifest["tables"].values())
        self.stdout.write(
            f"已备份到 {file}：{len(manifest['tables'])} 张表，{rows:,} 行，{file.stat().st_size / 2**20:.1f} MB。"
        )
        if not with_keys:
            self.stdout.write("密钥不在其中，请另行保管数据文件夹里的 keys 文件。")
