"""The keys of this installation: made once, kept beside the data in a file only its owner reads, given to the settings.

An operator who keeps keys elsewhere sets the variables (or NAME_FILE) and no file is made. They are not part of a
backup unless asked for: who holds a backup and the keys holds every identity number.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from hutong.config import folders

MOST = 255  # the number of a sealing key is one byte
NAMES = ("HUTONG_SECRET_KEY", "HUTONG_SEAL_KEYS", "HUTONG_INDEX_KEY")


def path(data: Path) -> Path:
    """Where the keys of a data folder lie."""
    return data / "keys"


def load(data: Path) -> None:
    """Put the keys into the environment; what is set already stays."""
    if all(os.environ.get(name) or os.environ.get(f"{name}_FILE") for name in NAMES):
        return
    if not path(data).exists():
        if (folders.database(data) / "PG_VERSION").exists():
            raise folders.Trouble(
                f"密钥文件 {path(data)} 不见了，而数据库还在；没有它，身份证号无法解开。数据没有改动。请从保管处放回密钥文件后再启动。"
            )
        _write(path(data), _fresh())
    for name, value in read(path(data)).items():
        if not os.environ.get(f"{name}_FILE"):
            os.environ.setdefault(name, value)


def read(file: Path) -> dict[str, str]:
    """The keys in a file, by name."""
    return dict(line.split("=", 1) for line in file.read_text().splitlines() if "=" in line)


def add(data: Path) -> int:
    """Put a further sealing key beside the others; the highest number seals from the next start on. Returns its number.

    Raises Trouble when the keys are kept elsewhere.
    """
    file = path(data)
    if os.environ.get("HUTONG_SEAL_KEYS_FILE") or not file.exists():
        raise folders.Trouble(
            "密钥不在数据文件夹里，没有改动。请在保管密钥的地方给 HUTONG_SEAL_KEYS 加上下一个编号的密钥，重新启动后运行 hutong keys rotate。"
        )
    known = read(file)
    number = max(int(part.split(":")[0]) for part in known["HUTONG_SEAL_KEYS"].split(",")) + 1
    if number > MOST:
        raise folders.Trouble(f"密钥编号已用到 {MOST}，没有改动。请联系开发者。")
    known["HUTONG_SEAL_KEYS"] += f",{number}:{secrets.token_hex(32)}"
    fresh = file.with_name(f"{file.name}.{os.getpid()}")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
        out.writelines(f"{name}={value}\n" for name, value in known.items())
        out.flush()
        os.fsync(out.fileno())
    fresh.replace(file)
    return number


def _fresh() -> str:
    return (
        f"HUTONG_SECRET_KEY={secrets.token_urlsafe(48)}\n"
        f"HUTONG_SEAL_KEYS=1:{secrets.token_hex(32)}\n"
        f"HUTONG_INDEX_KEY={secrets.token_hex(32)}\n"
    )


def _write(file: Path, text: str) -> None:
    """Whole or not at all; of two that write at once the first one stays."""
    fresh = file.with_name(f"{file.name}.{os.getpid()}")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
        out.write(text)
        os.fsync(out.fileno())
    try:
        os.link(fresh, file)
    except FileExistsError:
        pass
    finally:
        fresh.unlink()
