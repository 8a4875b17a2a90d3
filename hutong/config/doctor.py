"""Is everything well? Each check answers with one finding in plain words; none changes anything."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.conf import settings
from django.db import Error, connection

from hutong.config import embedded, prepare

_OLDEST_SERVER = 150000
_FREE = 2 * 2**30
# Rooms whose every table holds facts about children or who looked at them.
_PERSONAL = ("people_", "wellbeing_", "duties_", "exchange_", "kernel_")
_DIGESTS_ONLY = {"kernel_seal"}
_NAMES = {  # of checks that could not run
    "machine": "机器", "python": "Python", "keys": "密钥", "server": "数据库", "roles": "角色", "structure": "表结构", "policy": "方案数据",
    "calendar_known": "工作日历", "row_security": "行级安全", "assets": "页面文件",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Finding:
    """`well` is True, or False for a fault, or None for something to think about. `advice` says what to do."""

    name: str
    well: bool | None
    text: str
    advice: str = ""


def examine(on: date) -> Iterator[Finding]:
    """All checks, one after the other; a check that fails to run is a fault."""
    for check in (machine, python, keys, server, roles, structure, policy, calendar_known, row_security, assets):
        try:
            yield check(on)
        except Error as error:
            yield Finding(
                _NAMES.get(check.__name__, check.__name__),
                False,
                f"数据库没有应答：{str(error).splitlines()[0]}",
                "先运行 hutong migrate，再试一次",
            )


def machine(on: date) -> Finding:
    """Disk space, and not being root."""
    free = shutil.disk_usage(settings.DATA).free
    text = f"{os.cpu_count()} 核，数据盘剩余 {free / 2**30:.0f} GB，数据在 {settings.DATA}"
    if free < _FREE:
        return Finding("机器", False, text, "清理磁盘：剩余不足 2 GB 时数据库可能停止写入")
    if os.getuid() == 0:
        return Finding("机器", None, text + "；正以 root 运行", "正式使用请建立专用账户（见 deploy/README.md）")
    return Finding("机器", True, text)


def python(on: date) -> Finding:
    """The interpreter."""
    return Finding("Python", sys.version_info >= (3, 11), sys.version.split()[0], "需要 3.11 或更新")


def keys(on: date) -> Finding:
    """Do the keys open what is sealed here?"""
    from hutong.kernel import ciphers
    from hutong.people.models import Person

    sealed = Person.objects.exclude(id_sealed=None).values_list("id_sealed", flat=True).first()
    if not sealed:
        return Finding("密钥", True, "已装入；还没有加密的证件号可供核对")
    try:
        ciphers.unseal(bytes(sealed), "id_number")
    except ciphers.Unsealable:
        return Finding(
            "密钥", False, "现有密钥解不开库里的证件号", "从保管处放回原来的 keys 文件；不要用新密钥继续录入"
        )
    return Finding("密钥", True, "能解开库里的证件号")


def server(on: date) -> Finding:
    """Version and encoding."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select current_setting('server_version_num')::int, current_setting('server_version'), current_setting('server_encoding')"
        )
        number, version, encoding = cursor.fetchone()
    well = number >= _OLDEST_SERVER and encoding == "UTF8"
    return Finding(
        "数据库", well, f"PostgreSQL {version}，编码 {encoding}", "需要 PostgreSQL 15 以上、UTF8 编码；请换一个数据库"
    )


def roles(on: date) -> Finding:
    """The four roles, and that web and worker are bound."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select rolname, rolsuper or rolbypassrls from pg_roles where rolname = any(%s)", [list(embedded.ROLES)]
        )
        found = dict(cursor.fetchall())
    missing = [role for role in embedded.ROLES if role not in found]
    unbound = [role for role in ("hutong_web", "hutong_worker") if found.get(role)]
    if missing or unbound:
        return Finding(
            "角色", False, f"缺少 {missing}，不受行级安全约束 {unbound}", "由数据库超级用户运行 hutong/config/roles.sql"
        )
    return Finding("角色", True, "四个角色齐全，网页和任务角色受行级安全约束")


def structure(on: date) -> Finding:
    """Migrations."""
    waiting = prepare.unapplied()
    return Finding(
        "表结构",
        not waiting,
        f"还差 {len(waiting)} 步" if waiting else "与程序一致",
        "运行 hutong migrate（hutong up 会自动做）",
    )


def policy(on: date) -> Finding:
    """The packaged data load, and the database works with them."""
    from hutong.policy import loader
    from hutong.policy.models import Version

    digest = loader.version()
    if Version.objects.filter(digest=digest).exists():
        return Finding("方案数据", True, f"版本 {digest[:12]}，数据库已登记")
    return Finding("方案数据", None, f"版本 {digest[:12]} 还没有在数据库登记", "运行一次 hutong up")


def calendar_known(on: date) -> Finding:
    """Working days of this year, and in its last weeks of the next."""
    from hutong.policy.calendar import calendar

    days = calendar().days
    this, following = on in days, date(on.year + 1, 1, 5) in days
    if not this:
        return Finding("工作日历", False, f"没有 {on.year} 年的放假安排", "按国务院通知补录 hutong/policy 里的日历")
    text = f"{on.year} 年已录入；{on.year + 1} 年{'已录入' if following else '尚未录入'}"
    late = on.month == 12 and not following
    return Finding("工作日历", None if late else True, text, "国务院通知发布后补录，否则跨年的工作日期限算不出")


def row_security(on: date) -> Finding:
    """Each table of the personal rooms, histories included, has row security and a policy."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select relname, relrowsecurity and exists (select from pg_policy where polrelid = c.oid)"
            " from pg_class c where relkind in ('r', 'p') and relnamespace = 'public'::regnamespace"
        )
        tables = {
            name: bound for name, bound in cursor.fetchall() if name.startswith(_PERSONAL) and name not in _DIGESTS_ONLY
        }
    open_ones = sorted(name for name, bound in tables.items() if not bound)
    if open_ones or not tables:
        return Finding(
            "行级安全",
            False,
            f"没有保护：{'、'.join(open_ones) or '没有找到任何表'}",
            "停止使用，运行 hutong migrate；仍未恢复请联系维护人员",
        )
    return Finding("行级安全", True, f"{len(tables)} 张个人数据表全部受保护")


def assets(on: date) -> Finding:
    """Files of the pages."""
    manifest = Path(settings.STATIC_ROOT) / "staticfiles.json"
    return Finding(
        "页面文件",
        manifest.exists(),
        "齐全" if manifest.exists() else "还没有准备",
        "运行一次 hutong up，或 hutong collectstatic",
    )
