"""Backup and restore through the command itself, on two databases of their own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from hutong.config import embedded

ADD = """
import os, sys; sys.argv = ["hutong", "shell"]
from django.conf import settings
from hutong.config import administrator
from hutong.kernel.clock import now
from hutong.places import operations as places
places.load_divisions(); administrator.make(at=now())
folder = settings.ATTACHMENTS / "ab"; folder.mkdir(parents=True); (folder / "photo").write_bytes(b"a photo")
"""


@pytest.fixture(scope="module")
def place() -> Iterator[Path]:
    outer = Path(tempfile.mkdtemp(prefix="hutong-test-"))
    outer.chmod(0o755)
    yield outer
    shutil.rmtree(outer)


def hutong(data: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    variables = {name: value for name, value in os.environ.items() if not name.startswith(("DATABASE_", "HUTONG_"))}
    return subprocess.run(
        [sys.executable, "-m", "hutong.config.cli", *arguments],
        env={**variables, "HUTONG_DATA": str(data)}, capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip


@pytest.fixture(scope="module")
def archive(place: Path) -> Path:
    """A backup of a small real database with one attachment."""
    assert hutong(place / "first", "migrate", "-v0").returncode == 0
    added = hutong(place / "first", "shell", "-v0", "-c", ADD)
    assert added.returncode == 0, added.stderr
    done = hutong(place / "first", "backup", str(place / "one.hutong"))
    assert done.returncode == 0, done.stderr
    return place / "one.hutong"


def everything(data: Path) -> dict[str, list[str]]:
    """All rows of all tables as text."""
    server = embedded.use(data)
    try:
        with psycopg.connect(server.url()) as connection:
            names = connection.execute("select tablename from pg_tables where schemaname = 'public'").fetchall()
            return {
                name: sorted(row[0] for row in connection.execute(f'select t::text from "{name}" t'))
                for (name,) in names
            }
    finally:
        server.stop_if_last()


def second(place: Path, name: str, *, keys: bool = True) -> Path:
    """An empty data folder, with the keys of the first."""
    folder = place / name
    folder.mkdir(mode=0o711)
    if keys:
        shutil.copy(place / "first/keys", folder / "keys")
    return folder


def test_a_restored_database_is_the_same_row_by_row_with_its_attachments(place: Path, archive: Path) -> None:
    folder = second(place, "second")
    done = hutong(folder, "restore", str(archive))
    assert done.returncode == 0, done.stderr
    assert everything(folder) == everything(place / "first")
    assert len(everything(folder)["places_division"]) > 5000
    assert (folder / "attachments/ab/photo").read_bytes() == b"a photo"


def test_the_backup_is_closed_to_others_and_holds_no_keys(archive: Path) -> None:
    assert archive.stat().st_mode & 0o077 == 0
    with tarfile.open(archive) as opened:
        assert "keys" not in opened.getnames()


def test_other_keys_are_refused_before_anything_is_written(place: Path, archive: Path) -> None:
    folder = second(place, "third", keys=False)
    done = hutong(folder, "restore", str(archive))
    assert done.returncode == 1
    assert "密钥" in done.stderr
    assert everything(folder) == {}


def test_a_database_in_use_is_not_overwritten(place: Path, archive: Path) -> None:
    before = everything(place / "first")
    done = hutong(place / "first", "restore", str(archive))
    assert done.returncode == 1
    assert "不是空的" in done.stderr
    assert everything(place / "first") == before


def test_a_file_that_is_no_backup_is_refused_with_a_sentence(place: Path, archive: Path) -> None:
    wrong = place / "wrong.hutong"
    with tarfile.open(wrong, "w") as opened:
        (place / "note").write_text(json.dumps({}))
        opened.add(place / "note", "note")
    done = hutong(place / "first", "restore", str(wrong))
    assert done.returncode == 1
    assert "不是护童的备份" in done.stderr


def test_a_database_one_release_old_is_brought_up_and_keeps_its_rows(place: Path, archive: Path) -> None:
    folder = second(place, "old")
    assert hutong(folder, "restore", str(archive)).returncode == 0
    back = hutong(folder, "migrate", "-v0", "wellbeing", "0001")
    assert back.returncode == 0, back.stderr
    assert hutong(folder, "migrate", "-v0").returncode == 0
    old, new = everything(place / "first"), everything(folder)
    assert new["staff_user"] == old["staff_user"]
    assert new["places_division"] == old["places_division"]
    assert set(new) == set(old)
