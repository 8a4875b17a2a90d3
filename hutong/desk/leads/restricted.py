"""Restricted leads: taking over the one that waits longest, and naming a colleague to one's own."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hutong.desk.access import needs
from hutong.desk.request import Request
from hutong.discovery import restricted
from hutong.discovery.models import Lead
from hutong.duties.models import Duty
from hutong.kernel.clock import now, today
from hutong.kernel.refusals import Refusal
from hutong.staff.models import Grant, User


@dataclass(frozen=True)
class Named:
    """Who sees a restricted lead, and who else could."""

    grants: list[Grant]
    others: list[tuple[str, str]]


class Take(forms.Form):
    """Which duty, and why oneself."""

    duty = forms.UUIDField()
    because = forms.CharField(max_length=200, required=False)
    op_id = forms.UUIDField(widget=forms.HiddenInput)


class Give(forms.Form):
    """Whom, and why."""

    reader = forms.UUIDField()
    because = forms.CharField(max_length=200, required=False)
    op_id = forms.UUIDField(widget=forms.HiddenInput)


def named(lead: Lead) -> Named | None:
    """For the page of a restricted lead."""
    if not lead.restricted:
        return None
    grants = list(restricted.holders(lead, now()).select_related("user", "given_by"))
    held = {grant.user_id for grant in grants}
    rest = [user for user in restricted.officers(lead.division, now()) if user.pk not in held]
    return Named(grants, [(str(user.pk), user.name) for user in rest])


@needs("restrict")
def waiting(request: Request) -> HttpResponseBase:
    """How many wait and since when; the first is taken over with a reason. What it says is seen after that."""
    rows, form = list(restricted.waiting(request.scope)), Take(request.POST or None)
    if request.method == "POST" and form.is_valid() and (lead := _take(request, form)):
        messages.success(request, _("已由您接办，只有您能看到这条线索。"))
        return redirect("leads:one", lead=lead)
    return render(request, "leads/restricted.html", {"rows": rows, "form": form, "on": today()})


def _take(request: Request, form: Take) -> UUID | None:
    data = form.cleaned_data
    duty = get_object_or_404(Duty.objects.visible_to(request.scope), pk=data["duty"], obligation=restricted.KEY)
    try:
        return restricted.take_over(
            duty=duty, because=data["because"], by=request.user, at=now(), op=data["op_id"]
        )  # fmt: skip
    except Refusal as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.sentence)
        return None


@needs("restrict")
@require_POST
def readers(request: Request, lead: UUID) -> HttpResponseBase:
    """Name a colleague to a lead one has taken over."""
    row, form = get_object_or_404(Lead, pk=lead), Give(request.POST)
    if form.is_valid():
        data = form.cleaned_data
        reader = get_object_or_404(User, pk=data["reader"])
        try:
            restricted.give(
                lead=row, reader=reader, because=data["because"], by=request.user, at=now(), op=data["op_id"]
            )
            messages.success(request, _("已指定查阅人。"))
        except Refusal as refusal:
            messages.error(request, refusal.sentence)
    return redirect("leads:one", lead=row.pk)
