"""How fast a census workbook comes in: the two stages of the import beside django-import-export and openpyxl with COPY.

Each part runs in a process of its own on a copy of an empty database, so that memory is that part's. Rates of one run only.
"""

from __future__ import annotations

import json
import resource
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

ROWS, SAMPLE = 50_000, 2_000
GOALS = {"check": 20, "apply": 5, "memory_mb": 500}
_DATABASE = "hutong_bench_import"
_MODULE = "hutong.workbench.bench.imports"


def run(json: bool) -> None:
    """Measure and tell."""
    from hutong.workbench.bench import registry

    registry.tell("imports", measure(told=lambda line: print(line, file=sys.stderr)), json=json, table=table)


def table(found: dict[str, Any]) -> str:
    """The figures for people."""
    parts = ("ours", "import_export", "import_export_bulk", "copy")
    lines = [f"{name}：{found[name]}" for name in parts]
    return "\n".join(
        [
            f"{found['rows']} 行名册（同类工具 {found['sample']} 行）",
            *lines,
            f"倍数：{found['ratios']}",
            f"按处理器时间：{found['ratios_processor']}",
        ]
    )


def measure(*, rows: int = ROWS, sample: int = SAMPLE, told: Callable[[str], None] = print) -> dict[str, Any]:
    """Seconds, rows a second, ratios and peak memory. The peers read `sample` rows: they would take minutes for all."""
    from hutong.workbench.bench import throwaway

    found: dict[str, Any] = {"rows": rows, "sample": sample, "goals": GOALS}
    with TemporaryDirectory() as folder:
        whole, part = Path(folder) / "whole.xlsx", Path(folder) / "part.xlsx"
        with throwaway.copy(_DATABASE) as database:  # the one in use may not know any village yet
            for file, size in ((whole, rows), (part, sample)):
                throwaway.python(_MODULE, "workbook", str(file), folder, f"--rows={size}", database=database)
        # The peers before and after: what else the machine does then weighs on both.
        for name, path in (
            ("import_export", part),
            ("ours", whole),
            ("copy", whole),
            ("import_export_bulk", part),
            ("again", part),
        ):
            with throwaway.copy(_DATABASE) as database:
                found[name] = json.loads(throwaway.python(_MODULE, name, str(path), folder, database=database))
            told(f"{name}：{found[name]}")
        before, after = found["import_export"], found.pop("again")
        found["import_export"] = {key: round((value + after[key]) / 2, 2) for key, value in before.items()}
    return {**found, "ratios": _ratios(found), "ratios_processor": _ratios(found, "_processor")}


def _ratios(found: dict[str, Any], clock: str = "") -> dict[str, float]:
    """Rows a second against the peers', by the wall or by the processor's time.

    Against the peer's same stage, and against both its stages together, which is how the issue states the peer's rate.
    """

    def rate(name: str, stage: str) -> float:
        rows = found["sample"] if name.startswith("import_export") else found["rows"]
        return rows / float(found[name][stage + clock])

    pairs = [
        (stage, name, theirs)
        for stage in ("check", "apply")
        for name in ("import_export", "import_export_bulk")
        for theirs in (stage, "both")
    ]
    ratios = {
        f"{ours}/{name} {theirs}": round(rate("ours", ours) / rate(name, theirs), 1) for ours, name, theirs in pairs
    }
    return {**ratios, "both/copy both": round(rate("ours", "both") / rate("copy", "both"), 2)}


def _ours(path: Path, folder: Path) -> dict[str, float]:
    from django.conf import settings

    settings.ATTACHMENTS = folder / "attachments"
    from hutong.exchange import operations
    from hutong.kernel.clock import now
    from hutong.kernel.scope import acting
    from hutong.staff.access import scope_of
    from hutong.workbench.bench.watch import Watch

    by = _officer()
    scope = scope_of(by, "测速")
    watch = Watch()
    with acting(scope):
        delivery = operations.receive(content=path.read_bytes(), name="名册.xlsx", county=_county(), by=by, at=now())
        delivery = operations.check(delivery=delivery, by=by, at=now())
    watch.lap("check")
    waiting = delivery.counts["ok"]
    delivery = operations.apply(delivery=delivery, by=by, at=now(), scope=scope)
    watch.lap("apply")
    return {**watch.found, "new": waiting}


def _county() -> int:
    from hutong.workbench.bench.workbooks import COUNTY

    return COUNTY


def _officer() -> Any:
    """A county officer, and a director in every village: as many look-ups as in a real county."""
    from random import Random

    from django.db import transaction

    from hutong.staff.models import User
    from hutong.workbench.bulk import Load
    from hutong.workbench.demo import county, names, rows, staffing

    staff = staffing.hire(Random("1:import"), names.Numbers(first=1), since=county.CENSUS, county=_county(), mark="")
    load = Load({name: rows.TABLES[name] for name in ("staff_user", "staff_post")})
    for one in staff.everybody:
        rows.worker(load, one, "!")
    with transaction.atomic():
        load.insert()
    return User.objects.get(pk=staff.proposer.id)


def _import_export(path: Path, _: Path) -> dict[str, float]:
    from hutong.workbench.bench import peers

    return peers.django_import_export(path, peers.Plain)


def _import_export_bulk(path: Path, _: Path) -> dict[str, float]:
    from hutong.workbench.bench import peers

    return peers.django_import_export(path, peers.Bulk)


def _copy(path: Path, _: Path) -> dict[str, float]:
    from hutong.workbench.bench import peers

    return peers.openpyxl_copy(path)


_PARTS = {
    "ours": _ours,
    "import_export": _import_export,
    "again": _import_export,
    "import_export_bulk": _import_export_bulk,
    "copy": _copy,
}


def _part(name: str, path: Path, folder: Path) -> None:
    import django

    django.setup()
    found = _PARTS[name](path, folder)
    for clock in ("", "_processor"):
        found.setdefault(f"both{clock}", found.get(f"check{clock}", 0) + found.get(f"apply{clock}", 0))
    found["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    sys.stdout.write(json.dumps({key: round(value, 2) for key, value in found.items()}))


def _workbook(path: Path, rows: int) -> None:
    import django

    django.setup()
    from hutong.workbench.bench import workbooks

    workbooks.write(path, rows)


def _asked() -> Namespace:
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("part", choices=[*_PARTS, "workbook"])
    parser.add_argument("--rows", type=int, default=0, help="how many a workbook has")
    parser.add_argument("path", type=Path)
    parser.add_argument("folder", type=Path)
    return parser.parse_args()


if __name__ == "__main__":
    asked = _asked()
    if asked.part == "workbook":
        _workbook(asked.path, asked.rows)
    else:
        _part(asked.part, asked.path, asked.folder)
