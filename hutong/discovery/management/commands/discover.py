"""`hutong discover`: run the rules over a folder of registers."""

from __future__ import annotations

import json as jsons
from argparse import ArgumentParser
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from hutong.discovery.pipelines.engines import ENGINES
from hutong.discovery.pipelines.rules import rules
from hutong.discovery.pipelines.running import discover
from hutong.kernel.ciphers import blind
from hutong.kernel.clock import today
from hutong.kernel.command import BaseCommand


class Command(BaseCommand):
    """Files only; the database is not asked."""

    help = """在各部门名册（Parquet）里查找还没有被发现的孩子：比对到人，运行规则，写出线索
列名见 docs/registers.md；缺名册的规则不运行，并说明原因"""

    def add_arguments(self, parser: ArgumentParser) -> None:
        """From where, where to."""
        parser.add_argument("--data", type=Path, required=True, help="放名册的文件夹，至少要有 police.parquet")
        parser.add_argument("--out", type=Path, help="结果文件（默认写到名册文件夹的 leads.parquet）")
        parser.add_argument(
            "--engine",
            choices=ENGINES,
            default=ENGINES[0],
            help="计算引擎：duckdb（默认，本机）或 spark（多台机器，要先装 uv sync --extra spark），线索相同",
        )
        parser.add_argument("--on", type=date.fromisoformat, help="按哪一天算（默认今天）")
        parser.add_argument("--json", action="store_true", help="输出 JSON")

    def handle(self, *, data: Path, out: Path | None, on: date | None, engine: str, json: bool, **options: Any) -> None:
        """Run and say how many leads each rule gave."""
        target = out or data / "leads.parquet"
        outcome = discover(
            data, target, rules(), on=on or today(), engine=engine, key=blind("person index", "discovery")
        )
        if json:
            self.stdout.write(jsons.dumps({"out": str(target), **asdict(outcome)}, ensure_ascii=False))
            return
        titles = {rule.head.id: rule.head.zh for rule in rules()}
        for rule, count in outcome.rules.items():
            self.stdout.write(f"{count:>8,}  {titles[rule]}（{rule}）")
        for rule, sentence in outcome.skipped.items():
            self.stdout.write(f"       —  {titles[rule]}（{rule}）：{sentence}")
        for doubt in outcome.doubts:
            self.stdout.write(f"       ？  {doubt}")
        self.stdout.write(f"线索已写入 {target}")
