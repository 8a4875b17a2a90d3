"""What was recorded: a visit with the answers the reader may see, a photo, ending an agreement, closing a flag."""

from __future__ import annotations

from uuid import UUID

from django import forms as django_forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hutong.desk.access import needs
from hutong.desk.request import Request
from hutong.desk.visits.telling import told
from hutong.desk.visits.views import attempted, me
from hutong.kernel import attachments, looks
from hutong.kernel.clock import now, today
from hutong.policy.access import DOMAINS
from hutong.wellbeing import agreements, flags
from hutong.wellbeing.models import Agreement, Flag, Photo, Visit


class Because(django_forms.Form):
    """One sentence and the operation id."""

    because = django_forms.CharField(label=gettext_lazy("结果或原因"), max_length=200)
    op_id = django_forms.UUIDField(widget=django_forms.HiddenInput)


@needs("read", "care")
def show(request: Request, visit: UUID) -> HttpResponse:
    """One visit; row security leaves out the answers of other domains."""
    row = get_object_or_404(Visit.objects.select_related("file__child", "by"), pk=visit)
    looks.look(what="file", subject=("people.file", row.file_id), division=row.division, by=me(request).pk, at=now())
    answers = {answer.domain: told(row.questionnaire, answer.answers) for answer in row.answers.order_by("domain")}
    context = {"visit": row, "file": row.file, "answers": answers, "domains": DOMAINS, "photos": list(row.photos.all())}
    context["later"] = row.corrections.first()
    return render(request, "visits/show.html", context)


@needs("read", "care")
def photo(request: Request, photo: UUID) -> HttpResponseBase:
    """A picture, only to whoever may see the child's care, and never kept by the browser."""
    row = get_object_or_404(Photo.objects.select_related("attachment"), pk=photo)
    try:
        content = attachments.content(row.attachment)
    except FileNotFoundError as error:
        raise Http404 from error
    looks.look(what="photo", subject=("people.file", row.file_id), division=row.division, by=me(request).pk, at=now())
    response = HttpResponse(content, content_type="image/jpeg")
    response["Cache-Control"] = "no-store, private"
    response["Content-Disposition"] = "inline; filename=photo.jpg"
    response["X-Content-Type-Options"] = "nosniff"
    return response


@needs("change")
def end_agreement(request: Request, agreement: UUID) -> HttpResponseBase:
    """End an agreement today, with the reason."""
    row = get_object_or_404(Agreement.objects.select_related("file__child", "carer"), pk=agreement)
    form = Because(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        if attempted(
            form,
            lambda: agreements.end(
                agreement=row, on=today(), because=data["because"], by=me(request), at=now(), op=data["op_id"]
            ),
        ):
            messages.success(request, _("协议已结束。父母仍外出的，请尽快签订新的协议。"))
            return redirect("children:file", file=row.file_id)
    return render(
        request,
        "visits/because.html",
        {"file": row.file, "form": form, "title": _("结束委托照护协议"), "text": row.carer.name},
    )


@needs("close_flag")
def close_flag(request: Request, flag: UUID) -> HttpResponseBase:
    """Say what came of a flag."""
    row = get_object_or_404(Flag.objects.select_related("file__child"), pk=flag)
    form = Because(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        if attempted(
            form,
            lambda: flags.close_flag(flag=row, outcome=data["because"], by=me(request), at=now(), op=data["op_id"]),
        ):
            messages.success(request, _("预警已办结，记录保留在档案里。"))
            return redirect("children:file", file=row.file_id)
    return render(
        request, "visits/because.html", {"file": row.file, "form": form, "title": _("办结预警"), "text": row.text}
    )
