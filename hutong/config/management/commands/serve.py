"""`hutong serve`: the web server alone, as the systemd unit runs it."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from hutong.config import env, orphans, serve
from hutong.kernel.command import BaseCommand


class Command(BaseCommand):
    """Runs in the role hutong_web, which row security binds."""

    help = "只启动网页服务（正式部署用；日常用 hutong up）"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where to listen, and with how much."""
        parser.add_argument(
            "--address", default="127.0.0.1", help="监听地址，默认只在本机 127.0.0.1；对外请用 deploy/ 里的反向代理"
        )
        parser.add_argument("--port", type=int, default=8000, help="端口（默认 8000）")
        parser.add_argument("--processes", type=int, default=2, help="进程数（默认 2）")
        parser.add_argument("--threads", type=int, default=2, help="每个进程的线程数（默认 2，见 docs/adr/0010）")

    def handle(self, *, address: str, port: int, processes: int, threads: int, **options: Any) -> None:
        """Until stopped."""
        if env.flag(serve.WITH_PARENT):
            orphans.end_with_parent()
        serve.serve(address=address, port=port, processes=processes, threads=threads)
