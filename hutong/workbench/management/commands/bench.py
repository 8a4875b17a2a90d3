"""`hutong bench`: build the synthetic city, measure, print a table or JSON."""

from __future__ import annotations

import json as jsons
import runpy
from argparse import ArgumentParser
from io import StringIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.table import Table

from hutong.kernel.clock import now
from hutong.workbench.bench.measure import measure
from hutong.workbench.city import build

_OTHERS = Path(settings.BASE) / "benchmarks"
_PAGES = ("worklist", "worklist-json", "list", "search", "search-json", "child", "child-json", "visit")


class Command(BaseCommand):
    """Works in a database of its own and leaves the one in use alone."""

    help = """性能测量（独立的数据库 hutong_city，不动在用的数据）
city 生成全市规模的虚构数据；pages 测量各页面；也可只测一项，如 hutong bench child；all 全部"""

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What, and how to print it."""
        others = [path.stem for path in sorted(_OTHERS.glob("*.py"))]
        parser.add_argument("name", choices=["city", "pages", *_PAGES, *others, "all"], help="测什么")
        parser.add_argument("--json", action="store_true", help="输出 JSON")
        parser.add_argument("--files", type=int, default=300_000, help="city 的儿童档案数（默认 300000）")
        parser.add_argument("--seed", type=int, default=1, help="随机种子（默认 1）")

    def handle(self, *, name: str, json: bool, files: int, seed: int, **options: Any) -> None:
        """Build or measure."""
        if (_OTHERS / f"{name}.py").exists():
            runpy.run_path(str(_OTHERS / f"{name}.py"), run_name="__main__")
            return
        if name in {"city", "all"} or not build.built():
            if name not in {"city", "all"}:
                raise CommandError("测量用的城市还没有生成。请先运行 hutong bench city（约十分钟）。")
            event = build.build(files=files, seed=seed, at=now(), told=self.stderr.write)
            if name == "city":
                self.stdout.write(_json(event.data) if json else _city(event.data))
                return
        found = measure(names={name} & set(_PAGES), told=self.stderr.write)
        self.stdout.write(_json(found) if json else _pages(found))


def _json(found: Any) -> str:
    return jsons.dumps(found, ensure_ascii=False, indent=2)


def _city(found: dict[str, Any]) -> str:
    lines = [f"{table:28}{count:>12,}" for table, count in found["rows"].items()]
    return "\n".join([*lines, *(f"{step}：{seconds:.0f} 秒" for step, seconds in found["seconds"].items())])


def _pages(found: dict[str, Any]) -> str:
    table = Table(title="产品与底线（同样的 SQL、同样的字节，无中间件），同一次运行，毫秒和次/秒")
    for heading in (
        "项目",
        "p50",
        "p95",
        "底线 p50",
        "倍数",
        "目标",
        "裸 SQL",
        "16 客户端 次/秒",
        "底线 次/秒",
        "比例",
        "查询数",
    ):
        table.add_column(heading, no_wrap=True, justify="left" if heading == "项目" else "right")
    for row in found["rows"]:
        table.add_row(*map(str, _cells(row)))
    console = Console(file=StringIO(), width=150)
    console.print(table)
    said = [f"网页进程内存（MB）：{found['worker_mb']}", f"行级安全开/关的耗时比：{found['row_security']}"]
    said += [f"没有测：{name}（{why}）" for name, why in found["missing"].items()]
    return console.file.getvalue() + "\n".join(said)  # type: ignore[attr-defined]


def _cells(row: dict[str, Any]) -> list[Any]:
    if "product_1" not in row:
        return [row["title"], *[""] * 5, row["raw_p50"], *[""] * 4]
    one, floor, many, many_floor = row["product_1"], row["floor_1"], row["product_16"], row["floor_16"]
    return [
        row["title"], one["p50"], one["p95"], floor["p50"], row["ratio_p50"], f"≤ {row['goal']}", row["raw_p50"] or "",
        round(many["rate"]), round(many_floor["rate"]), row["ratio_rate_16"], row["queries"],
    ]  # fmt: skip
