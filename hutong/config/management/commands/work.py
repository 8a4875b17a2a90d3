"""`hutong work`: the jobs alone, as the systemd unit runs them."""

from __future__ import annotations

import asyncio
from argparse import ArgumentParser
from typing import Any

from procrastinate.contrib.django import app

from hutong.config import env, logs, orphans, serve
from hutong.kernel.command import BaseCommand
from hutong.kernel.tasks import revive

_LOOK = 1.0
"""Seconds between looks. New jobs announce themselves; one that waited for another's lock, like the next county's part, is only found by looking."""


class Command(BaseCommand):
    """Runs in the role hutong_worker; each job acts with the rights of the user it is for."""

    help = "只运行后台任务和夜间任务（正式部署用；日常用 hutong up）"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How many at once; whether to stop when nothing waits."""
        parser.add_argument("--jobs", type=int, default=2, help="同时进行的任务数（默认 2）")
        parser.add_argument("--once", action="store_true", help="把已排队的任务一个接一个做完就结束")

    def handle(self, *, jobs: int, once: bool, **options: Any) -> None:
        """Until stopped, or until the queue is empty."""
        if env.flag(serve.WITH_PARENT):
            orphans.end_with_parent()
        logs.configure()
        asyncio.run(_work(jobs, wait=not once))


async def _work(jobs: int, *, wait: bool) -> None:
    with app.replace_connector(app.connector.get_worker_connector()) as opened:  # type: ignore[attr-defined]
        async with opened.open_async():
            await revive(0)
            # One by one to the end of the queue: beside another job, one that waits for its lock would pass for that end.
            await opened.run_worker_async(
                concurrency=jobs if wait else 1, wait=wait, fetch_job_polling_interval=_LOOK,
                shutdown_graceful_timeout=20, delete_jobs="successful",
            )  # fmt: skip
