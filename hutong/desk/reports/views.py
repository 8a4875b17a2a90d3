"""Urgent reports of the area, those that nobody has yet first; opening one is a look, acknowledging it an operation."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from hutong.casework import reports
from hutong.casework.models import Report
from hutong.desk.access import needs
from hutong.desk.request import Request
from hutong.kernel import looks
from hutong.kernel.clock import now
from hutong.places.queries import town_and_village
from hutong.staff.access import check_can

SIZE = 50


class Acknowledge(forms.Form):
    """Only the operation's id."""

    op_id = forms.UUIDField(widget=forms.HiddenInput)


@needs("read", "case")
def listing(request: Request) -> HttpResponse:
    """Reports, the open ones first, then the latest."""
    rows = Report.objects.visible_to(request.scope).select_related("by").order_by("-state", "-entered_at", "pk")
    page = Paginator(rows, SIZE).get_page(request.GET.get("page", "1"))
    return render(request, "reports/list.html", {"page": page, "words": reports.words, "place_of": town_and_village})


@needs("read", "case")
def one(request: Request, report: UUID) -> HttpResponseBase:
    """One report as it was told; acknowledging it."""
    row = get_object_or_404(Report.objects.select_related("by", "acknowledged_by", "file__child"), pk=report)
    form = Acknowledge(request.POST or None)
    if request.method == "POST" and form.is_valid():
        check_can(request.scope, "write", domain="case", division=row.division)
        reports.acknowledge(report=row, by=request.user, at=now(), op=form.cleaned_data["op_id"])
        messages.success(request, _("已接报。请马上联系孩子那边，有危险先报110。"))
        return redirect("reports:one", report=row.pk)
    looks.look(what="report", subject=("casework.report", row.pk), division=row.division, by=request.user.pk, at=now())
    context = {
        "row": row,
        "form": form,
        "words": reports.words,
        "reporter": reports.reporter(row),
        "place_of": town_and_village,
    }
    return render(request, "reports/one.html", context)
