"""`hutong synth city`: the registers of a synthetic city, with known errors and the truth."""

from __future__ import annotations

import json as jsons
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from hutong.kernel.command import BaseCommand
from hutong.workbench.synth import registers


class Command(BaseCommand):
    """Files only; the database is not asked."""

    help = """生成虚构城市的各部门登记数据（Parquet），带已知的错误和真值；列的含义见 docs/registers.md，错误的比例见 policy/synth.yaml"""

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How many, from which seed, where to."""
        parser.add_argument("what", choices=["city"], help="生成什么")
        parser.add_argument("--people", type=float, default=100_000, help="人数，约数（默认 100000）")
        parser.add_argument("--seed", type=int, default=1, help="随机种子：相同种子得到相同内容（默认 1）")
        parser.add_argument("--out", type=Path, required=True, help="写到哪个文件夹")
        parser.add_argument("--json", action="store_true", help="输出 JSON")

    def handle(self, *, people: float, seed: int, out: Path, json: bool, **options: Any) -> None:
        """Write, then say how many rows."""
        registers.refuse_impossible(int(people), out)
        counts = registers.build(out, people=int(people), seed=seed)
        if json:
            self.stdout.write(jsons.dumps({"out": str(out), "seed": seed, "rows": counts}, ensure_ascii=False))
            return
        self.stdout.write("\n".join(f"{name:<16}{rows:>12,}" for name, rows in counts.items()))
