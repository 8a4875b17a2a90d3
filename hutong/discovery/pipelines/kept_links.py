"""Links of a register that stay beside it, so that a run that was killed goes on where it was, and unchanged files cost nothing.

A file of links bears in its name what it was made of: the register, the police register and the linkage's rules. It holds
row ids and no personal data. It is written aside and put in place whole; a half-written one is never found.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from hutong.discovery.pipelines.linkage import run
from hutong.policy.linkage import LINKAGE


def of(register: Path, police: Path, folder: Path) -> Path:
    """Where the links of these two files, as they are now, would be."""
    parts = [LINKAGE.model_dump_json()]
    for file in (register, police):
        state = file.stat()
        parts += [file.name, str(state.st_size), str(state.st_mtime_ns)]
    return folder / f"{register.stem}.{hashlib.sha256('|'.join(parts).encode()).hexdigest()[:20]}.parquet"


def make(register: Path, police: Path, links: Path, prepared: run.Kept) -> Path:
    """Link, and drop what earlier deliveries of this register left. `prepared`: the police register's index of this run."""
    links.parent.mkdir(exist_ok=True)
    run.link(register, police, links, prepared)
    for old in links.parent.glob(f"{register.stem}.*.parquet"):
        if old != links and old.name.count(".") == 2:
            old.unlink(missing_ok=True)
    return links
