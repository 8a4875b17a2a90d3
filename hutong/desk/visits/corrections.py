"""Correcting a visit: the old answers are shown to be changed, as far as the reader may see them."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from hutong.desk.access import needs
from hutong.desk.request import Request
from hutong.desk.visits import forms
from hutong.desk.visits.asking import Asking
from hutong.desk.visits.views import attempted, me
from hutong.kernel import looks
from hutong.kernel.clock import now, today
from hutong.kernel.refusals import Refusal
from hutong.policy import questionnaires
from hutong.wellbeing import corrections, operations
from hutong.wellbeing.models import Visit


@needs("visit")
def correct(request: Request, visit: UUID) -> HttpResponseBase:
    """Record the visit as it was; the wrong entry stays visible as corrected."""
    row = get_object_or_404(Visit.objects.select_related("file__child"), pk=visit)
    looks.look(what="file", subject=("people.file", row.file_id), division=row.division, by=me(request).pk, at=now())
    asking = Asking(_asked(row), operations.given(row.file, row.occurred_on))
    form = forms.CorrectionForm(request.POST or None, initial={"occurred_on": row.occurred_on})
    if request.method == "POST":
        answers = asking.read(request.POST)
        if form.is_valid() and attempted(form, lambda: _correct(request, row, form, answers), asking):
            messages.success(
                request, _("已更正。原来的登记留着备查；已办结的任务不变，以后的任务按更正后的日期重新排好。")
            )
            return redirect("children:file", file=row.file_id)
    else:
        asking.typed.update(known(row))
    hidden = not {item.domain for item in asking.questionnaire.items} <= request.scope.reads
    context = {"visit": row, "file": row.file, "form": form, "asking": asking, "hidden": hidden, "on": today()}
    return render(request, "visits/correct.html", context)


def _asked(visit: Visit) -> questionnaires.Questionnaire:
    try:
        return questionnaires.load(visit.questionnaire)
    except OSError as error:
        raise Refusal(_("这次走访用的问卷已经停用，不能在这里更正。没有改动；请联系县（区）民政局。")) from error


def known(visit: Visit) -> dict[str, object]:
    """The old answers of the domains the reader sees, as a form holds them."""
    told: dict[str, object] = {}
    for answer in visit.answers.all():
        told.update(answer.answers)
    return {name: "yes" if value is True else "no" if value is False else value for name, value in told.items()}


def _correct(request: Request, row: Visit, form: forms.CorrectionForm, answers: dict[str, object]) -> Visit:
    data = form.cleaned_data
    return corrections.correct_visit(
        visit=row, occurred_on=data["occurred_on"], answers=answers, because=data["because"], by=me(request), at=now(),
        op=data["op_id"],
    )  # fmt: skip
