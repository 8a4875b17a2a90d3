"""`hutong keys show|new|rotate`: which keys open what, a further key, and sealing everything with the newest."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from hutong.config import folders, keys, resealing
from hutong.kernel import ciphers
from hutong.kernel.clock import now
from hutong.kernel.command import BaseCommand


class Command(BaseCommand):
    """Runs as owner: it must reach every sealed value, those of the histories too."""

    help = "加密密钥：show 各密钥还开着多少值；new 加一把新密钥；rotate 用最新的密钥重新加密全部证件号、电话等"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What to do."""
        parser.add_argument("action", choices=["show", "new", "rotate"])

    def handle(self, *, action: str, **options: Any) -> None:
        """One sentence each."""
        if action == "new":
            number = keys.add(folders.data())
            self.stdout.write(
                f"已加入第 {number} 把密钥。请先把 keys 文件另存到安全的地方，重新启动所有服务，再运行 hutong keys rotate。"
            )
            return
        if action == "rotate":
            done = resealing.reseal(
                at=now(), told=lambda column, rows: self.stderr.write(f"{column}：已重新加密 {rows}")
            )
            self.stdout.write(
                f"用第 {ciphers.current_key()} 把密钥重新加密了 {done} 个值。旧密钥请留着：旧备份还要用它打开。"
            )
        for number, count in sorted(resealing.in_use().items()):
            self.stdout.write(f"第 {number} 把密钥：{count} 个值")
