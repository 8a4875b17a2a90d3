"""Pages that change a file: a new child, a proposal, attention, moving, closing, and seeing a whole number."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms as django_forms
from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from hutong.desk.access import needs
from hutong.desk.children import forms
from hutong.desk.children.views import get
from hutong.desk.request import Request
from hutong.desk.ui import labels
from hutong.kernel import ciphers, looks
from hutong.kernel.clock import now, today
from hutong.kernel.refusals import Refusal
from hutong.people import categories, duplicates, files, persons
from hutong.people.models import File, Pair
from hutong.places.codes import county
from hutong.places.models import Division
from hutong.policy import codes
from hutong.staff import rates


@needs("propose")
def new(request: Request) -> HttpResponseBase:
    """Register a child and open its file."""
    form = forms.NewChild(request.POST or None)
    if request.method == "POST" and form.is_valid():
        opened = _try(form, lambda: _open(request, form.cleaned_data))
        if opened:
            messages.success(request, _("已建立档案，首次走访等任务已经排好。"))
            if alike := duplicates.note(person=opened.child, scope=request.scope):
                messages.warning(request, _alike(alike))
            return redirect("children:file", file=opened.pk)
    villages = Division.objects.visible_to(request.scope).filter(level=5, valid_to=None).order_by("code")
    return render(request, "children/new.html", {"form": form, "villages": list(villages.values_list("code", "name"))})


def _open(request: Request, data: dict[str, Any]) -> File:
    at = now()
    child = persons.register_person(
        name=data["name"],
        id_number=data["id_number"],
        sex=data["sex"] or "0",
        birth_date=data["birth_date"],
        division=data["division"],
        hukou_kind=data["hukou_kind"],
        by=request.user,
        at=at,
        op=data["op_id"],
    )
    if file := File.objects.filter(child=child, closed_on=None).first():
        return file
    return files.open_file(child=child, on=today(), by=request.user, at=at)


def _alike(pairs: list[Pair]) -> str:
    return _("有 %(n)s 人和这个孩子可能是同一人，已报县（区）民政局判断；档案已保留。") % {"n": len(pairs)}


def _try(form: django_forms.Form, act: Callable[[], File]) -> File | None:
    """Carry out, or put the refusal's sentence beside the field it names."""
    try:
        return act()
    except Refusal as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.sentence)
        return None


@needs("propose")
def propose(request: Request, file: UUID) -> HttpResponseBase:
    """Put a category forward that a rule proposed."""
    row = get(file)
    kind = request.POST.get("kind", "")
    if request.method != "POST" or kind not in codes.codes("category"):
        return redirect("children:rules", file=row.pk)
    found = next((p for p in categories.proposals(row, today()) if p.category == kind), None)
    evidence = request.POST.get("evidence", "")[:2000]
    categories.propose_category(
        file=row,
        kind=kind,
        proposal=found,
        evidence=evidence,
        by=request.user,
        at=now(),
        op=_op(request),
    )
    messages.success(request, _("已提出“%(kind)s”，等待另一位同志确认。") % {"kind": labels.label("category", kind)})
    return redirect("children:file", file=row.pk)


def _op(request: Request) -> UUID | None:
    try:
        return UUID(request.POST.get("op_id", ""))
    except ValueError:
        return None


@needs("reveal")
def reveal(request: Request, file: UUID) -> HttpResponseBase:
    """Show the whole identity number and phones, after saying what for; the look is written down."""
    row = get(file)
    form = forms.Reveal(request.POST or None)
    shown: list[tuple[str, str, str]] = []
    if request.method == "POST" and form.is_valid():
        at = now()
        rates.take("reveal", user=request.user.pk, at=at)
        purpose = form.cleaned_data["purpose"]
        looks.look(
            what="reveal",
            subject=("people.file", row.pk),
            division=row.division,
            by=request.user.pk,
            at=at,
            purpose=purpose,
        )
        people = [row.child, *(kin.relative for kin in row.child.kin.filter(end=None).select_related("relative"))]
        shown = [(p.name, _open_seal(p.id_sealed, "id_number"), _open_seal(p.phone_sealed, "phone")) for p in people]
    return render(request, "children/reveal.html", {"file": row, "form": form, "shown": shown})


def _open_seal(sealed: bytes | None, purpose: str) -> str:
    return ciphers.unseal(sealed, purpose) if sealed else ""


@needs("assign")
def attention(request: Request, file: UUID) -> HttpResponseBase:
    """Set the attention level."""
    row = get(file)
    form = forms.Attention(request.POST or None, initial={"level": row.attention})

    def act() -> File:
        data = form.cleaned_data
        return files.set_attention(
            file=row, level=data["level"], because=data["because"], by=request.user, at=now(), op=data["op_id"]
        )

    return _changed(request, row, form, act, _("调整关注等级"), _("已调整关注等级，走访间隔随之改变。"))


@needs("assign")
def move(request: Request, file: UUID) -> HttpResponseBase:
    """Another village; across the border it is a hand-over, for who may."""
    row = get(file)
    counties = Division.objects.filter(level=Division.Level.COUNTY, valid_to=None).order_by("code")
    names, here = list(counties.values_list("code", "name")), {"county": county(row.division)}
    form = forms.Move(request.POST or None, counties=names, initial=here)

    def act() -> File:
        data = form.cleaned_data
        outside = not request.scope.covers(data["division"])
        if outside and "hand_over" in request.scope.verbs:
            files.hand_over(
                file=row,
                division=data["division"],
                because=data["because"],
                by=request.user,
                at=now(),
                op=data["op_id"],
            )
            return row
        return files.move(file=row, division=data["division"], on=today(), by=request.user, at=now(), op=data["op_id"])

    return _changed(request, row, form, act, _("登记迁居"), _("已登记迁居，档案随孩子到新的村（居）。"))


@needs("confirm", "category")
def close(request: Request, file: UUID) -> HttpResponseBase:
    """End the file."""
    row = get(file)
    form = forms.Close(request.POST or None, initial={"on": today()})

    def act() -> File:
        data = form.cleaned_data
        return files.close_file(
            file=row, reason=data["reason"], on=data["on"], by=request.user, at=now(), op=data["op_id"]
        )

    return _changed(request, row, form, act, _("退出档案"), _("档案已退出，记录全部保留，可以查看。"))


def _changed(
    request: Request, row: File, form: django_forms.Form, act: Callable[[], File], title: str, done: str
) -> HttpResponseBase:
    if request.method == "POST" and form.is_valid() and _try(form, act):
        messages.success(request, done)
        return (
            redirect("children:file", file=row.pk)
            if File.objects.filter(pk=row.pk).exists()
            else redirect("children:list")
        )
    return render(request, "children/change.html", {"file": row, "form": form, "title": title})
