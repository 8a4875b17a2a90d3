"""Links of a register that stay beside it, so that a run that was killed goes on where it was, and unchanged files cost nothing.

A file of links bears in its name what it was made of: the register, the police register, the linkage's rules and its code. It holds
row ids and no personal data; beside it stand hashes of the register's rows, encrypted, by which the next delivery's changes are
known. It is written aside and put in place whole; a half-written one is never found.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import duckdb

from hutong.discovery.pipelines import alone, deliveries
from hutong.discovery.pipelines.linkage import made, run
from hutong.discovery.pipelines.linkage.reading import quoted
from hutong.kernel import parquet
from hutong.policy.linkage import LINKAGE


def of(register: Path, police: Path, folder: Path) -> Path:
    """Where the links of these two files, as they are now, would be: register . police and settings . the register's state."""
    settled = _digest(LINKAGE.model_dump_json(), made.by(), *_state(police))
    return folder / f"{register.stem}.{settled}.{_digest(*_state(register))}.parquet"


def _digest(*parts: str) -> str:
    return hashlib.sha256("|".join(parts).encode()).hexdigest()[:20]


def _state(file: Path) -> tuple[str, str, str]:
    return file.name, str(file.stat().st_size), str(file.stat().st_mtime_ns)


def whole(links: Path) -> bool:
    """Whether there are links here, readable to the end; those a failing disk has cut are made anew."""
    try:
        with duckdb.connect() as db:
            db.execute(f"select count(left_id), count(band) from read_parquet({quoted(links)})").fetchall()
    except duckdb.Error:
        return False
    return True


def make(register: Path, police: Path, links: Path, prepared: run.Kept, scratch: Path) -> None:
    """Link what is new or changed since the last delivery (all of it where there was none, or the police register changed).

    Drops what earlier deliveries and killed runs of this register left. `prepared`: the police index; without a key that
    outlives the run nothing is remembered of rows, and each delivery is linked whole.
    """
    _sweep(links.parent, register.stem)
    marks = _marks(links) if prepared.lasting else None
    last = _last(links) if marks else None
    if marks and last and (left := deliveries.changed(register, last, marks, scratch)):
        run.link(left.rows, police, links, replace(prepared, before=last.links, standing=left.standing))
    else:
        if marks:
            deliveries.remember(register, marks)
        run.link(register, police, links, prepared)
    _sweep(links.parent, register.stem)
    for old in {*links.parent.glob(f"{register.stem}.*.*"), *links.parent.glob(f"rows-{register.stem}-*")}:
        if old not in (links, marks) and (old.name.count(".") == 3 or old.name.startswith("rows-")):
            old.unlink(missing_ok=True)


def _marks(links: Path) -> Path:
    """Where the marks of the rows of a delivery are, whose links are here."""
    stem, settled, state, _ = links.name.split(".")
    return links.parent / parquet.name(f"rows-{stem}-{settled}-{state}")


def _last(links: Path) -> deliveries.Last | None:
    """The last delivery that was linked to the same police register by the same settings."""
    stem, settled, _, _ = links.name.split(".")
    there = [deliveries.Last(one, _marks(one)) for one in links.parent.glob(f"{stem}.{settled}.*.parquet")]
    return next((one for one in there if one.marks.is_file() and whole(one.links)), None)


def _sweep(folder: Path, register: str) -> None:
    for left in [*folder.glob(f".{register}.*"), *folder.glob(f".rows-{register}-*")]:
        shutil.rmtree(left) if left.is_dir() else left.unlink()


@contextmanager
def folder(at: Path) -> Iterator[None]:
    """Hold the folder of links: two runs over the same registers would make the same links twice and in each other's way."""
    at.mkdir(exist_ok=True)
    with alone.held(
        at / "links", "另一次发现任务正在比对这个文件夹里的名册，这一次没有运行，原有线索不变。请等它结束后再试。"
    ):
        for left in at.glob(f".*{alone.WORK}*"):  # of a run that was killed after it had put its links in their place
            shutil.rmtree(left, ignore_errors=True)
        yield
