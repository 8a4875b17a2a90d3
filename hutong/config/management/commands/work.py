"""`hutong work`: the jobs alone, as the systemd unit runs them."""

from __future__ import annotations

import asyncio
from argparse import ArgumentParser
from typing import Any

from django.db.models import Q
from procrastinate import App
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from hutong.config import env, logs, orphans, serve
from hutong.kernel.clock import now
from hutong.kernel.command import BaseCommand
from hutong.kernel.tasks import revive


class Command(BaseCommand):
    """Runs in the role hutong_worker; each job acts with the rights of the user it is for."""

    help = "只运行后台任务和夜间任务（正式部署用；日常用 hutong up）"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How many at once; whether to stop when nothing waits."""
        parser.add_argument("--jobs", type=int, default=2, help="同时进行的任务数（默认 2）")
        parser.add_argument("--once", action="store_true", help="做完已排队的任务就结束")

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
            await _run(opened, jobs, wait)
            seen: set[int] = set()
            # Jobs with one lock wait for each other, and a job may leave others behind: one round is not the whole queue.
            while not wait and (due := await _due()) and due != seen:
                seen = due
                await _run(opened, jobs, wait)


async def _run(opened: App, jobs: int, wait: bool) -> None:
    await opened.run_worker_async(concurrency=jobs, wait=wait, shutdown_graceful_timeout=20, delete_jobs="successful")


async def _due() -> set[int]:
    """The jobs whose time has come."""
    rows = ProcrastinateJob.objects.filter(Q(scheduled_at=None) | Q(scheduled_at__lte=now()), status="todo")
    return {number async for number in rows.values_list("id", flat=True)}
