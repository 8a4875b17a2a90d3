"""`hutong up`: everything, in the foreground; Ctrl-C stops all of it."""

from __future__ import annotations

import fcntl
import os
import socket
import time
import urllib.request
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connections

from hutong.config import administrator, children, database, prepare
from hutong.kernel.command import BaseCommand
from hutong.kernel.refusals import Refusal

_READY_WITHIN = 60  # seconds


class Command(BaseCommand):
    """Prepares as owner, then serves in roles that row security binds."""

    help = """启动护童：数据库、网页、后台任务；按 Ctrl-C 全部停止
第一次启动会装入行政区划、方案和演示县（全部人员虚构）。再次启动只需几秒，数据都在。
正式使用：hutong up --no-demo，首次启动打印第一个管理员账号（只显示一次）。"""
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How to start."""
        parser.add_argument("--no-demo", action="store_true", help="不装演示数据，作正式使用")
        parser.add_argument("--address", default="127.0.0.1", help="监听地址（默认 127.0.0.1，只有本机能打开）")
        parser.add_argument("--port", type=int, default=8000, help="端口（默认 8000）")

    def handle(self, *, no_demo: bool, address: str, port: int, **options: Any) -> None:
        """Prepare, start, announce, wait."""
        lock = _only_one(settings.DATA, f"http://{address}:{port}/")
        _check_port(address, port)
        prepare.prepare(self.say, demo=not no_demo)
        if no_demo:
            administrator.announce(self.say)
        connections.close_all()
        running = _start(address, port, demo=not no_demo)
        try:
            _wait_until_ready(running, address, port)
            self.say(f"\n护童已启动：http://{address}:{port}/        按 Ctrl-C 停止")
            _watch(running, self.say)
        finally:
            self.say("正在停止……")
            children.end(running)
            os.close(lock)

    def say(self, text: str) -> None:
        """One line, at once."""
        self.stdout.write(text)
        self.stdout.flush()


def _only_one(data: Path, address: str) -> int:
    """Hold the folder while we run; tell a second starter where the first one is."""
    descriptor = os.open(data / "up.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        where = os.read(descriptor, 200).decode()
        raise Refusal(f"护童已经在运行：{where}。没有再启动一个。", code="already_running") from None
    os.ftruncate(descriptor, 0)
    os.write(descriptor, address.encode())
    return descriptor


def _check_port(address: str, port: int) -> None:
    """Say so before minutes of preparation."""
    with socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError as error:
            raise Refusal(
                f"端口 {port} 不能使用（{error.strerror}）。没有改动任何内容。请换一个：hutong up --port {port + 1}",
                code="port",
            ) from None


def _start(address: str, port: int, *, demo: bool) -> list[children.Child]:
    """Web server and worker, each in its own database role."""
    logs = settings.DATA / "log"
    common = {"HUTONG_DEMO": str(demo), "HUTONG_DATA": str(settings.DATA)}
    web = {**common, "DATABASE_URL": database.url("hutong_web"), "HUTONG_POOL": "True"}
    worker = {**common, "DATABASE_URL": database.url("hutong_worker")}
    serve = ["serve", "--address", address, "--port", str(port)]
    return [children.start("web", serve, logs, web), children.start("worker", ["work"], logs, worker)]


def _wait_until_ready(running: list[children.Child], address: str, port: int) -> None:
    deadline = time.monotonic() + _READY_WITHIN
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(address, address)
    while time.monotonic() < deadline:
        _refuse_if_ended(running)
        try:
            with direct.open(f"http://{host}:{port}/readyz", timeout=5):
                return
        except OSError:
            time.sleep(0.2)
    raise Refusal(
        f"网页服务 {_READY_WITHIN} 秒内没有就绪，已全部停止，数据没有改动。请运行 hutong doctor。\n{children.tail(running[0])}",
        code="not_ready",
    )


def _refuse_if_ended(running: list[children.Child]) -> None:
    if ended := children.first_ended(running):
        raise Refusal(
            f"进程 {ended.name} 意外结束，已全部停止；已应答的操作都已保存。日志：{ended.log}\n{children.tail(ended)}",
            code="child_ended",
        )


def _watch(running: list[children.Child], say: prepare.Say) -> None:
    """Until Ctrl-C or TERM, or until one of them ends by itself. A database that died is started again."""
    server = database.programs()
    while True:
        _refuse_if_ended(running)
        if server and server.revive():
            say("数据库曾意外停止，已重新启动；已应答的操作都在。")
        time.sleep(0.5)
