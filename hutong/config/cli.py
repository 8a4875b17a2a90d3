"""The command `hutong`: one entry to every management command, with the keys, the database and the settings in place.

A command that needs the database gets it: the one DATABASE_URL names, else the embedded one, started when it is not
running and stopped again when this was its last user. Errors meant for people end as one sentence.
"""

from __future__ import annotations

import os
import signal
import sys
from types import FrameType

from hutong.config import database, folders, keys

OTHERS = ("migrate", "makemigrations", "check", "shell", "dbshell")
USAGE = "护童（Hutong）：困境儿童和留守儿童的发现、走访与责任平台\n\n用法：hutong 命令 [选项]        每个命令都有说明：hutong 命令 --help\n"


def main(argv: list[str] | None = None) -> None:
    """Entry of the program; ends the process with 0, 1 (refused) or Django's own code."""
    argv = list(sys.argv if argv is None else argv)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hutong.config.settings")
    signal.signal(signal.SIGTERM, _end)
    try:
        if argv[1:] in ([], ["-h"], ["--help"], ["help"]):
            print(listing())
        else:
            run(argv)
    except folders.Trouble as trouble:
        sys.exit(f"hutong：{trouble}")
    except KeyboardInterrupt:
        sys.exit(130)


def run(argv: list[str]) -> None:
    """Prepare what the command needs, run it, and leave the database as it was found."""
    try:
        if database.needed(argv):
            keys.load(folders.own(folders.data()))
            database.prepare(argv)
        _execute(argv)
    finally:
        database.leave()


def _execute(argv: list[str]) -> None:
    import django  # after the environment is complete, since settings are read once
    from django.core.management import execute_from_command_line
    from django.db import Error, connections

    from hutong.kernel.refusals import Refusal

    try:
        django.setup()
        execute_from_command_line(argv)
    except Refusal as refusal:
        sys.exit(f"hutong：{refusal.sentence}")
    except Error as error:
        if "--traceback" in argv:
            raise
        sys.exit(
            f"hutong：数据库没有完成这一步，这一步的改动已撤回：{_first_line(error)}\n请运行 hutong doctor 查看原因；加 --traceback 可看详情。"
        )
    finally:
        connections.close_all()


def listing() -> str:
    """All our commands, each with its first line of help."""
    import django
    from django.core.management import get_commands, load_command_class

    os.environ.setdefault("HUTONG_POOL", "False")
    django.setup()
    found = get_commands()
    ours = sorted(name for name, app in found.items() if str(app).startswith("hutong."))
    lines = [f"  {name:<12}{_first_line(load_command_class(str(found[name]), name).help)}" for name in ours]
    return "\n".join([USAGE, "命令：", *lines, "", "Django 的命令也可使用：" + " ".join(OTHERS)])


def _first_line(text: object) -> str:
    return (str(text).strip().splitlines() or [""])[0]


def _end(number: int, frame: FrameType | None) -> None:
    """TERM ends like Ctrl-C, so that the database is left in order."""
    raise SystemExit(128 + number)


if __name__ == "__main__":
    main()
