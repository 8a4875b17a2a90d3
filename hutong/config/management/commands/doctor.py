"""`hutong doctor`."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from hutong.config import doctor
from hutong.kernel import clock
from hutong.kernel.command import BaseCommand

_SIGN = {True: "正常", False: "有问题", None: "请注意"}


class Command(BaseCommand):
    """Changes nothing; ends with 1 when something is wrong."""

    help = "体检：机器、数据库、角色、表结构、方案数据、工作日历、行级安全、页面文件是否正常"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How to print."""
        parser.add_argument("--json", action="store_true", help="输出 JSON，供监控使用")

    def handle(self, *, json: bool, **options: Any) -> None:
        """One line a check, the advice under it."""
        findings = list(doctor.examine(clock.day(clock.now())))
        self.stdout.write(_as_json(findings) if json else "\n".join(map(_line, findings)))
        if any(finding.well is False for finding in findings):
            raise SystemExit(1)


def _line(finding: doctor.Finding) -> str:
    advice = f"\n          → {finding.advice}" if finding.well is not True and finding.advice else ""
    return f"[{_SIGN[finding.well]}] {finding.name}：{finding.text}{advice}"


def _as_json(findings: list[doctor.Finding]) -> str:
    return json.dumps([asdict(finding) for finding in findings], ensure_ascii=False)
