"""`hutong feed`: what departments send, and taking it in by file, drop folder or database."""

from __future__ import annotations

import json
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from hutong.kernel.clock import now
from hutong.kernel.command import BaseCommand
from hutong.kernel.refusals import Refusal
from hutong.policy.feeds import feeds, table_schema
from hutong.policy.feeds.page import section


class Command(BaseCommand):
    """`schema` asks policy data only; the others act with the rights of a named officer."""

    help = """各部门报送的数据：schema 输出列名约定（Table Schema，JSON）
receive 接收一个文件；watch 看守交换文件夹（县区或市代码/数据名称/文件）；pull 从 PostgreSQL 的表抽取；token 签发推送令牌
收下后由后台任务检查（hutong up 或 hutong work），结果在“部门数据”页面查看"""

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What to do, and with which feed."""
        actions = parser.add_subparsers(dest="action", required=True)
        schema = actions.add_parser("schema", help="输出列名约定；不写名称则每行一份，全部输出")
        schema.add_argument("feed", nargs="?", choices=sorted(feeds()), help="数据名称，如 police、school")
        schema.add_argument("--markdown", action="store_true", help="输出 docs/feeds.md 里的表格")
        receive = actions.add_parser("receive", help="接收一个文件")
        _whose(receive)
        receive.add_argument("file", type=Path, help="xlsx、xls、csv、txt 或 Parquet")
        pull = actions.add_parser("pull", help="从 PostgreSQL 的表或视图抽取（只读）")
        _whose(pull)
        pull.add_argument("--from", dest="source", required=True, help="连接地址，如 postgresql://只读账号@主机/库")
        pull.add_argument("--table", required=True, help="表或视图名，可带模式名")
        token = actions.add_parser("token", help="给对方的程序签发推送令牌（POST /api/feeds/数据名称/）")
        _whose(token)
        watch = actions.add_parser("watch", help="看守交换文件夹，收下的文件移走，没收下的旁边写明原因")
        watch.add_argument("folder", type=Path, help="交换文件夹（SFTP 的落地目录）")
        watch.add_argument("--as", dest="user", required=True, help="以哪位用户的权限办理（登录名）")
        watch.add_argument("--every", type=int, default=30, help="多少秒看一次（默认 30）")
        watch.add_argument("--once", action="store_true", help="看完现有的文件就结束")

    def handle(self, *, action: str, **options: Any) -> None:
        """Do it; a refusal is a sentence and a failure."""
        try:
            getattr(self, f"_{action}")(options)
        except Refusal as refusal:
            raise CommandError(refusal.sentence) from refusal

    def _schema(self, options: dict[str, Any]) -> None:
        feed = options["feed"]
        chosen = [feeds()[feed]] if feed else list(feeds().values())
        if options["markdown"]:
            self.stdout.write("\n\n".join(section(one) for one in chosen))
            return
        for one in chosen:
            self.stdout.write(json.dumps(table_schema(one), ensure_ascii=False, indent=2 if feed else None))

    def _receive(self, options: dict[str, Any]) -> None:
        from hutong.exchange import channels  # needs the database's rooms; a look at a contract does not

        row = channels.take(
            options["file"], feed=options["feed"], division=_place(options["county"]), by=channels.officer(options["user"]), at=now()
        )  # fmt: skip
        self.stdout.write(f"已收下 {row.file_name}，编号 {row.number}，等待检查。")

    def _pull(self, options: dict[str, Any]) -> None:
        from hutong.exchange import channels  # needs the database's rooms

        row = channels.pull(
            source=options["source"], table=options["table"], feed=options["feed"], division=_place(options["county"]),
            by=channels.officer(options["user"]), at=now(),
        )  # fmt: skip
        self.stdout.write(f"已抽取 {row.file_name}，编号 {row.number}，等待检查。")

    def _token(self, options: dict[str, Any]) -> None:
        from hutong.exchange import channels  # needs the database's rooms

        said = channels.token(options["user"], feed=options["feed"], division=_place(options["county"]))
        self.stdout.write(said)

    def _watch(self, options: dict[str, Any]) -> None:
        from hutong.exchange import channels  # needs the database's rooms

        by, sizes = channels.officer(options["user"]), dict[Path, int]()
        looks = 2 if options["once"] else 0  # the second look knows what has stopped growing
        while True:
            for seen in channels.look(options["folder"], sizes, by, now()):
                said = seen.refused or f"已收下，编号 {seen.delivery.number if seen.delivery else ''}，等待检查。"
                self.stdout.write(f"{seen.file.name}：{said}")
            looks -= 1
            if looks == 0:
                return
            time.sleep(1 if options["once"] else options["every"])


def _whose(parser: ArgumentParser) -> None:
    parser.add_argument("feed", choices=sorted(feeds()), help="数据名称，如 police、school")
    parser.add_argument(
        "--county", type=int, required=True, help="县（区）代码，6 位或 12 位，如 371726；全市一份写市的代码，如 371700"
    )
    parser.add_argument("--as", dest="user", required=True, help="以哪位用户的权限办理（登录名）")


def _place(county: int) -> int:
    return county * 10**6 if county < 10**6 else county
