"""Backup and restore: the database, the attachments and a list of what is inside, in one file.

A backup is a tar archive: `manifest.json`, `database.dump` (pg_dump's own format), `attachments/…`. The keys stay out unless asked
for; the manifest holds their fingerprint, so that a restore with other keys is refused before anything is written.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from hutong.config import database, keys
from hutong.kernel.refusals import Refusal

FORMAT = 1


def backup(target: Path, *, at: datetime, with_keys: bool = False) -> dict[str, Any]:
    """Write the archive whole or not at all, readable by its owner only. Returns its manifest."""
    fresh = target.with_name(f"{target.name}.{os.getpid()}.part")
    try:
        with (
            tempfile.TemporaryDirectory(dir=target.parent) as folder,
            _private(fresh) as out,
            tarfile.open(fileobj=out, mode="w") as archive,
        ):
            dump = Path(folder) / "database.dump"
            with _snapshot() as snapshot:
                _run("pg_dump", "--format=custom", "--no-owner", f"--snapshot={snapshot}", f"--file={dump}")
                manifest = describe(at)
            (Path(folder) / "manifest.json").write_text(json.dumps(manifest, ensure_ascii=False, indent=1))
            archive.add(Path(folder) / "manifest.json", "manifest.json")
            archive.add(dump, "database.dump")
            if settings.ATTACHMENTS.exists():
                archive.add(settings.ATTACHMENTS, "attachments")
            if with_keys and keys.path(settings.DATA).exists():
                archive.add(keys.path(settings.DATA), "keys")
        fresh.replace(target)
    finally:
        fresh.unlink(missing_ok=True)
    return manifest


def restore(source: Path) -> dict[str, Any]:
    """Fill an empty database from an archive and compare the counts of all tables. Returns the manifest. Raises Refusal."""
    with tarfile.open(source) as archive, tempfile.TemporaryDirectory(dir=settings.DATA) as folder:
        manifest = _manifest(archive)
        _check(manifest)
        archive.extraction_filter = getattr(
            tarfile, "data_filter", lambda member, _: member
        )  # Python before 3.11.4 has none
        archive.extractall(folder, members=_members(archive))
        _run(
            "pg_restore",
            "--no-owner",
            "--exit-on-error",
            "--single-transaction",
            f"--dbname={_conninfo()}",
            str(Path(folder) / "database.dump"),
        )
        _put_attachments(Path(folder) / "attachments")
    found = counts()
    if found != manifest["tables"]:
        wrong = sorted(
            name for name in found.keys() | manifest["tables"].keys() if found.get(name) != manifest["tables"].get(name)
        )
        raise Refusal(
            f"恢复后的行数与备份不符：{'、'.join(wrong)}。请不要使用这个数据库，换一个空的再恢复一次。",
            code="restore_differs",
        )
    return manifest


def describe(at: datetime) -> dict[str, Any]:
    """What a backup of this moment holds."""
    return {"format": FORMAT, "at": at.isoformat(), "keys": fingerprint(), "server": _server(), "tables": counts()}


def counts() -> dict[str, int]:
    """Rows of every table, as the owner sees them."""
    with connection.cursor() as cursor:
        cursor.execute("select tablename from pg_tables where schemaname = 'public' order by 1")
        names = [name for (name,) in cursor.fetchall()]
        found = {}
        for name in names:
            cursor.execute(f'select count(*) from "{name}"')
            found[name] = cursor.fetchone()[0]
    return found


def fingerprint() -> str:
    """Of the keys that sealed identifiers; tells keys apart and gives nothing away."""
    text = "|".join(f"{number}:{key.hex()}" for number, key in sorted(settings.SEAL_KEYS.items()))
    index = (settings.SEAL_INDEX_KEY or b"").hex()
    return hashlib.sha256(f"hutong backup {text} {index}".encode()).hexdigest()[:16]


def _server() -> int:
    with connection.cursor() as cursor:
        cursor.execute("show server_version_num")
        return int(cursor.fetchone()[0])


@contextmanager
def _snapshot() -> Iterator[str]:
    """One moment for the dump and for the counts, since people go on working."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("set transaction isolation level repeatable read")
        cursor.execute("select pg_export_snapshot()")
        yield cursor.fetchone()[0]


def _private(path: Path) -> Any:
    return os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600), "w+b")


def _manifest(archive: tarfile.TarFile) -> dict[str, Any]:
    try:
        file = archive.extractfile("manifest.json")
        assert file is not None
        manifest: dict[str, Any] = json.load(file)
    except (KeyError, AssertionError, ValueError):
        raise Refusal("这个文件不是护童的备份，没有改动任何内容。请检查文件名。", code="not_a_backup") from None
    return manifest


def _check(manifest: dict[str, Any]) -> None:
    if manifest["format"] != FORMAT:
        raise Refusal(
            f"备份的格式是 {manifest['format']}，这个版本只认识 {FORMAT}。没有改动任何内容。请用做备份的版本恢复。",
            code="format",
        )
    if manifest["keys"] != fingerprint():
        raise Refusal(
            "备份用的密钥与现在的不同，恢复后身份证号将无法解开，所以没有恢复。请先放回做备份时的密钥文件（keys）。",
            code="keys_differ",
        )
    if counts():
        raise Refusal(
            "数据库不是空的，没有恢复，也没有改动任何内容。请用 HUTONG_DATA 指定一个新的数据文件夹，或准备一个空数据库。",
            code="not_empty",
        )


def _members(archive: tarfile.TarFile) -> Iterator[tarfile.TarInfo]:
    """Plain files of ours only: a link or a path that climbs out of the folder is left in the archive."""
    ours = (one for one in archive if one.name == "database.dump" or one.name.startswith("attachments/"))
    return (one for one in ours if one.isreg() and ".." not in Path(one.name).parts)


def _put_attachments(folder: Path) -> None:
    if not folder.exists():
        return
    settings.ATTACHMENTS.mkdir(mode=0o700, exist_ok=True)
    for path in folder.rglob("*"):
        if path.is_file():
            target = settings.ATTACHMENTS / path.relative_to(folder)
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            path.replace(target)


def _conninfo() -> str:
    """For pg_dump and pg_restore: where Django's connection goes. A password travels in the environment."""
    wanted = {"dbname": "NAME", "user": "USER", "host": "HOST", "port": "PORT"}
    facts = connection.settings_dict
    return " ".join(f"{name}='{facts[key]}'" for name, key in wanted.items() if facts[key])


def _run(program: str, *arguments: str) -> None:
    server = database.programs()
    path = str(server.programs / program) if server else program
    target = [] if program == "pg_restore" else [f"--dbname={_conninfo()}"]
    variables = {**os.environ, "PGPASSWORD": str(connection.settings_dict["PASSWORD"])}
    try:
        done = subprocess.run([path, *target, *arguments], capture_output=True, text=True, check=False, env=variables)
    except FileNotFoundError:
        raise Refusal(
            f"没有找到 {program}。请安装 PostgreSQL 的客户端程序（postgresql-client）后再试。没有改动任何内容。",
            code="no_client",
        ) from None
    if done.returncode:
        raise Refusal(f"{program} 没有完成，改动已撤回：{done.stderr.strip()[-500:]}", code=program)
