"""`hutong feed schema [FEED]`: what departments send, as Frictionless Table Schema."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from hutong.policy.feeds import feeds, table_schema
from hutong.policy.feeds.page import section


class Command(BaseCommand):
    """Policy data only; the database is not asked."""

    help = "各部门报送的数据：schema 输出列名约定（Table Schema，JSON）"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What to do, and with which feed."""
        actions = parser.add_subparsers(dest="action", required=True)
        schema = actions.add_parser("schema", help="输出列名约定；不写名称则每行一份，全部输出")
        schema.add_argument("feed", nargs="?", choices=sorted(feeds()), help="数据名称，如 police、school")
        schema.add_argument("--markdown", action="store_true", help="输出 docs/feeds.md 里的表格")

    def handle(self, *, action: str, feed: str | None, markdown: bool = False, **options: Any) -> None:
        """Print it."""
        chosen = [feeds()[feed]] if feed else list(feeds().values())
        if markdown:
            self.stdout.write("\n\n".join(section(one) for one in chosen))
            return
        for one in chosen:
            self.stdout.write(json.dumps(table_schema(one), ensure_ascii=False, indent=2 if feed else None))
