"""One page for a restricted file: set the restriction, name readers, take them off the list, lift it."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hutong.desk.access import needs
from hutong.desk.children.views import get
from hutong.desk.request import Request
from hutong.desk.restricted import forms
from hutong.kernel import looks
from hutong.kernel.clock import now
from hutong.kernel.refusals import Refusal
from hutong.people import restrictions
from hutong.people.models import File
from hutong.staff.models import User


@needs("restrict")
def page(request: Request, file: UUID) -> HttpResponseBase:
    """How things stand; sending it restricts the file."""
    row = get(file)
    form = forms.Restrict(request.POST or None, people=_others(request, row))

    def act() -> None:
        data = form.cleaned_data
        restrictions.restrict(
            file=row, because=data["because"], readers=data["readers"], by=request.user, at=now(), op=data["op_id"]
        )

    if _done(request, form, act):
        messages.success(request, _("已设为限制档案，只有名单里的人能看到。"))
        return redirect("restricted:file", file=row.pk)
    looks.look(what="file", subject=("people.file", row.pk), division=row.division, by=request.user.pk, at=now())
    return _show(request, row, restrict=form)


@needs("restrict")
@require_POST
def give(request: Request, file: UUID) -> HttpResponseBase:
    """Name one more reader."""
    row = get(file)
    form = forms.Give(request.POST, people=_others(request, row))

    def act() -> None:
        data = form.cleaned_data
        restrictions.give(
            file=row, reader=data["reader"], because=data["because"], by=request.user, at=now(), op=data["op_id"]
        )

    if _done(request, form, act):
        messages.success(request, _("已指定查阅人。"))
        return redirect("restricted:file", file=row.pk)
    return _show(request, row, give=form)


@needs("restrict")
@require_POST
def take(request: Request, file: UUID, grant: UUID) -> HttpResponseBase:
    """Take a reader off the list."""
    row = get(file)
    restrictions.take(file=row, grant=grant, by=request.user, at=now())
    messages.success(request, _("已取消查阅人。"))
    return redirect("restricted:file", file=row.pk)


@needs("restrict")
@require_POST
def lift(request: Request, file: UUID) -> HttpResponseBase:
    """Lift the restriction."""
    row = get(file)
    form = forms.Lift(request.POST)

    def act() -> None:
        data = form.cleaned_data
        restrictions.lift(file=row, because=data["because"], by=request.user, at=now(), op=data["op_id"])

    if _done(request, form, act):
        messages.success(request, _("已解除限制，负责这个地方的同志又能看到了。"))
        return redirect("children:file", file=row.pk)
    return _show(request, row, lift=form)


def _others(request: Request, row: File) -> QuerySet[User]:
    """Who may be named, without the asker: who restricts a file reads it anyhow."""
    return restrictions.candidates(row, now()).exclude(pk=request.user.pk)


def _done(request: Request, form: forms.Reasoned, act: Callable[[], None]) -> bool:
    if request.method != "POST" or not form.is_valid():
        return False
    try:
        act()
    except Refusal as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.sentence)
        return False
    return True


def _show(request: Request, row: File, **bound: forms.Reasoned) -> HttpResponse:
    at = now()
    people = _others(request, row)
    context = {
        "file": row,
        "restrict": bound.get("restrict") or forms.Restrict(people=people),
        "give": bound.get("give") or forms.Give(people=people),
        "lift": bound.get("lift") or forms.Lift(),
        "readers": list(restrictions.readers(row, at).select_related("user", "given_by")),
    }
    return render(request, "restricted/file.html", context)
