"""The launcher of the embedded database, against real servers in folders of their own."""

from __future__ import annotations

import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from hutong.config import embedded, folders

USE_AND_WAIT = """
import sys
from pathlib import Path
from hutong.config import embedded
server = embedded.use(Path(sys.argv[1]), fast=True)
print((server.folder / "postmaster.pid").read_text().split()[0], flush=True)
sys.stdin.read()
server.stop_if_last()
"""


@contextmanager
def reachable() -> Iterator[Path]:
    """A data folder that the service account can reach (pytest's own temporary folders are closed to it)."""
    outer = Path(tempfile.mkdtemp(prefix="hutong-test-"))
    outer.chmod(0o755)
    yield outer / "data"
    if (outer / "data/postgresql/postmaster.pid").exists():
        embedded.use(outer / "data", fast=True).stop_if_last()
    shutil.rmtree(outer)


@pytest.fixture
def place() -> Iterator[Path]:
    with reachable() as folder:
        yield folder


@pytest.fixture(scope="module")
def server() -> Iterator[embedded.Server]:
    """A server in use by this process, for tests that only look at it."""
    with reachable() as folder:
        used = embedded.use(folder, fast=True)
        yield used
        used.stop_if_last()


def another(place: Path) -> subprocess.Popen[str]:
    """Another process that uses the same folder, until its input closes."""
    return subprocess.Popen(
        [sys.executable, "-c", USE_AND_WAIT, str(place)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


def server_id(process: subprocess.Popen[str]) -> int:
    assert process.stdout
    return int(process.stdout.readline())


def own_id(server: embedded.Server) -> int | None:
    return embedded._process_id(server)


def test_it_makes_a_utf8_database_that_sorts_alike_everywhere(server: embedded.Server) -> None:
    with psycopg.connect(server.url()) as connection:
        row = connection.execute(
            "select pg_encoding_to_char(encoding), datlocprovider, datlocale from pg_database where datname = 'hutong'"
        ).fetchone()
    assert row == ("UTF8", "b", "C.UTF-8")


def test_it_lets_in_each_role_but_nobody_by_trust(server: embedded.Server) -> None:
    for role in embedded.ROLES:
        with psycopg.connect(server.url(role)) as connection:
            assert connection.info.user == role
    with pytest.raises(psycopg.OperationalError, match="Peer authentication failed"):
        psycopg.connect(server.url("postgres"))


def test_only_the_loader_passes_row_security_and_nobody_is_superuser(server: embedded.Server) -> None:
    with psycopg.connect(server.url()) as connection:
        rows = connection.execute(
            "select rolname, rolbypassrls from pg_roles where rolname = any(%s) and not rolsuper",
            [list(embedded.ROLES)],
        ).fetchall()
    assert dict(rows) == {"hutong_owner": False, "hutong_web": False, "hutong_worker": False, "hutong_loader": True}


def test_it_listens_on_no_network_address(server: embedded.Server) -> None:
    with psycopg.connect(server.url()) as connection:
        assert connection.execute("show listen_addresses").fetchone() == ("",)


def test_its_files_and_its_socket_are_closed_to_others(server: embedded.Server) -> None:
    for folder in (server.folder, server.socket):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert folder.stat().st_uid == server.account.uid


def test_it_leaves_the_permissions_of_parent_folders_alone(place: Path) -> None:
    place.parent.chmod(0o751)
    embedded.use(place, fast=True).stop_if_last()
    assert stat.S_IMODE(place.parent.stat().st_mode) == 0o751


def test_the_last_user_stops_it_and_not_an_earlier_one(place: Path) -> None:
    server = embedded.use(place, fast=True)
    other = another(place)
    server_id(other)
    assert server.stop_if_last() is False
    assert own_id(server) is not None
    other.communicate("")
    assert own_id(server) is None


def test_it_adopts_a_server_left_by_a_killed_parent(place: Path) -> None:
    parent = another(place)
    left = server_id(parent)
    parent.kill()
    parent.wait()
    adopter = embedded.use(place, fast=True)
    assert own_id(adopter) == left
    assert adopter.stop_if_last() is True


def test_two_starters_at_once_share_one_server(place: Path) -> None:
    first, second = another(place), another(place)
    assert server_id(first) == server_id(second)
    first.communicate("")
    second.communicate("")


def test_a_stale_pid_file_of_another_program_does_not_stop_the_start(place: Path) -> None:
    first = embedded.use(place, fast=True)
    first.stop_if_last()
    stale = first.folder / "postmaster.pid"
    stale.write_text(f"{os.getpid()}\n{first.folder}\n0\n5432\n{first.socket}\n\n")
    os.chown(stale, first.account.uid, first.account.gid)
    again = embedded.use(place, fast=True)
    assert own_id(again) not in (None, os.getpid())
    again.stop_if_last()


def test_what_was_committed_survives_kill_9_of_the_database(place: Path) -> None:
    server = embedded.use(place)
    with psycopg.connect(server.url()) as connection:
        connection.execute("create table kept (n int)")
        connection.execute("insert into kept values (1)")
    os.kill(own_id(server) or 0, signal.SIGKILL)
    server.stop_if_last()
    again = embedded.use(place)
    with psycopg.connect(again.url()) as connection:
        assert connection.execute("select n from kept").fetchall() == [(1,)]
    again.stop_if_last()


def test_it_starts_afresh_when_the_socket_was_swept_away(place: Path) -> None:
    server = embedded.use(place, fast=True)
    shutil.rmtree(server.socket)
    again = embedded.use(place, fast=True)
    with psycopg.connect(again.url()) as connection:
        assert connection.execute("select 1").fetchone() == (1,)
    server.stop_if_last()
    again.stop_if_last()


def test_a_socket_path_that_is_too_long_is_refused_with_advice(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUTONG_RUNTIME", "/tmp/" + "x" * 100)
    with pytest.raises(folders.Trouble, match="HUTONG_RUNTIME"):
        embedded.use(place, fast=True)


def test_a_runtime_folder_open_to_others_is_refused(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    base = place.parent / "run"
    base.mkdir(mode=0o755)
    monkeypatch.setenv("HUTONG_RUNTIME", str(base))
    who = folders.account(place / "postgresql")
    (base / f"hutong-{who.uid}-{folders.fingerprint(place / 'postgresql')}").mkdir(mode=0o755)
    with pytest.raises(folders.Trouble, match="占用"):
        embedded.use(place, fast=True)


def test_data_of_another_version_is_refused_and_left_as_it_is(place: Path) -> None:
    server = embedded.use(place, fast=True)
    server.stop_if_last()
    (server.folder / "PG_VERSION").write_text("16\n")
    with pytest.raises(folders.Trouble, match="hutong backup"):
        embedded.use(place, fast=True)
    (server.folder / "PG_VERSION").write_text("18\n")


def test_the_log_of_the_database_keeps_no_statement_and_no_key_value(server: embedded.Server) -> None:
    with psycopg.connect(server.url(), autocommit=True) as connection:
        connection.execute("create table one (id text primary key)")
        connection.execute("insert into one values ('371726201301010017')")
        with pytest.raises(psycopg.errors.UniqueViolation):
            connection.execute("insert into one values ('371726201301010017')")
    for _ in range(100):  # the database's log is written by a process of its own
        logs = [path.read_text() for path in (server.folder / "log").iterdir()]
        if any("unique constraint" in text for text in logs):
            break
        time.sleep(0.1)
    assert any("unique constraint" in text for text in logs)
    assert not any("371726201301010017" in text for text in logs)
