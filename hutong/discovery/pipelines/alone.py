"""One run at a time for one file, a folder for its work, and putting a finished file in its place.

A killed run's lock goes with it; what it left lying is removed by the next run for the same file.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from hutong.kernel.refusals import Refusal

WORK = ".work-"  # in the name of a folder that is gone when its run is over, unless the run was killed


@contextmanager
def held(file: Path, sentence: str, *, shared: bool = False) -> Iterator[None]:
    """Hold `file` for this run (or with others who only read it); raises Refusal with the sentence when it is held."""
    try:
        lock = (file.parent / f".{file.name}.lock").open("w")
    except OSError as error:
        raise Refusal(f"不能写到“{file}”（{error.strerror}），什么也没有改动。请换一个位置或较短的名字。") from error
    with lock:
        try:
            fcntl.flock(lock, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Refusal(sentence) from error
        yield


@contextmanager
def work(out: Path, sentence: str) -> Iterator[Path]:
    """A folder beside `out`, so that what is finished there only needs renaming; gone afterwards, also those of killed runs."""
    mark = f".{out.name}{WORK}"
    with held(out, sentence):
        for left in [one for one in out.parent.iterdir() if one.name.startswith(mark)]:
            shutil.rmtree(left, ignore_errors=True)
        with TemporaryDirectory(prefix=mark, dir=out.parent, ignore_cleanup_errors=True) as folder:
            yield Path(folder)


def publish(finished: Path, out: Path) -> None:
    """Put a finished file in its place, whole also when the power fails: a reader sees the old one or the new one."""
    _on_disk(finished)
    finished.replace(out)
    _on_disk(out.parent)


def _on_disk(path: Path) -> None:
    known = os.open(path, os.O_RDONLY)
    try:
        os.fsync(known)
    finally:
        os.close(known)
