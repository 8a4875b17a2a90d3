"""`hutong bench`: build the synthetic city, measure, print a table or JSON."""

from __future__ import annotations

import json as jsons
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from hutong.kernel.clock import now
from hutong.kernel.command import BaseCommand
from hutong.workbench.bench import registry
from hutong.workbench.city import build


class Command(BaseCommand):
    """Works in a database of its own and leaves the one in use alone."""

    help = """性能测量（独立的数据库 hutong_city，不动在用的数据）
city 生成全市规模的虚构数据；pages 测量各页面；rowsecurity 测量行级安全的代价；
duties 排任务；imports 导入名册；linkage 登记册比对；rules 发现规则对照真值；public 公开数据集；storm 手机同时上传；all 依次全部
--json 输出 JSON；每次的结果也留在数据目录的 bench 文件夹"""

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What, and how to print it."""
        parser.add_argument("name", choices=["city", *registry.BENCHES, "all"], help="测什么")
        parser.add_argument("--json", action="store_true", help="输出 JSON")
        parser.add_argument("--files", type=int, default=300_000, help="city 的儿童档案数（默认 300000）")
        parser.add_argument("--phones", type=int, default=504, help="storm 的手机数（默认 504，全市是 5040）")
        parser.add_argument("--seed", type=int, default=1, help="随机种子（默认 1）")

    def handle(self, *, name: str, json: bool, files: int, seed: int, phones: int, **options: Any) -> None:
        """Build or measure. The city is built when there is none."""
        if name in {"city", "all"}:
            event = build.build(files=files, seed=seed, at=now(), told=self.stderr.write)
            if name == "city":
                self.stdout.write(jsons.dumps(event.data, ensure_ascii=False, indent=2) if json else _city(event.data))
            elif failed := registry.run_all(json=json):
                raise CommandError(f"没有测完：{'、'.join(failed)}。其余的结果已保存。")
            return
        registry.run(name, json=json, **({"phones": phones} if name == "storm" else {}))


def _city(found: dict[str, Any]) -> str:
    lines = [f"{table:28}{count:>12,}" for table, count in found["rows"].items()]
    return "\n".join([*lines, *(f"{step}：{seconds:.0f} 秒" for step, seconds in found["seconds"].items())])
