"""Recording: a visit, an attempt, a contact, a change, an agreement. Load, check, one operation, respond."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django import forms as django_forms
from django.contrib import messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_date
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from hutong.desk.access import needs
from hutong.desk.request import Request
from hutong.desk.ui import labels
from hutong.desk.visits import forms
from hutong.desk.visits.asking import Asking
from hutong.kernel import plans
from hutong.kernel.clock import now, today, week
from hutong.kernel.composed import composed
from hutong.kernel.refusals import Refusal
from hutong.people.models import File, Kinship, Person
from hutong.policy import questionnaires
from hutong.policy.visits import number
from hutong.staff.models import User
from hutong.wellbeing import agreements, changes, contacts, operations, photos
from hutong.wellbeing.models import Agreement, Contact, Visit


def get(file: UUID) -> File:
    """One file within the asker's rights: row security hides the others."""
    found = _with_child(file)
    if not found:
        raise Http404
    return found[0]


@composed
def _with_child(file: UUID) -> QuerySet[File]:
    return File.objects.select_related("child").filter(pk=file)


def me(request: Request) -> User:
    """The signed-in user; the page's right was checked before."""
    return request.user


def attempted(form: django_forms.Form, act: Callable[[], Any], asking: Asking | None = None) -> Any:
    """Carry out, or put the refusal's sentence where it belongs. Nothing of a refused act is kept."""
    try:
        with transaction.atomic():
            return act()
    except operations.BadAnswers as refusal:
        asked = asking.problems if asking else {}
        own = {name: text for name, text in refusal.problems.items() if name in form.fields}
        asked.update({name: text for name, text in refusal.problems.items() if name not in own})
        for name, text in own.items():
            form.add_error(name, text)
    except Refusal as refusal:
        if asking and asking.questionnaire.item(refusal.field or ""):
            asking.problems[str(refusal.field)] = refusal.sentence
        else:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.sentence)
    return None


@needs("visit")
@plans.kept()
def visit(request: Request, file: UUID) -> HttpResponseBase:
    """Record a home visit. With `?format=json` the answer is JSON: 201, or 422 with what is wrong by question."""
    row = get(file)
    form = forms.DayForm(request.POST or None, initial={"occurred_on": today()})
    asking = Asking(questionnaires.load("home_visit"), operations.given(row, parse_day(request) or today()))
    plain = request.GET.get("format") == "json"
    if request.method == "POST":
        answers = asking.read(request.POST)
        if form.is_valid() and (done := attempted(form, lambda: _visit(request, row, form, answers), asking)):
            return _told(done) if plain else _visited(request, row, done, form)
        if plain:
            return JsonResponse({"problems": {**asking.problems, **form.errors}}, status=422)
    context = {"file": row, "form": form, "asking": asking, "on": today(), "photos": number("photos_a_visit", today())}
    return render(request, "visits/visit.html", context)


def _told(done: Visit) -> JsonResponse:
    told = {"id": done.pk, "occurred_on": done.occurred_on, "entered_at": done.entered_at, "attention": done.attention}
    return JsonResponse(told, status=201)


def parse_day(request: Request) -> Any:
    """The day typed so far, if it is one."""
    try:
        return parse_date(request.POST.get("occurred_on", ""))
    except ValueError:
        return None


def _visit(request: Request, row: File, form: forms.DayForm, answers: dict[str, Any]) -> Visit:
    data = form.cleaned_data
    return operations.record_visit(
        file=row,
        occurred_on=data["occurred_on"],
        answers=answers,
        by=me(request),
        at=now(),
        op=data["op_id"],
    )


def _visited(request: Request, row: File, done: Visit, form: forms.DayForm) -> HttpResponseBase:
    messages.success(request, _("走访已保存，相应的任务已经办结。"))
    for index, upload in enumerate(request.FILES.getlist("photos")):
        try:
            with transaction.atomic():
                photos.add_photo(
                    visit=done,
                    content=upload.read(number("photo_bytes_at_most", today()) + 1),
                    name=upload.name or "",
                    by=me(request),
                    at=now(),
                    op=form.part(f"photo {index}"),
                )
        except Refusal as refusal:
            messages.warning(request, refusal.sentence)
    if done.attention == "red":
        messages.error(request, _("这次走访有紧急情况，已通知督导员和县（区）民政局。孩子有危险请马上拨打110。"))
    return redirect("children:file", file=row.pk)


@needs("visit")
def attempt(request: Request, file: UUID) -> HttpResponseBase:
    """Record that nobody was met."""
    row = get(file)
    form = forms.AttemptForm(request.POST or None, initial={"occurred_on": today()})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        if attempted(
            form,
            lambda: operations.record_attempt(
                file=row,
                occurred_on=data["occurred_on"],
                reason=data["reason"],
                by=me(request),
                at=now(),
                op=data["op_id"],
            ),
        ):
            messages.success(request, _("已登记“没见到人”。这不算一次走访，走访任务还在。"))
            return redirect("children:file", file=row.pk)
    return render(request, "visits/attempt.html", {"file": row, "form": form, "on": today()})


@needs("visit")
def contact(request: Request, file: UUID) -> HttpResponseBase:
    """Record what is known of a week's contact, in both directions."""
    row = get(file)
    form = forms.ContactForm(request.POST or None, on=today(), initial={"week_key": week(today())})
    if request.method == "POST" and form.is_valid() and attempted(form, lambda: _contact(request, row, form)):
        messages.success(request, _("已登记。每周联系是父母的义务，孩子和照看的人都要联系到。"))
        return redirect("children:file", file=row.pk)
    keys = [week(today() - timedelta(weeks=back)) for back in range(8)]
    return render(request, "visits/contact.html", {"file": row, "form": form, "weeks": contacts.weeks(row, keys)})


def _contact(request: Request, row: File, form: forms.ContactForm) -> bool:
    data, at = form.cleaned_data, now()
    told = [(Contact.Direction.PARENT_CHILD, data["child"]), (Contact.Direction.PARENT_CARER, data["carer"])]
    if data["urged"]:
        told.append((Contact.Direction.DIRECTOR_PARENT, "done"))
    for direction, state in told:
        mine = direction == Contact.Direction.DIRECTOR_PARENT
        contacts.record_contact(
            file=row,
            direction=direction,
            week_key=week(today()) if mine else data["week_key"],
            occurred_on=today() if mine else None,
            state=state,
            channel=data["channel"] if state == "done" else "",
            told_by=data["told_by"],
            note=data["note"],
            by=me(request),
            at=at,
            op=form.part(direction),
        )
    return True


@needs("change")
def change(request: Request, file: UUID) -> HttpResponseBase:
    """Report a change between visits."""
    row = get(file)
    form = forms.DayForm(request.POST or None, initial={"occurred_on": today()})
    carer = forms.CarerForm(request.POST or None, kin=kin_of(row))
    asking = Asking(questionnaires.load("change"), operations.given(row, today()))
    if request.method == "POST":
        answers = asking.read(request.POST)
        valid = form.is_valid() & carer.is_valid()
        if valid and attempted(carer, lambda: _change(request, row, form, carer, answers), asking):
            messages.success(request, _("变化已登记，相应的任务已经重新排好。"))
            return redirect("children:file", file=row.pk)
    return render(
        request, "visits/change.html", {"file": row, "form": form, "carer": carer, "asking": asking, "on": today()}
    )


def _change(request: Request, row: File, form: forms.DayForm, carer: forms.CarerForm, answers: dict[str, Any]) -> UUID:
    return changes.record_change(
        file=row,
        occurred_on=form.cleaned_data["occurred_on"],
        answers=answers,
        carer=new_carer(row, carer.cleaned_data),
        by=me(request),
        at=now(),
        op=form.cleaned_data["op_id"],
    )


def new_carer(row: File, data: dict[str, Any]) -> changes.NewCarer | None:
    """Who was chosen or written: somebody of the kin, or a new person."""
    if data["carer"] == "new":
        return changes.NewCarer(relation=data["relation"], name=data["name"], phone=data["phone"])
    kin = Kinship.objects.filter(child=row.child_id, relative=data["carer"]).first() if data["carer"] else None
    return changes.NewCarer(relation=kin.relation, person=kin.relative) if kin else None


def kin_of(row: File, *, parents: bool = True) -> list[tuple[str, str]]:
    """The child's registered adults, as choices."""
    rows = Kinship.objects.filter(child=row.child_id, end=None).select_related("relative").order_by("relation", "pk")
    return [
        (str(kin.relative_id), f"{kin.relative.name}（{labels.label('relation', kin.relation)}）")
        for kin in rows
        if parents or kin.relation not in agreements.PARENTS
    ]


@needs("change")
def agreement(request: Request, file: UUID) -> HttpResponseBase:
    """Record an entrusted-care agreement, as far as it has come."""
    row = get(file)
    form = forms.AgreementForm(request.POST or None, kin=kin_of(row, parents=False), initial={"start": today()})
    if (
        request.method == "POST"
        and form.is_valid()
        and (done := attempted(form, lambda: _agreement(request, row, form)))
    ):
        if bars := agreements.barred_by(done, get_language() or "zh"):
            messages.error(
                request,
                _("照护人有法律不允许的情形（%(what)s），这份协议不能签字生效，请父母另选照护人。")
                % {"what": _("、").join(bars)},
            )
        for remark in agreements.remarks(done, today()):
            messages.info(request, remark)
        messages.success(request, _("协议已保存，现在的状态：%(state)s。") % {"state": done.get_state_display()})
        return redirect("children:file", file=row.pk)
    return render(request, "visits/agreement.html", {"file": row, "form": form})


def _agreement(request: Request, row: File, form: forms.AgreementForm) -> Agreement:
    data, by, at = form.cleaned_data, me(request), now()
    kin = (
        Kinship.objects.filter(child=row.child_id, relative=data["carer"], end=None).select_related("relative").first()
    )
    carer: Person | None = kin.relative if kin else None
    if kin is None or carer is None:
        raise Refusal(_("照护人要先登记为孩子的家人。没有保存，请先在“登记变化”里填写照看的人。"), field="carer")
    done = agreements.draft(
        file=row, carer=carer, relation=kin.relation, start=data["start"], end=data["end"], reason=data["reason"],
        child_opinion=data["child_opinion"], bars=form.bars(), op=form.part("draft"), by=by, at=at,
    )  # fmt: skip
    if data["signed_on"]:
        done = agreements.sign(agreement=done, on=data["signed_on"], op=form.part("sign"), by=by, at=at)
    if data["signed_on"] and data["village_told_on"]:
        agreements.notify(
            agreement=done, village_on=data["village_told_on"], school_on=data["school_told_on"],
            op=form.part("notify"), by=by, at=at,
        )  # fmt: skip
        done = agreements.activate(agreement=done, op=form.part("activate"), by=by, at=at)
    return done
