"""The names of the benches, and how a figure is told. Measures nothing.

A bench is a module of this package with `run(json: bool) -> None`; it ends by handing its figures to `tell`.
"""

from __future__ import annotations

import json as jsons
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.conf import settings

# In the order in which `hutong bench all` runs them, after the city is built.
BENCHES: dict[str, str] = {
    "pages": "hutong.workbench.bench.pages",
    "rowsecurity": "hutong.workbench.bench.rowsecurity",
    "duties": "hutong.workbench.bench.duties",
    "imports": "hutong.workbench.bench.imports",
    "linkage": "hutong.workbench.bench.linkage",
    "rules": "hutong.workbench.bench.rules",
    "public": "hutong.workbench.bench.public",
    "storm": "hutong.workbench.bench.storm.bench",
}


def run(name: str, *, json: bool, **sizes: int) -> None:
    """Run one bench in this process. `sizes`: what the command was told of how much, for benches that take it."""
    import_module(BENCHES[name]).run(json, **sizes)


def run_all(*, json: bool) -> list[str]:
    """Run every bench, each in a process of its own, so that none inherits another's memory. Returns those that failed."""
    failed = []
    for name in BENCHES:
        kept(name).unlink(missing_ok=True)
        command = [str(Path(sys.prefix) / "bin" / "hutong"), "bench", name, *(["--json"] if json else [])]
        done = subprocess.run(command, stdout=subprocess.PIPE if json else None, text=True, check=False)
        if done.returncode:
            failed.append(name)
    if json:
        found = {name: jsons.loads(kept(name).read_text()) for name in BENCHES if kept(name).exists()}
        print(jsons.dumps(found, ensure_ascii=False, indent=2))
    return failed


def kept(name: str) -> Path:
    """Where the last figures of a bench are kept."""
    return Path(settings.DATA) / "bench" / f"{name}.json"


@contextmanager
def cities(name: str) -> Iterator[Path]:
    """Where a bench puts its synthetic cities: the folder HUTONG_BENCH_CITIES, kept for the next run, or one that goes away."""
    if kept_in := os.environ.get("HUTONG_BENCH_CITIES"):
        yield Path(kept_in)
        return
    with TemporaryDirectory(prefix=f"hutong-{name}-") as folder:
        yield Path(folder)


def tell(name: str, found: dict[str, Any], *, json: bool, table: Callable[[dict[str, Any]], str]) -> None:
    """Keep the figures in the data folder and print them, as JSON or as a table."""
    text = jsons.dumps(found, ensure_ascii=False, indent=2)
    kept(name).parent.mkdir(parents=True, exist_ok=True)
    kept(name).write_text(text + "\n")
    print(text if json else table(found))
