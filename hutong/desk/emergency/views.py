"""Asking for emergency access, ending it, and the data protection officer's review."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hutong.desk.access import needs
from hutong.desk.emergency import forms
from hutong.desk.request import Request
from hutong.kernel.clock import now, today
from hutong.kernel.refusals import Refusal
from hutong.kernel.scope import acting
from hutong.people import emergencies
from hutong.places.queries import name_of
from hutong.policy.access import ACCESS

SHOWN = 200


@needs("emergency")
def page(request: Request) -> HttpResponseBase:
    """Ask for one file; what one has opened so far."""
    form = forms.Ask(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            file = emergencies.open_up(**form.cleaned_data, by=request.user, at=now())
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.sentence)
        else:
            if file:
                messages.warning(request, _("紧急查阅已打开，已通知该县（区）和数据保护专员。"))
                return redirect("children:file", file=file)
            form.add_error("number", _("没有找到这份档案：请核对档案号，或身份证号和姓名。这次查询已记录。"))
    rows = list(emergencies.taken_by(request.user)[:20])
    context = {"form": form, "rows": rows, "at": now(), "hours": ACCESS.emergency_hours.on(today())}
    return render(request, "emergency/page.html", context)


@needs("emergency")
@require_POST
def end(request: Request, grant: UUID) -> HttpResponseBase:
    """Close it early."""
    if not emergencies.taken_by(request.user).filter(pk=grant).exists():
        raise Http404
    emergencies.give_up(grant=grant, by=request.user, at=now())
    messages.success(request, _("已结束紧急查阅。"))
    return redirect("emergency:page")


@needs("review_emergency")
def reviews(request: Request) -> HttpResponseBase:
    """Emergencies of the area, those not reviewed yet first."""
    with acting(emergencies.auditing(request.scope)):
        rows = list(emergencies.to_review(request.scope)[:SHOWN])
    context = {"rows": rows, "due": emergencies.due, "place_of": name_of, "at": now()}
    return render(request, "emergency/reviews.html", context)


@needs("review_emergency")
def review(request: Request, grant: UUID) -> HttpResponseBase:
    """Judge one."""
    with acting(emergencies.auditing(request.scope)):
        row = emergencies.to_review(request.scope).filter(pk=grant).first()
    if row is None:
        raise Http404
    form = forms.Review(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            emergencies.review(
                grant=grant, verdict=data["verdict"], note=data["note"], scope=request.scope, by=request.user, at=now(), op=data["op_id"],
            )  # fmt: skip
        except Refusal as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, _("已登记复核意见。"))
            return redirect("emergency:reviews")
    context = {"row": row, "form": form, "due": emergencies.due(row), "place": name_of(row.division)}
    return render(request, "emergency/review.html", context)
