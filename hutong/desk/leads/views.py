"""Leads to be judged: the order says how soon to look, nothing happens without a person's decision."""

from __future__ import annotations

from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from hutong.desk.access import needs
from hutong.desk.leads import listing as lines
from hutong.desk.leads.evidence import sentence
from hutong.desk.leads.listing import title_of
from hutong.desk.leads.restricted import named
from hutong.desk.request import Request
from hutong.discovery import homechecks, operations
from hutong.discovery.models import Lead
from hutong.discovery.pipelines.rules import by_id
from hutong.discovery.queries import due_on
from hutong.discovery.restricted import waiting
from hutong.kernel.clock import now, today
from hutong.kernel.looks import look
from hutong.kernel.refusals import Refusal
from hutong.places.queries import town_and_village


class Decision(forms.Form):
    """True, not true with a reason, or to be looked at."""

    verdict = forms.ChoiceField(choices=[(v, v) for v in ("true", "false", "unsure")])
    reason = forms.CharField(max_length=200, required=False)
    op_id = forms.UUIDField(widget=forms.HiddenInput)


@needs("confirm", "category")
def listing(request: Request) -> HttpResponse:
    """Leads of the area, those to be looked at soonest first."""
    waits = waiting(request.scope).count()
    return render(request, "leads/list.html", lines.page(request, request.GET) | {"waits": waits})


@needs("confirm", "category")
def many(request: Request) -> HttpResponseBase:
    """The same answer for the leads that were ticked: not true, or to be looked at."""
    form, ticked = Decision(request.POST), {one for one in map(_uuid, request.POST.getlist("lead")) if one}
    if request.method != "POST" or not form.is_valid():
        return redirect("leads:list")
    data, chosen = form.cleaned_data, Lead.objects.visible_to(request.scope).filter(pk__in=ticked)
    try:
        done = operations.decide_many(
            leads=chosen, verdict=data["verdict"], reason=data["reason"], by=request.user, at=now(), op=data["op_id"]
        )
    except Refusal as refusal:
        kept = lines.page(request, request.POST, ticked=ticked, reason=data["reason"])
        return render(request, "leads/list.html", kept | {"refused": refusal.sentence})
    messages.success(request, _("已办理 %(n)s 条。") % {"n": done})
    asked = urlencode({key: value for key in ("state", "rule") if (value := request.POST.get(key))})
    return redirect(f"{reverse('leads:list')}?{asked}")


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


@needs("confirm", "category")
def one(request: Request, lead: UUID) -> HttpResponseBase:
    """One lead with what each register says, and the decision."""
    row = get_object_or_404(Lead, pk=lead)  # row security: a granted, restricted lead is opened here too
    form = Decision(request.POST or None)
    if request.method == "POST" and form.is_valid() and (done := _decide(request, row, form)):
        messages.success(request, _("已办理：%(who)s。") % {"who": done.name})
        return redirect("children:file", file=done.file_id) if done.file_id else redirect("leads:list")
    look(
        subject=("discovery.lead", row.pk), division=row.division, by=request.user.pk, at=now(),
        purpose=request.scope.purpose, what="lead",
    )  # fmt: skip
    found = by_id(row.rule)
    context = {
        "row": row,
        "form": form,
        "head": found.head if found else None,
        "title": title_of(row.rule),
        "evidence": [sentence(row.rule, item) for item in row.evidence],
        "checks": row.checks.select_related("asked_by", "answered_by").order_by("asked_at"),
        "decisions": row.decisions.select_related("by").order_by("at"),
        "place_of": town_and_village,
        "named": named(row),
        "home": homechecks.possible(row),
        "others": lines.same_child(request, row),
        "title_of": title_of,
        "reasons": lines.reasons(row, today()),
        "owner": lines.owner_of(row.rule),
        "due": due_on(row) if row.state in lines.WAITING else None,
        "on": today(),
    }
    return render(request, "leads/one.html", context)


def _decide(request: Request, row: Lead, form: Decision) -> Lead | None:
    data = form.cleaned_data
    try:
        return operations.decide(
            lead=row, verdict=data["verdict"], reason=data["reason"], by=request.user, at=now(), op=data["op_id"]
        )
    except Refusal as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.sentence)
        return None
