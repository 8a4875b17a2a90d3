"""What `hutong up` does before it serves: structure, reference data, pages' files, and, if wanted, the demonstration.

Every step is safe to repeat and quick when there is nothing to do. It runs as the owner of the database.
"""

from __future__ import annotations

from collections.abc import Callable
from io import StringIO
from pathlib import Path

from django.conf import settings
from django.core.management import call_command, get_commands
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from hutong.kernel.refusals import Refusal

Say = Callable[[str], None]


def prepare(say: Say, *, demo: bool) -> None:
    """All steps; `say` hears a short Chinese line before each that takes time. Raises Refusal."""
    migrate(say)
    load_reference(say)
    note_policy()
    collect_assets(say)
    translate(say)
    holds_demo = demo_loaded()
    if demo:
        call_command("demo")
    elif holds_demo:
        raise Refusal(
            "这个数据库装有演示数据，不能当作正式数据库启动，没有改动任何内容。请用 HUTONG_DATA 指定另一个数据文件夹，或去掉 --no-demo。",
            code="demo_data",
        )


def migrate(say: Say) -> None:
    """Bring the structure up to this release."""
    waiting = unapplied()
    if waiting:
        say(f"正在更新数据库结构（{len(waiting)} 步）……")
        call_command("migrate", verbosity=0, interactive=False)


def unapplied() -> list[str]:
    """Migrations that this database still lacks."""
    executor = MigrationExecutor(connection)
    return [f"{step.app_label}.{step.name}" for step, _ in executor.migration_plan(executor.loader.graph.leaf_nodes())]


def load_reference(say: Say) -> None:
    """Divisions and organisations of the city; what is there stays."""
    from hutong.places import operations as places
    from hutong.places.models import Organisation

    if not Organisation.objects.exists():
        say("正在装入行政区划和单位……")
        places.load_divisions()
        places.load_organisations()


def note_policy() -> None:
    """Note which policy data this database works with from now on: what was decided before was decided under another."""
    from hutong.kernel.clock import now
    from hutong.policy import loader
    from hutong.policy.models import Version
    from hutong.policy.plan import live

    detail = {"live": sorted(live.live_obligations()), "computed": sorted(live.computed_indicators())}
    Version.objects.get_or_create(digest=loader.version(), defaults={"loaded_at": now(), "detail": detail})


def collect_assets(say: Say) -> None:
    """Style, script and icons under names that change with their content."""
    newest = max(
        (path.stat().st_mtime for folder in settings.STATICFILES_DIRS for path in Path(folder).rglob("*")), default=0
    )
    manifest = Path(settings.STATIC_ROOT) / "staticfiles.json"
    if not manifest.exists() or manifest.stat().st_mtime < newest:
        say("正在准备页面文件……")
        call_command("collectstatic", verbosity=0, interactive=False)


def translate(say: Say) -> None:
    """Compile the English words of the pages where the catalogue is newer."""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    for source in (path for folder in settings.LOCALE_PATHS for path in Path(folder).rglob("*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        with source.open("rb") as words, target.open("wb") as compiled:
            write_mo(compiled, read_po(words))


def demo_loaded() -> bool:
    """Does this database hold the demonstration?"""
    if "demo" not in get_commands():
        return False
    from hutong.workbench.demo import county

    return county.loaded() is not None


def accounts_table() -> str:
    """The demonstration's accounts as the command prints them."""
    out = StringIO()
    call_command("demo", stdout=out)
    return out.getvalue()
