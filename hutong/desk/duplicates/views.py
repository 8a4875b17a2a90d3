"""Judging pairs of persons that may be one: the two side by side, then one person, or two, or a merge taken back."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hutong.desk.access import needs
from hutong.desk.request import Request
from hutong.kernel import looks
from hutong.kernel.clock import now
from hutong.kernel.refusals import Refusal
from hutong.people import duplicates, merges
from hutong.people.models import File, Kinship, Merge, Pair, Person
from hutong.places.queries import town_and_village
from hutong.policy import codes
from hutong.policy.duplicates import words

SIZE = 50


class Judgement(forms.Form):
    """One person (and which registration stays), or two."""

    verdict = forms.ChoiceField(choices=[("merge", "merge"), ("distinct", "distinct")])
    keep = forms.UUIDField(label=gettext_lazy("保留哪一份登记"), required=False)
    op_id = forms.UUIDField(widget=forms.HiddenInput)


@dataclass(frozen=True)
class Side:
    """One of the two as the page shows it."""

    person: Person
    files: list[File]
    kin: list[str]


@needs("apply_merge", "identity")
def listing(request: Request) -> HttpResponse:
    """Pairs of the area, likeliest first."""
    state = request.GET.get("state", "open")
    state = state if state in Pair.State.values else "open"
    pairs = Pair.objects.visible_to(request.scope)
    rows = pairs.filter(state=state).select_related("first", "second", "decided_by").order_by("-score", "pk")
    context = {
        "page": Paginator(rows, SIZE).get_page(request.GET.get("page", "1")),
        "state": state,
        "tabs": [(f"?state={value}", label, None, value == state) for value, label in Pair.State.choices],
        "words": words,
        "place_of": town_and_village,
    }
    return render(request, "duplicates/list.html", context)


@needs("apply_merge", "identity")
def one(request: Request, pair: UUID) -> HttpResponseBase:
    """The two side by side; looking at them is written down like opening a file."""
    row = get_object_or_404(Pair.objects.select_related("first", "second", "decided_by"), pk=pair)
    form = Judgement(request.POST or None)
    if request.method == "POST" and form.is_valid() and _judge(request, row, form):
        return redirect("duplicates:list")
    looks.look(what="file", subject=("people.pair", row.pk), division=row.division, by=request.user.pk, at=now())
    context = {
        "row": row,
        "form": form,
        "sides": _sides(row),
        "reasons": [words(reason) for reason in row.reasons],
        "merge": Merge.objects.filter(before__pair=str(row.pk), undone_at=None).first(),
        "place_of": town_and_village,
    }
    return render(request, "duplicates/one.html", context)


def _sides(pair: Pair) -> list[Side]:
    people = [pair.first, pair.second]
    files = list(File.objects.filter(child__in=people).order_by("opened_on"))
    kin = list(Kinship.objects.filter(child__in=people, end=None).select_related("relative").order_by("relation"))
    return [
        Side(
            person,
            [file for file in files if file.child_id == person.pk],
            [f"{codes.label('relation', k.relation)} {k.relative.name}" for k in kin if k.child_id == person.pk],
        )
        for person in people
    ]


def _judge(request: Request, row: Pair, form: Judgement) -> bool:
    data, by, at = form.cleaned_data, request.user, now()
    try:
        if data["verdict"] == "merge":
            merges.merge(pair=row, keep=data["keep"], by=by, at=at, op=data["op_id"])
            messages.success(request, _("已合并，两份登记都保留，可以撤销。"))
        else:
            duplicates.distinct(pair=row, by=by, at=at, op=data["op_id"])
            messages.success(request, _("已记住不是同一人，以后不再提示。"))
    except Refusal as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.sentence)
        return False
    return True


@needs("apply_merge", "identity")
def undo(request: Request, merge: UUID) -> HttpResponseBase:
    """Take a merge back."""
    row = get_object_or_404(Merge.objects.all(), pk=merge)
    if request.method == "POST":
        try:
            merges.undo(merge=row, by=request.user, at=now())
            messages.success(request, _("已撤销合并，这一对请重新判断。"))
        except Refusal as refusal:
            messages.warning(request, refusal.sentence)
    return redirect("duplicates:list")
