"""`hutong plan coverage`: how much of the plan this release carries out, measure by measure."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from hutong.kernel.command import BaseCommand
from hutong.policy import plan
from hutong.policy.plan import live


class Command(BaseCommand):
    """Counts what the registries carry out; needs no database and shows no personal data."""

    help = "三年方案：coverage 逐项列出已上线的任务和已能计算的指标"
    requires_system_checks: tuple[str, ...] = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What to print, and how."""
        parser.add_argument("what", choices=["coverage"], help="coverage：已上线多少")
        parser.add_argument("--json", action="store_true", help="输出 JSON")

    def handle(self, *, what: str, json: bool, **options: Any) -> None:
        """Print the coverage."""
        shares = live.present()
        self.stdout.write(_json(shares) if json else _table(shares))


def _json(shares: plan.Coverage) -> str:
    return json.dumps(shares.as_json(), ensure_ascii=False, indent=2)


def _table(shares: plan.Coverage) -> str:
    whole = plan.load()
    lines = [
        f"{part.id:<4}{share.obligations.done:>3}/{share.obligations.total:<3}{share.indicators.done:>3}/{share.indicators.total:<3}  {part.title_zh}"
        for part in whole.parts
        for share in [shares.of(part.id)]
    ]
    parts = shares.measures + shares.safeguards
    done, total = sum(p.obligations.done for p in parts), sum(p.obligations.total for p in parts)
    return "\n".join(["编号 任务   指标    名称", *lines, f"合计 任务 {done}/{total}"])
