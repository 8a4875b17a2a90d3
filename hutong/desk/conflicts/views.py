"""What phones sent and a person must decide: both values side by side, decided once."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hutong.desk.access import needs
from hutong.desk.conflicts import telling
from hutong.desk.request import Request
from hutong.exchange.field import review
from hutong.exchange.field.kinds import all_kinds
from hutong.exchange.models import Conflict
from hutong.kernel import looks
from hutong.kernel.clock import now
from hutong.kernel.refusals import Refusal
from hutong.people.models import File
from hutong.places.queries import town_and_village

SIZE = 50


class Decision(forms.Form):
    """What was decided, and why if it is worth a word."""

    choice = forms.ChoiceField(label=gettext_lazy("怎么处理"), widget=forms.RadioSelect, choices=())
    note = forms.CharField(label=gettext_lazy("说明"), max_length=200, required=False)
    op_id = forms.UUIDField(widget=forms.HiddenInput)


@needs("correct")
def listing(request: Request) -> HttpResponse:
    """The area's conflicts, open ones unless asked otherwise, oldest first."""
    state, kind = request.GET.get("state", "open"), request.GET.get("kind", "")
    state = state if state in Conflict.State.values else "open"
    every = Conflict.objects.visible_to(request.scope)
    rows = every.filter(state=state).select_related("operation__user").order_by("made_at", "pk")
    if kind in Conflict.Kind.values:
        rows = rows.filter(kind=kind)
    page = Paginator(rows, SIZE).get_page(request.GET.get("page", "1"))
    files = File.objects.select_related("child").in_bulk([row.file_id for row in page if row.file_id])
    context = {
        "page": page,
        "files": files,
        "state": state,
        "kind": kind,
        "kinds": Conflict.Kind.choices,
        "tabs": [(f"?state={code}", label, None, code == state) for code, label in Conflict.State.choices],
        "kind_words": telling.kind_words,
        "field_words": telling.field_words,
        "place_of": town_and_village,
    }
    return render(request, "conflicts/list.html", context)


@needs("correct")
def one(request: Request, conflict: UUID) -> HttpResponseBase:
    """One conflict: who said what when, what stands here, and the decision."""
    rows = Conflict.objects.select_related("operation__user", "operation__device", "decided_by")
    row = get_object_or_404(rows, pk=conflict)
    form = _form(request, row)
    if request.method == "POST" and form.is_valid() and _settled(request, row, form):
        messages.success(request, _("已处理，两边的内容和您的决定都已记下。"))
        return redirect("conflicts:list")
    looks.look(what="file", subject=("people.file", row.file_id or row.pk), division=row.division, by=request.user.pk, at=now())  # fmt: skip
    context = {
        "row": row,
        "form": form,
        "file": File.objects.select_related("child").filter(pk=row.file_id).first(),
        "said": telling.said(row.operation, request.scope.reads),
        "kind_words": telling.kind_words,
        "field_words": telling.field_words,
        "place_of": town_and_village,
    }
    return render(request, "conflicts/one.html", context)


def _form(request: Request, row: Conflict) -> Decision:
    form = Decision(request.POST or None)
    words = {"keep": _("保留系统里的"), "take": _("采用手机上的"), "noted": _("已阅处，不写入档案")}
    form.fields["choice"].choices = [(code, words[code]) for code in review.choices(row)]  # type: ignore[attr-defined]
    return form


def _settled(request: Request, row: Conflict, form: Decision) -> bool:
    data = form.cleaned_data
    try:
        review.settle(
            conflict=row, choice=data["choice"], note=data["note"], kinds=all_kinds(), by=request.user, at=now(),
            scope=request.scope, op=data["op_id"],
        )  # fmt: skip
    except Refusal as refusal:
        form.add_error("choice" if refusal.field == "choice" else None, refusal.sentence)
        return False
    return True
