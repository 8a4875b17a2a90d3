"""One box, and the pointer to a file of another county."""

from __future__ import annotations

from django import forms
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from hutong.desk.access import needs
from hutong.desk.request import Request
from hutong.kernel.clock import now, today
from hutong.kernel.refusals import Refusal
from hutong.people import search as finder
from hutong.people.models import Person
from hutong.places.queries import town_and_village


@needs("search")
def search(request: Request) -> HttpResponse:
    """Find people of the area."""
    text = request.GET.get("q", "")
    found, sentence = None, ""
    if text:
        try:
            found = finder.search(text=text, scope=request.scope, by=request.user, at=now())
        except Refusal as refusal:
            sentence = refusal.sentence
    people = found.people if found else []
    files = finder.files_of(people) if people else {}
    if request.GET.get("format") == "json":
        rows = [{"name": p.name, "file": str(files[p.pk].pk) if p.pk in files else None} for p in people]
        return JsonResponse({"found": rows, "more": bool(found and found.more), "message": sentence})
    context = {
        "q": text,
        "found": found,
        "files": files,
        "sentence": sentence,
        "place_of": town_and_village,
        "sex_of": dict(Person.Sex.choices),
        "on": today(),
        "limit": finder.LIMIT,
    }
    return render(request, "search/search.html", context)


class Pointer(forms.Form):
    """Both, exactly."""

    name = forms.CharField(label=_("姓名"), max_length=80)
    id_number = forms.CharField(label=_("身份证号"), max_length=30)


@needs("point_outside")
def pointer(request: Request) -> HttpResponse:
    """Which county keeps the file of a child not found here."""
    form = Pointer(request.POST or None)
    asked, county = False, None
    if request.method == "POST" and form.is_valid():
        try:
            county = finder.point_out(**form.cleaned_data, by=request.user, at=now())
            asked = True
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.sentence)
    return render(request, "search/pointer.html", {"form": form, "asked": asked, "county": county})
