"""Who looked at what, when and why: for a child's file, and for an area."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _

from hutong.desk.access import needs
from hutong.desk.request import Request
from hutong.kernel.models import Access
from hutong.kernel.scope import Scope, acting
from hutong.people.models import File
from hutong.places.queries import name_of
from hutong.staff.models import User

SIZE = 50
WHAT = {
    "file": _("打开档案"),
    "reveal": _("查看完整证件号或电话"),
    "pack": _("下载到手机"),
    "dial": _("照料人电话下载到手机"),
    "search": _("查找"),
    "pointer": _("外县区档案指引"),
    "export": _("导出"),
    "import": _("导入"),
    "photo": _("查看照片"),
    "visit": _("查看走访内容"),
    "emergency": _("紧急查阅"),
}


@needs("see_looks")
def listing(request: Request) -> HttpResponse:
    """Looks in the area, newest first."""
    what = request.GET.get("what", "")
    with acting(_auditing(request)) as scope:
        inside = Q()
        for low, high in scope.ranges:
            inside |= Q(division__gte=low, division__lt=high)
        rows = Access.objects.filter(inside).order_by("-at", "pk")
        page = _cut(request, rows.filter(what=what) if what in WHAT else rows)
    return _page(request, page, None, what)


@needs("see_looks")
def file(request: Request, file: UUID) -> HttpResponse:
    """Looks at one child's file."""
    row = get_object_or_404(File.objects.select_related("child"), pk=file)
    return _page(request, _cut(request, Access.objects.filter(subject_id=row.pk).order_by("-at", "pk")), row, "")


def _auditing(request: Request) -> Scope:
    """An auditor sees no child, but who looked in the whole of the post's area."""
    scope: Scope = request.scope
    auditor = "review_emergency" in scope.verbs  # sees looks at restricted files too
    return replace(scope, ranges=scope.area, reads=frozenset({"looks"}), writes=frozenset(), unshut=auditor)


def _cut(request: Request, rows: QuerySet[Access]) -> Page[Access]:
    page = Paginator(rows, SIZE).get_page(request.GET.get("page", "1"))
    page.object_list = list(page.object_list)  # read in the scope that may
    return page


def _page(request: Request, page: Page[Access], about: File | None, what: str) -> HttpResponse:
    names = dict(User.objects.filter(pk__in={row.user_id for row in page}).values_list("pk", "name"))
    files = {} if about else _files(page)
    context = {
        "page": page,
        "names": names,
        "what": WHAT,
        "asked": what,
        "about": about,
        "place_of": name_of,
        "files": files,
    }
    return render(request, "looks/list.html", context)


def _files(page: Page[Access]) -> dict[UUID, File]:
    """The files looked at that the reader may see; of the others only the number of the record is told."""
    looked = {row.subject_id for row in page if row.subject_kind == "people.file"}
    return File.objects.select_related("child").in_bulk(looked)
