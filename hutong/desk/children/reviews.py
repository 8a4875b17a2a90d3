"""Going through a file point by point: the supervisor's yearly recheck, and the director's update after a change."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from hutong.desk.access import needs
from hutong.desk.children import forms
from hutong.desk.children.page import FilePage
from hutong.desk.request import Request
from hutong.kernel import looks
from hutong.kernel.clock import now, today
from hutong.kernel.refusals import Refusal
from hutong.people import files
from hutong.people.models import File
from hutong.wellbeing import completeness


@needs("assign")
def recheck(request: Request, file: UUID) -> HttpResponseBase:
    """The yearly recheck (measure 10): it settles the duty of that name."""
    return _review(request, file, "rechecked", _("年度复核"), _("已登记年度复核。"))


@needs("visit")
def update(request: Request, file: UUID) -> HttpResponseBase:
    """The file was brought up to date after a change; a visit does the same by itself."""
    return _review(request, file, "updated", _("更新档案"), _("已登记档案更新。"))


def _review(request: Request, file: UUID, what: str, title: str, done: str) -> HttpResponseBase:
    row = get_object_or_404(completeness.with_items(today()).select_related("child", "director", "school"), pk=file)
    form = forms.Checked(request.POST or None)
    if request.method == "POST" and form.is_valid() and _marked(request, form, row, what):
        messages.success(request, done)
        return redirect("children:file", file=row.pk)
    looks.look(what="file", subject=("people.file", row.pk), division=row.division, by=request.user.pk, at=now())
    page = FilePage(row, request.scope, today())
    return render(request, "children/review.html", {"file": row, "page": page, "form": form, "title": title})


def _marked(request: Request, form: forms.Checked, row: File, what: str) -> bool:
    data = form.cleaned_data
    try:
        files.mark(
            file=row, what=what, on=today(), note=data["note"], by=request.user, at=now(), op=data["op_id"]
        )  # fmt: skip
    except Refusal as refusal:
        form.add_error(None, refusal.sentence)
        return False
    return True
