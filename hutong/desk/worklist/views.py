"""The worklist, a single duty with its why, and letting somebody off with a reason."""

from __future__ import annotations

import csv
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from hutong.desk.access import needs, signed_in
from hutong.desk.children.listing import places
from hutong.desk.request import Request
from hutong.desk.worklist import actions, listing
from hutong.discovery.models import HomeCheck
from hutong.duties import operations
from hutong.duties.explain import why
from hutong.duties.models import Duty
from hutong.kernel import looks
from hutong.kernel.clock import now, today
from hutong.kernel.refusals import Refusal
from hutong.people.models import File
from hutong.places.queries import town_and_village
from hutong.policy.obligations import OBLIGATIONS
from hutong.staff.access import check_can
from hutong.staff.models import Notice


def title(key: str) -> str:
    """What is owed, in words."""
    rule = OBLIGATIONS.get(key)
    if rule is None:
        return key
    return rule.zh if (get_language() or "zh").startswith("zh") else rule.en


@signed_in
def home(request: Request) -> HttpResponseBase:
    """What I have to do. Who sees no child is shown unread notices, or else the board, the posts or the plan."""
    scope, on = request.scope, today()
    if not scope.ranges or "care" not in scope.reads:
        told = _unread(request)
        there = _elsewhere(scope.verbs)
        return render(request, "worklist/notices.html", {"notices": told, "there": there}) if told else redirect(there)
    filters = listing.Filters.read(request.GET)
    counts = listing.counts(listing.open_duties(filters, scope), on)
    counts["missed"] = listing.missed_duties(filters, scope, on).count()
    found, following = listing.page(listing.in_view(listing.duties(filters, scope, on), filters.view, on), filters)
    if request.GET.get("format") == "json":
        return JsonResponse({"counts": counts, "rows": [listing.plain(duty) for duty in found], "after": following})
    context = {
        "duties": found,
        "filters": filters,
        "counts": counts,
        "following": following,
        "notices": _unread(request),
        "places": places(scope),
        "obligations": [(key, title(key)) for key, rule in OBLIGATIONS.items() if rule.bearer != "parents"],
        "levels": File.Attention.choices,
        "title": title,
        "action": actions.action,
        "place_of": town_and_village,
        "on": on,
        "village": (village := scope.roles == {"director"}),
        "checks": HomeCheck.objects.visible_to(scope).filter(answered_at=None, lapsed_at=None).count()
        if village
        else 0,
    }
    return render(request, "worklist/home.html", context)


def _unread(request: Request) -> list[Notice]:
    return list(Notice.objects.filter(user=request.user, read_at=None).order_by("-urgent", "-created_at")[:5])


def _elsewhere(verbs: frozenset[str]) -> str:
    if "see_board" in verbs:
        return "boards:home"
    return "posts:list" if "manage_posts" in verbs else "plan:tiles"


@needs("export")
def table(request: Request) -> HttpResponse:
    """The filtered worklist as a table; taking it away is written down."""
    scope, on = request.scope, today()
    filters = listing.Filters.read(request.GET)
    rows = listing.in_view(listing.duties(filters, scope, on), filters.view, on)
    looks.look(
        what="export",
        subject=None,
        division=scope.ranges[0][0],
        by=request.user.pk,
        at=now(),
        data={"list": "worklist"},
    )
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="worklist-{on}.csv"'
    response.write("\ufeff")
    writer = csv.writer(response)
    writer.writerow(["期限", "任务", "儿童", "关注等级", "镇（街）、村（居）", "责任人", "状态", "事后补做日期"])
    for duty in listing.ordered(rows, filters.view).select_related("file__child", "owner").iterator(chunk_size=2000):
        child = duty.file.child.name if duty.file else ""
        level = File.Attention.labels[duty.rank]
        writer.writerow(
            [
                duty.due_on,
                title(duty.obligation),
                child,
                level,
                town_and_village(duty.division),
                duty.owner or "",
                duty.get_state_display(),
                duty.late_done_on or "",
            ]
        )
    return response


class Waive(forms.Form):
    """Why somebody is let off."""

    reason = forms.CharField(label=gettext_lazy("免除理由"), max_length=200)
    op_id = forms.UUIDField(widget=forms.HiddenInput)


@needs("read", "care")
def duty(request: Request, duty: UUID) -> HttpResponseBase:
    """One duty: what, by when, why, what became of it; waiving for who may."""
    row = get_object_or_404(Duty.objects.select_related("file__child", "owner", "decided_by"), pk=duty)
    form = Waive(request.POST or None)
    if request.method == "POST":
        check_can(request.scope, "waive", division=row.division)
        if form.is_valid():
            try:
                operations.waive(
                    duty=row,
                    by=request.user,
                    at=now(),
                    reason=form.cleaned_data["reason"],
                    op=form.cleaned_data["op_id"],
                )
            except Refusal as refusal:
                form.add_error("reason", refusal.sentence)
            else:
                messages.success(request, _("已免除，理由和办理人都已记下。"))
                return redirect("worklist:duty", duty=row.pk)
    context = {
        "duty": row,
        "form": form,
        "title": title(row.obligation),
        "why": why(row),
        "act": actions.action(row, request.scope.verbs),
        "on": today(),
        "place": town_and_village(row.division),
    }
    return render(request, "worklist/duty.html", context)


@signed_in
def read(request: Request, notice: UUID) -> HttpResponseBase:
    """Put a notice away and go to what it is about."""
    row = get_object_or_404(Notice, pk=notice, user=request.user)
    if request.method == "POST" and row.read_at is None:
        row.read_at = now()
        row.save(update_fields=["read_at"])
    if row.subject_kind == "people.file" and row.subject_id:
        return redirect("children:file", file=row.subject_id)
    if row.subject_kind == "casework.report" and row.subject_id:
        return redirect("reports:one", report=row.subject_id)
    if row.subject_kind == "staff.emergency":
        return redirect(_emergency(request, row.kind))
    if row.subject_kind == "discovery.check" and row.subject_id:
        return redirect("leads:check", check=row.subject_id)
    if row.subject_kind == "discovery.lead":
        return redirect("leads:one", lead=row.subject_id) if row.subject_id else redirect("leads:restricted")
    return redirect("worklist:home")


def _emergency(request: Request, kind: str) -> str:
    """Where to go from a notice of emergency access: the reviewer, the county that was told, or whoever took it."""
    if "review_emergency" in request.scope.verbs:
        return reverse("emergency:reviews")
    return reverse("looks:list") + "?what=emergency" if kind == "emergency.taken" else reverse("emergency:page")
