"""Which database: the one DATABASE_URL names, or the embedded one; and the address of each role in it."""

from __future__ import annotations

import os
from collections.abc import Sequence

from hutong.config import embedded, folders

NEED_NONE = frozenset(
    {
        "help",
        "version",
        "check",
        "collectstatic",
        "compilemessages",
        "makemessages",
        "diffsettings",
        "plan",
        "words",
        "synth",
        "link",
        "discover",
    }
)
NEED_NONE_TO = {("feed", "schema")}  # an action of a command that otherwise needs it
ROLE = {"serve": "hutong_web", "work": "hutong_worker"}

_server: embedded.Server | None = None
_given = os.environ.get("DATABASE_URL")  # as the operator set it, before a command's role replaces it


def needed(argv: Sequence[str]) -> bool:
    """Whether a command reads or writes data; help and checks of the code do not."""
    if tuple(argv[1:3]) in NEED_NONE_TO:
        return False
    return argv[1] not in NEED_NONE and {"-h", "--help"}.isdisjoint(argv)


def prepare(argv: Sequence[str]) -> None:
    """Point DATABASE_URL at the database in the role of a command; start the embedded server if it is the one."""
    global _server
    role = ROLE.get(argv[1], "hutong_owner")
    if role != "hutong_web":
        os.environ.setdefault("HUTONG_POOL", "False")  # one connection is enough
    if _given is None:
        _server = embedded.use(folders.data())
    os.environ["DATABASE_URL"] = url(role)


def url(role: str) -> str:
    """The address of the database for a role. Your own server: DATABASE_OWNER_URL for the owner, DATABASE_URL for the rest."""
    if _server is not None:
        return _server.url(role)
    if role == "hutong_owner":
        return os.environ.get("DATABASE_OWNER_URL") or _given or ""
    return _given or ""


def leave() -> None:
    """Stop the embedded server if we were its last user."""
    if _server is not None:
        _server.stop_if_last()


def programs() -> embedded.Server | None:
    """The embedded server of this process, for its programs."""
    return _server
