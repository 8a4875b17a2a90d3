"""`hutong link`: who in one register is who in another."""

from __future__ import annotations

import json as jsons
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from hutong.discovery.pipelines.linkage import run
from hutong.kernel.ciphers import blind
from hutong.kernel.command import BaseCommand


class Command(BaseCommand):
    """Files only; the database is not asked."""

    help = """比对两份登记表（Parquet），找出同一个人：身份证号和姓名一致的先对上，其余按证据打分，拿不准的留给人判断
列名见 docs/registers.md，缺哪列都可以；结果的列：left_id right_id score band（exact 一致，linked 认定，review 待人判断）evidence"""

    def add_arguments(self, parser: ArgumentParser) -> None:
        """From where, where to."""
        parser.add_argument("left", type=Path, help="左侧登记表：每一行找一个人")
        parser.add_argument("right", type=Path, help="右侧登记表：到这里面找，例如户籍登记")
        parser.add_argument("--out", type=Path, default=Path("links.parquet"), help="结果文件（默认 links.parquet）")
        parser.add_argument(
            "--decisions", type=Path, help="人的决定（Parquet：left_id right_id verdict=same|different），永不被推翻"
        )
        parser.add_argument("--before", type=Path, help="上次的结果：左侧只给今天的来件，其余各行照旧带过来")
        parser.add_argument("--index", type=Path, help="右侧的人员索引：没有或已过时就先建，之后每天直接使用")
        parser.add_argument("--json", action="store_true", help="输出 JSON")

    def handle(self, *, left: Path, right: Path, out: Path, json: bool, **options: Any) -> None:
        """Link and say how many of each band."""
        key = blind("person index", "linkage") if options["index"] else ""
        kept = run.Kept(decisions=options["decisions"], before=options["before"], index=options["index"], key=key)
        outcome = run.link(left, right, out, kept)
        if json:
            self.stdout.write(jsons.dumps({"out": str(out), **asdict(outcome)}, ensure_ascii=False))
            return
        bands = "，".join(f"{_BANDS[band]} {count:,} 行" for band, count in outcome.bands.items()) or "没有对上的行"
        self.stdout.write(f"左侧 {outcome.left:,} 行，右侧 {outcome.right:,} 行：{bands}。结果已写入 {out}")


_BANDS = {"exact": "号码和姓名一致", "linked": "认定", "review": "待人判断", "confirmed": "人已确认"}
