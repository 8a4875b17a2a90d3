"""`hutong bench pages`: every page beside its floor, told as a table or as JSON."""

from __future__ import annotations

from io import StringIO
from typing import Any

from rich.console import Console
from rich.table import Table

from hutong.workbench.bench import registry
from hutong.workbench.bench.measure import measure

_HEADINGS = (
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
)


def run(json: bool) -> None:
    """Measure all pages and tell."""
    found = measure(names=set())
    registry.tell("pages", found, json=json, table=table)


def table(found: dict[str, Any]) -> str:
    """The figures for people."""
    shown = Table(title="产品与底线（同样的 SQL、同样的字节，无中间件），同一次运行，毫秒和次/秒")
    for heading in _HEADINGS:
        shown.add_column(heading, no_wrap=True, justify="left" if heading == "项目" else "right")
    for row in found["rows"]:
        shown.add_row(*map(str, _cells(row)))
    words = StringIO()
    Console(file=words, width=150).print(shown)
    said = [f"网页进程内存（MB）：{found['worker_mb']}"]
    said += [f"{row['title']}：只插入走访和答案 {row['bare_p50']} 毫秒" for row in found["rows"] if "bare_p50" in row]
    said += [f"没有测：{name}（{why}）" for name, why in found["missing"].items()]
    return words.getvalue() + "\n".join(said)


def _cells(row: dict[str, Any]) -> list[Any]:
    if "product_1" not in row:
        return [row["title"], *[""] * 5, row["raw_p50"], *[""] * 4]
    one, floor, many, many_floor = row["product_1"], row["floor_1"], row["product_16"], row["floor_16"]
    return [
        row["title"], one["p50"], one["p95"], floor["p50"], row["ratio_p50"], f"≤ {row['goal']}", row["raw_p50"] or "",
        round(many["rate"]), round(many_floor["rate"]), row["ratio_rate_16"], row["queries"],
    ]  # fmt: skip
