"""What every command of ours is made from: help that a clerk can read. Django's own options work and are not shown."""

from __future__ import annotations

import argparse
from typing import Any

from django.core.management.base import BaseCommand as DjangoCommand
from django.core.management.base import CommandParser, DjangoHelpFormatter

_OF_DJANGO = frozenset(DjangoHelpFormatter.show_last) | {"-v", "--skip-checks"}


class _Formatter(DjangoHelpFormatter, argparse.RawDescriptionHelpFormatter):
    """Lines of the description stay lines, and the headings are Chinese."""

    def add_usage(self, usage: Any, actions: Any, *args: Any, **kwargs: Any) -> None:
        """用法：… instead of usage: …"""
        super().add_usage(usage, actions, args[0], "用法：")


class BaseCommand(DjangoCommand):
    """A command whose help shows its own options only; --traceback, --settings and the like are taken all the same."""

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        """The parser of the command, with Django's options hidden from help."""
        parser = super().create_parser(prog_name, subcommand, formatter_class=_Formatter, **kwargs)
        parser._positionals.title, parser._optionals.title = "要写的", "选项"
        for action in parser._actions:
            if _OF_DJANGO & set(action.option_strings):
                action.help = argparse.SUPPRESS
            elif isinstance(action, argparse._HelpAction):
                action.help = "显示这份说明"
        return parser
