"""Deciding on categories: one at a time with the rule's facts, or several after a preview. Proposer and confirmer are two people."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hutong.desk.access import needs
from hutong.desk.request import Request
from hutong.desk.ui import labels
from hutong.kernel.clock import now, today
from hutong.kernel.refusals import Refusal
from hutong.people import categories
from hutong.people.models import Category
from hutong.people.prompts import prompts as coming
from hutong.places.queries import town_and_village
from hutong.policy import codes
from hutong.staff.access import check_can

SIZE = 50
STATES = ("proposed", "confirmed", "refused", "ended")


class Decision(forms.Form):
    """Confirm, refuse with a reason, or end with a reason of the list."""

    verdict = forms.ChoiceField(choices=[("confirm", "confirm"), ("refuse", "refuse"), ("end", "end")])
    reason = forms.CharField(label=gettext_lazy("理由"), max_length=200, required=False)
    exit_reason = forms.ChoiceField(
        label=gettext_lazy("退出原因"), choices=lambda: [("", "—"), *labels.choices("exit_reason")], required=False
    )
    on = forms.DateField(label=gettext_lazy("日期"), widget=forms.DateInput(attrs={"type": "date"}))
    op_id = forms.UUIDField(widget=forms.HiddenInput)


def _rows(request: Request) -> QuerySet[Category]:
    return (
        Category.objects.visible_to(request.scope)
        .select_related("file__child", "proposed_by", "decided_by")
        .order_by("-proposed_at", "pk")
    )


@needs("read", "category")
def listing(request: Request) -> HttpResponse:
    """Proposals of the area; those waiting first."""
    state = request.GET.get("state", "proposed")
    state = state if state in STATES else "proposed"
    kind = request.GET.get("kind", "")
    rows = _rows(request).filter(state=state)
    if kind in codes.codes("category"):
        rows = rows.filter(kind=kind)
    waiting = Category.objects.visible_to(request.scope).filter(state="proposed").count()
    context = {
        "page": Paginator(rows, SIZE).get_page(request.GET.get("page", "1")),
        "state": state,
        "kind": kind,
        "kinds": labels.choices("category"),
        "tabs": [
            (f"?state={s}", label, waiting if s == "proposed" else None, s == state)
            for s, label in Category.State.choices
        ],
        "place_of": town_and_village,
        "on": today(),
    }
    return render(request, "proposals/list.html", context)


@needs("read", "category")
def one(request: Request, category: UUID) -> HttpResponseBase:
    """One proposal with the facts it used and lacks; deciding asks for the right to confirm."""
    row = get_object_or_404(_rows(request), pk=category)
    form = Decision(request.POST or None, initial={"on": today()})
    if request.method == "POST":
        request_may_confirm(request)
        if form.is_valid() and _decide(request, row, form):
            messages.success(
                request,
                _("已办理：%(who)s，%(what)s。")
                % {"who": row.file.child.name, "what": labels.label("category", row.kind)},
            )
            return redirect("children:file", file=row.file_id)
    facts = [(_sentence(fact), labels.label("source", fact.get("source", "")), fact.get("start")) for fact in row.facts]
    own = row.proposed_by_id == request.user.pk
    context = {"row": row, "form": form, "facts": facts, "own": own, "place_of": town_and_village}
    return render(request, "proposals/one.html", context)


def request_may_confirm(request: Request) -> None:
    """Raise Denied unless the asker may confirm categories."""
    check_can(request.scope, "confirm", domain="category")


def _sentence(fact: dict[str, object]) -> str:
    kind = str(fact.get("kind", ""))
    value = fact.get("value")
    return labels.fact(kind, value if isinstance(value, dict) else {})


def _decide(request: Request, row: Category, form: Decision) -> bool:
    data, by, at = form.cleaned_data, request.user, now()
    try:
        if data["verdict"] == "end":
            categories.end(category=row, on=data["on"], reason=data["exit_reason"], by=by, at=at, op=data["op_id"])
        else:
            confirm = data["verdict"] == "confirm"
            categories.decide(
                category=row, confirm=confirm, on=data["on"], reason=data["reason"], by=by, at=at, op=data["op_id"]
            )
    except Refusal as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.sentence)
        return False
    return True


@needs("confirm", "category")
def bulk(request: Request) -> HttpResponseBase:
    """Confirm several: first a preview of exactly these rows, then the act; what can't be decided is named."""
    ids = [value for value in request.POST.getlist("category") if _is_uuid(value)][:SIZE]
    rows = list(_rows(request).filter(pk__in=ids, state="proposed"))
    if request.method != "POST" or not rows:
        messages.warning(request, _("没有选中待确认的建议，没有改动。"))
        return redirect("proposals:list")
    if request.POST.get("sure") != "yes":
        own = [row for row in rows if row.proposed_by_id == request.user.pk]
        context = {"rows": rows, "own": own, "place_of": town_and_village}
        return render(request, "proposals/bulk.html", context)
    refused = categories.decide_all(rows=rows, confirm=True, on=today(), by=request.user, at=now())
    messages.success(request, _("已确认 %(n)s 条。") % {"n": len(rows) - len(refused)})
    for row, sentence in refused:
        messages.warning(request, f"{row.file.child.name}：{sentence}")
    return redirect("proposals:list")


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


@needs("read", "category")
def prompts(request: Request) -> HttpResponse:
    """What asks for a look soon. Nothing here acts."""
    found = coming(scope=request.scope, on=today())
    page = Paginator(found, SIZE).get_page(request.GET.get("page", "1"))
    return render(request, "proposals/prompts.html", {"page": page, "place_of": town_and_village, "on": today()})
