"""Pages that show: the list, one file, what the rules say of it."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from hutong.desk.access import needs
from hutong.desk.children import listing as lists
from hutong.desk.children.page import FilePage, visit_url
from hutong.desk.request import Request
from hutong.desk.ui import labels
from hutong.kernel import looks, plans
from hutong.kernel.clock import now, today
from hutong.kernel.composed import composed
from hutong.people import categories
from hutong.people.models import File
from hutong.places.queries import town_and_village
from hutong.wellbeing import completeness


@needs("read", "identity")
def listing(request: Request) -> HttpResponse:
    """Files of the area, filtered by the address."""
    filters = lists.Filters.read(request.GET)
    page = lists.page_of(lists.files(filters, request.scope), request.GET.get("page", "1"))
    context = {
        "page": page,
        "filters": filters,
        "categories": lists.running_categories(list(page), today()),
        "kinds": labels.choices("category"),
        "levels": File.Attention.choices,
        "states": [("open", _("在册")), ("closed", _("已退出")), ("all", _("全部"))],
        "places": lists.places(request.scope),
        "place_of": town_and_village,
        "on": today(),
    }
    return render(request, "children/list.html", context)


def get(file: UUID) -> File:
    """One file within the asker's rights: row security hides the others."""
    return get_object_or_404(File.objects.select_related("child", "director", "school"), pk=file)


@composed
def _whole(file: UUID, on: date) -> QuerySet[File]:
    rows: QuerySet[File] = completeness.with_items(on).select_related("child", "director", "school")
    return rows.filter(pk=file)


@needs("read", "identity")
@plans.kept()
def file(request: Request, file: UUID) -> HttpResponse:
    """The page of one child; opening it is itself written down."""
    row = next(iter(_whole(file, today())), None)
    if row is None:
        raise Http404
    looks.look(what="file", subject=("people.file", row.pk), division=row.division, by=request.user.pk, at=now())
    page = FilePage(row, request.scope, today())
    if request.GET.get("format") == "json":
        return JsonResponse(_plain(page))
    return render(
        request,
        "children/file.html",
        {"page": page, "file": row, "visit_url": visit_url(row), "on": today()},
    )


def _plain(page: FilePage) -> dict[str, object]:
    return {
        "number": page.file.number,
        "name": page.child.name,
        "place": page.place,
        "attention": page.file.attention,
        "categories": [
            {"kind": row.kind, "state": row.state, "start": row.start, "end": row.end} for row in page.categories
        ],
        "visits": [{"on": visit.occurred_on, "child_seen": visit.child_seen} for visit in page.visits],
        "duties": [{"obligation": duty.obligation, "due_on": duty.due_on, "state": duty.state} for duty in page.duties],
    }


@needs("read", "category")
def rules(request: Request, file: UUID) -> HttpResponse:
    """What the rules say of the child today: facts used, facts missing, and who says so."""
    row = get(file)
    found = categories.proposals(row, today())
    context = {"file": row, "found": found, "sentence": labels.fact, "on": today()}
    return render(request, "children/rules.html", context)
