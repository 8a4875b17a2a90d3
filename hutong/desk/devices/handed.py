"""Taking in a file of unsent records that a director brought on a stick."""

from __future__ import annotations

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy

from hutong.desk.access import needs
from hutong.desk.request import Request
from hutong.exchange.field import handed
from hutong.kernel.clock import now
from hutong.kernel.refusals import Refusal


class Brought(forms.Form):
    """The file as the phone wrote it."""

    file = forms.FileField(
        label=gettext_lazy("从手机存出的文件"), help_text=gettext_lazy("文件名像“护童-未上传-日期.json”。")
    )


@needs("assign")
def take(request: Request) -> HttpResponse:
    """Take a file in and say what became of each record."""
    form = Brought(request.POST or None, request.FILES or None)
    taken = None
    if request.method == "POST" and form.is_valid():
        try:
            content = form.cleaned_data["file"].read()
            taken = handed.take_file(content, by=request.user, at=now(), scope=request.scope)
        except Refusal as refusal:
            form.add_error("file", refusal.sentence)
    return render(request, "devices/handed.html", {"form": form, "taken": taken})
