"""`hutong import census FILE`: read a county's workbook; check it only, or receive, match and apply it as a named officer."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections import Counter
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from hutong.exchange.census.reader import read_file
from hutong.exchange.census.rows import Result
from hutong.exchange.places import gazetteer
from hutong.kernel.clock import today
from hutong.kernel.command import BaseCommand
from hutong.kernel.refusals import Refusal
from hutong.places.codes import county as county_of


class Command(BaseCommand):
    """Masking is off here, for the officer who runs it."""

    help = "读取县（区）摸底名册：--dry-run 只检查不写入；--json 每行输出一个结果，最后一行是合计"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What to read and how."""
        parser.add_argument("kind", choices=["census"], help="名册种类：census 儿童摸底名册")
        parser.add_argument("file", type=Path, help="工作簿或文本文件（xlsx、xls、csv、txt）")
        parser.add_argument("--county", type=int, required=True, help="县（区）代码，6 位或 12 位，如 371726")
        parser.add_argument("--dry-run", action="store_true", help="只检查，不写入任何数据")
        parser.add_argument("--json", action="store_true", help="逐行输出 JSON（不遮蔽证件号）")
        parser.add_argument("--password", default="", help="工作簿的打开密码")
        parser.add_argument("--as", dest="user", default="", help="以哪位用户的权限办理（登录名）；写入时必填")

    def handle(
        self, *, file: Path, county: int, json: bool, dry_run: bool, user: str, password: str, **options: Any
    ) -> None:
        """Print one line a row and the counts; a refusal is a sentence and a failure."""
        place = county * 1_000_000 if county < 10**6 else county_of(county)
        if not dry_run and not user:
            raise CommandError("写入要用 --as 指定办理人的登录名；只想检查请加 --dry-run。没有写入任何数据。")
        try:
            content = file.read_bytes()
        except OSError as error:
            raise CommandError(f"打不开文件 {file.name}：请核对文件名和读取权限。没有写入任何数据。") from error
        try:
            results = self._results(content, file.name, place, dry_run, user, password)
            self._print(file.name, results, as_json=json)
        except Refusal as refusal:
            raise CommandError(refusal.sentence) from refusal

    def _results(self, content: bytes, name: str, county: int, dry_run: bool, user: str, password: str) -> list[Result]:
        if user:
            from hutong.exchange import command  # needs the database's rooms; a bare check does not

            return command.run(content, name, county=county, username=user, password=password, dry_run=dry_run)
        return list(read_file(content, name, gazetteer=gazetteer(county), today=today(), password=password))

    def _print(self, name: str, results: list[Result], *, as_json: bool) -> None:
        counts = Counter(result.status for result in results)
        for result in results:
            if as_json:
                self.stdout.write(json.dumps(result.as_json(name), ensure_ascii=False))
            elif result.status == "quarantined":
                reasons = "；".join(reason["message"].rstrip("。") for reason in result.reasons)
                self.stdout.write(f"“{result.sheet}”第 {result.row} 行：{reasons}。")
        total = {
            "file": name,
            "rows": len(results),
            **{s: counts[s] for s in ("ok", "changed", "unchanged", "quarantined", "not_data")},
        }
        if as_json:
            self.stdout.write(json.dumps({"counts": total}, ensure_ascii=False))
        else:
            self.stdout.write(
                f"共 {total['rows']} 行：可用 {total['ok']}，有变化 {total['changed']}，无变化 {total['unchanged']}，"
                f"待改 {total['quarantined']}，不是数据 {total['not_data']}。"
            )
