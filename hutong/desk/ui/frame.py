"""What stands around every page: navigation by rights, who is signed in, language, demonstration notice.

Makes no query: session, user and posts are already on the request, and a page may be shown after a rollback.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache

from django.conf import settings
from django.contrib.messages import get_messages
from django.http import HttpRequest
from django.urls import Resolver404, resolve
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from hutong.policy.access import PAGES, ROLES
from hutong.staff.access import can


@dataclass(frozen=True)
class Entry:
    """A line of the navigation. `page` is a key of policy/access.yaml's pages, or empty for everybody."""

    path: str
    icon: str
    label: str | Promise
    page: str = ""


ENTRIES = (
    Entry("/", "checklist", _("我的任务"), "worklist"),
    Entry("/town/", "layout-dashboard", _("辖区一览"), "town"),
    Entry("/reports/", "urgent", _("紧急报告"), "reports"),
    Entry("/children/", "users", _("儿童档案"), "children"),
    Entry("/search/", "search", _("查找"), "search"),
    Entry("/proposals/", "clipboard-check", _("认定建议"), "proposals"),
    Entry("/feeds/", "database-import", _("部门数据"), "feeds"),
    Entry("/leads/", "bulb", _("发现线索"), "confirm"),
    Entry("/leads/rules/", "list-check", _("发现规则"), "rules"),
    Entry("/leads/checks/", "home", _("入户核实"), "checks"),
    Entry("/imports/", "file-import", _("名册导入"), "imports"),
    Entry("/exports/", "download", _("名册导出"), "exports"),
    Entry("/board/", "chart-bar", _("统计"), "board"),
    Entry("/plan/", "map-2", _("三年方案"), "plan"),
    Entry("/posts/", "id-badge-2", _("人员和岗位"), "posts"),
    Entry("/devices/", "device-mobile", _("走访手机"), "devices"),
    Entry("/conflicts/", "refresh-alert", _("待核对记录"), "conflicts"),
    Entry("/notices/sent/", "send", _("外发提醒"), "sent"),
    Entry("/looks/", "eye", _("谁查看过"), "looks"),
    Entry("/emergency/", "lock-open", _("紧急查阅"), "emergency"),
    Entry("/emergency/reviews/", "lock-open", _("紧急查阅复核"), "reviews"),
)
_SHORT = ("/", "/town/", "/children/", "/search/", "/board/")
_SHORTEST = 4


@dataclass(frozen=True)
class Line:
    """A navigation line as one user sees it on one page."""

    path: str
    icon: str
    label: str | Promise
    here: bool


@lru_cache(maxsize=64)
def _exists(path: str) -> bool:
    """A room whose pages are not built yet has no line."""
    try:
        resolve(path)
    except Resolver404:
        return False
    return True


def _inner(path: str, outer: str) -> bool:
    return any(path.startswith(one.path) for one in ENTRIES if one.path.startswith(outer) and one.path != outer)


class Frame:
    """The frame of one request."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.user = getattr(request, "user", None)
        self.signed_in = bool(self.user and self.user.is_authenticated)
        self.scope = getattr(request, "scope", None)
        self.demo: bool = settings.DEMO
        self.language: str = get_language() or settings.LANGUAGE_CODE
        self.languages = settings.LANGUAGES

    @property
    def lang(self) -> str:
        """For the html element."""
        return "zh-CN" if self.language.startswith("zh") else self.language

    @cached_property
    def lines(self) -> list[Line]:
        """The navigation: what exists and what the user may open."""
        return [self._line(entry) for entry in ENTRIES if self._may(entry)] if self.signed_in else []

    @property
    def short(self) -> list[Line]:
        """The four lines of the bar at the bottom of a phone."""
        return [line for line in self.lines if line.path in _SHORT][:_SHORTEST]

    def _may(self, entry: Entry) -> bool:
        if not _exists(entry.path):
            return False
        page = PAGES.get(entry.page)
        return page is None or can(self.scope, page.needs, domain=page.domain)  # type: ignore[arg-type]

    def _line(self, entry: Entry) -> Line:
        path = self.request.path
        # of two lines one inside the other, the longer is where one is
        here = path == entry.path or (
            entry.path != "/" and path.startswith(entry.path) and not _inner(path, entry.path)
        )
        return Line(entry.path, entry.icon, str(entry.label), here)

    @property
    def searches(self) -> bool:
        """Is there a search box for this user?"""
        return any(line.path == "/search/" for line in self.lines)

    @property
    def roles(self) -> list[str]:
        """The names of the roles held, in the page's language."""
        held = sorted(self.scope.roles) if self.scope else []
        return [ROLES[role].zh if self.language.startswith("zh") else ROLES[role].en for role in held]

    @property
    def messages(self) -> list[tuple[str, str]]:
        """Kind and text of what earlier requests had to say."""
        return [(m.level_tag, str(m.message)) for m in get_messages(self.request)] if self.user else []
