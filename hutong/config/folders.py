"""Where things lie on this machine: the data folder, the folder of the database, its socket, and the account that runs it.

Nothing here ever widens the permissions of a folder that it did not make.
"""

from __future__ import annotations

import hashlib
import os
import pwd
import stat
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SYSTEM_DATA = Path("/var/lib/hutong")
SERVICE_ACCOUNTS = ("hutong", "postgres", "nobody")
SOCKET_NAME = 14  # "/.s.PGSQL.5432"
LONGEST_SOCKET = 103  # the smallest limit among systems (104 with the closing zero, on macOS)


class Trouble(Exception):
    """Starting is not possible; the text is a sentence for the operator: what happened, what was kept, what to do."""


@dataclass(frozen=True, slots=True)
class Account:
    """The operating-system account that runs the database. `other` says that it is not the one running us."""

    name: str
    uid: int
    gid: int
    other: bool = False

    def options(self) -> dict[str, Any]:
        """Keyword arguments of `subprocess` that make a program run as this account."""
        as_other: dict[str, Any] = {"user": self.uid, "group": self.gid, "extra_groups": []} if self.other else {}
        return {"cwd": "/", **as_other}

    def reaches(self, path: Path) -> bool:
        """May this account go through to an existing folder or program?"""
        test = ["/bin/sh", "-c", 'test -x "$0"', str(path)]
        return subprocess.run(test, check=False, **self.options()).returncode == 0


def data() -> Path:
    """HUTONG_DATA; else the user's data folder; for root /var/lib/hutong, since other accounts cannot enter /root."""
    if named := os.environ.get("HUTONG_DATA"):
        return Path(named).expanduser().absolute()
    if os.getuid() == 0 and not os.environ.get("XDG_DATA_HOME"):
        return SYSTEM_DATA
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local/share") / "hutong"


def own(folder: Path) -> Path:
    """Make the data folder if needed and check that it is ours. Root's may be passed through, but not listed, by others."""
    folder.mkdir(mode=0o711 if os.getuid() == 0 else 0o700, parents=True, exist_ok=True)
    owner = folder.stat().st_uid
    if owner != os.getuid():
        raise Trouble(
            f"数据文件夹 {folder} 属于另一个账户（uid {owner}），没有改动任何内容。请用那个账户运行，或用 HUTONG_DATA 指定自己的文件夹。"
        )
    return folder


def account(database: Path) -> Account:
    """Who runs the database: we ourselves, or, since PostgreSQL refuses root, a system account that owns the files."""
    if os.getuid() != 0:
        me = pwd.getpwuid(os.getuid())
        return Account(me.pw_name, me.pw_uid, me.pw_gid)
    if database.exists():
        found: pwd.struct_passwd | None = pwd.getpwuid(database.stat().st_uid)
    else:
        found = _service_account()
    if found is None or found.pw_uid == 0:
        raise Trouble(
            "以 root 运行时，数据库需要一个普通系统账户，但没有找到。请先建立账户 hutong，或用 HUTONG_DB_ACCOUNT 指定一个，或改用普通用户运行。"
        )
    return Account(found.pw_name, found.pw_uid, found.pw_gid, other=True)


def _service_account() -> pwd.struct_passwd | None:
    named = os.environ.get("HUTONG_DB_ACCOUNT")
    for name in (named,) if named else SERVICE_ACCOUNTS:
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    return None


def database(data_folder: Path) -> Path:
    """The folder of the database's files: inside the data folder, or, where the account cannot get there, in /var/lib/hutong."""
    inside = data_folder / "postgresql"
    if os.getuid() != 0 or account(inside).reaches(data_folder):
        return inside
    own(SYSTEM_DATA)
    return SYSTEM_DATA / f"postgresql-{fingerprint(data_folder)}"


def private(folder: Path, who: Account) -> Path:
    """A folder that only `who` may enter; one that somebody else made first is refused."""
    try:
        folder.mkdir(mode=0o700)
        if who.other:
            os.chown(folder, who.uid, who.gid)
    except FileExistsError:
        facts = folder.lstat()
        if not stat.S_ISDIR(facts.st_mode) or facts.st_uid != who.uid or facts.st_mode & 0o077:
            raise Trouble(
                f"文件夹 {folder} 已被别人占用，为安全起见没有使用。请删除它，或用 HUTONG_RUNTIME 指定另一个。"
            ) from None
    return folder


def runtime(database_folder: Path, who: Account) -> Path:
    """A short path for the socket. /tmp and not XDG_RUNTIME_DIR: cron has none, and systemd empties it at log-out."""
    base = Path(os.environ.get("HUTONG_RUNTIME") or ("/run" if os.getuid() == 0 else "/tmp"))
    folder = base / f"hutong-{who.uid}-{fingerprint(database_folder)}"
    if len(os.fsencode(folder)) + SOCKET_NAME > LONGEST_SOCKET:
        raise Trouble(f"套接字路径太长：{folder}。数据没有改动。请把 HUTONG_RUNTIME 设为较短的文件夹，例如 /tmp。")
    return private(folder, who)


def fingerprint(path: Path) -> str:
    """Eight characters that tell one data folder from another."""
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:8]
