"""Looks at home that officers asked for: the director's list, and the page to say what was found. No register is shown here."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from hutong.desk.access import needs
from hutong.desk.request import Request
from hutong.discovery import homechecks
from hutong.discovery.models import HomeCheck
from hutong.kernel.clock import now, today
from hutong.kernel.looks import look
from hutong.kernel.refusals import Refusal
from hutong.places.queries import town_and_village
from hutong.staff.access import check_can

SIZE = 50


class Answer(forms.Form):
    """What was found, in one choice and a few words."""

    found = forms.ChoiceField(choices=HomeCheck.Found.choices)
    words = forms.CharField(max_length=500, required=False)
    op_id = forms.UUIDField(widget=forms.HiddenInput)


@needs("visit", "care")
def listing(request: Request) -> HttpResponse:
    """Those still to be made first."""
    rows = HomeCheck.objects.visible_to(request.scope).filter(lapsed_at=None).order_by("-answered_at", "asked_at", "pk")
    page = Paginator(rows, SIZE).get_page(request.GET.get("page", "1"))
    return render(request, "leads/checks.html", {"page": page, "place_of": town_and_village, "on": today()})


@needs("visit", "care")
def one(request: Request, check: UUID) -> HttpResponseBase:
    """Whom to see, what to ask; the answer."""
    row = get_object_or_404(HomeCheck.objects.select_related("asked_by", "answered_by"), pk=check)
    form = Answer(request.POST or None)
    if request.method == "POST" and form.is_valid() and _answer(request, row, form):
        messages.success(request, _("已记下。请人核实的干部会收到提醒。"))
        return redirect("leads:check", check=row.pk)
    look(
        subject=("discovery.check", row.pk), division=row.division, by=request.user.pk, at=now(),
        purpose=request.scope.purpose, what="lead",
    )  # fmt: skip
    context = {
        "row": row,
        "form": form,
        "place_of": town_and_village,
        "on": today(),
        "choices": HomeCheck.Found.choices,
    }
    return render(request, "leads/check.html", context)


def _answer(request: Request, row: HomeCheck, form: Answer) -> bool:
    check_can(request.scope, "visit", domain="care", division=row.division)
    data = form.cleaned_data
    try:
        homechecks.answer(
            check=row, found=data["found"], words=data["words"], by=request.user, at=now(), op=data["op_id"]
        )
    except Refusal as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.sentence)
        return False
    return True
