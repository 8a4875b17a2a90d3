"""Links of a register that stay beside it, so that a run that was killed goes on where it was, and unchanged files cost nothing.

A file of links bears in its name what it was made of: the register, the police register and the linkage's rules. It holds
row ids and no personal data. It is written aside and put in place whole; a half-written one is never found.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from hutong.discovery.pipelines import alone
from hutong.discovery.pipelines.linkage import run
from hutong.discovery.pipelines.linkage.reading import quoted
from hutong.policy.linkage import LINKAGE


def of(register: Path, police: Path, folder: Path) -> Path:
    """Where the links of these two files, as they are now, would be."""
    parts = [LINKAGE.model_dump_json()]
    for file in (register, police):
        state = file.stat()
        parts += [file.name, str(state.st_size), str(state.st_mtime_ns)]
    return folder / f"{register.stem}.{hashlib.sha256('|'.join(parts).encode()).hexdigest()[:20]}.parquet"


def whole(links: Path) -> bool:
    """Whether there are links here, readable to the end; those a failing disk has cut are made anew."""
    try:
        with duckdb.connect() as db:
            db.execute(f"select count(left_id), count(band) from read_parquet({quoted(links)})").fetchall()
    except duckdb.Error:
        return False
    return True


def make(register: Path, police: Path, links: Path, prepared: run.Kept) -> None:
    """Link, and drop what earlier deliveries and killed runs of this register left. `prepared`: the police index of this run."""
    _sweep(links.parent, register.stem)
    run.link(register, police, links, prepared)
    _sweep(links.parent, register.stem)
    for old in links.parent.glob(f"{register.stem}.*.parquet"):
        if old != links and old.name.count(".") == 2:
            old.unlink(missing_ok=True)


def _sweep(folder: Path, register: str) -> None:
    for left in folder.glob(f".{register}.*"):
        shutil.rmtree(left) if left.is_dir() else left.unlink()


@contextmanager
def folder(at: Path) -> Iterator[None]:
    """Hold the folder of links: two runs over the same registers would make the same links twice and in each other's way."""
    at.mkdir(exist_ok=True)
    with alone.held(
        at / "links", "另一次发现任务正在比对这个文件夹里的名册，这一次没有运行，原有线索不变。请等它结束后再试。"
    ):
        yield
