"""The board of rules: how each has done, what it looks for, and putting it aside for the county or taking it up again."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from hutong.desk.access import needs
from hutong.desk.leads import fairness
from hutong.desk.leads.listing import SEVERITY, owner_of, title_of
from hutong.desk.request import Request
from hutong.desk.ui import labels
from hutong.discovery import switches
from hutong.discovery.models import RuleSwitch
from hutong.discovery.pipelines.registers import ZH
from hutong.discovery.pipelines.rules import Head, by_id
from hutong.discovery.queries import by_rule, counting
from hutong.kernel.clock import now, today
from hutong.kernel.refusals import Refusal
from hutong.staff.access import can


class Switch(forms.Form):
    """Off or on, and why."""

    off = forms.TypedChoiceField(choices=[("1", "1"), ("0", "0")], coerce=lambda text: text == "1")
    because = forms.CharField(max_length=200, required=False)
    op_id = forms.UUIDField(widget=forms.HiddenInput)


@needs("see_rules")
def board(request: Request) -> HttpResponse:
    """How each rule has done in the area, and whether leads fall fairly; figures for those who see no child."""
    home, on = switches.home(request.scope), today()
    with counting(request.scope) as scope:
        rows, fair = fairness.by_rule(scope, on), fairness.table(scope, on)
    context = {
        "rows": rows,
        "off": switches.aside(home) if home else set(),
        "title_of": title_of,
        "fair": fair,
        "clear": can(request.scope, "confirm", domain="category"),
    }
    return render(request, "leads/rules.html", context)


@needs("confirm", "category")
def one(request: Request, rule: str) -> HttpResponseBase:
    """One rule in words, its figures, and the switch of the county."""
    found, home = by_id(rule), switches.home(request.scope)
    if found is None or home is None:
        raise Http404
    form = Switch(request.POST or None)
    if request.method == "POST" and form.is_valid() and _switch(request, rule, home, form):
        messages.success(request, _("已记下，从下一次比对起生效。原有线索和办理结果不变。"))
        return redirect("leads:rule", rule=rule)
    history = RuleSwitch.objects.filter(rule=rule, division=home).select_related("by").order_by("-at", "-pk")
    context = {
        "head": found.head,
        "title": title_of(rule),
        "owner": owner_of(rule),
        "severity": _(SEVERITY[found.head.severity]),
        "registers": [labels.register(name, ZH[name]) for name in found.head.reads],
        "evidence": _evidence(found.head),
        "done": next(row for row in by_rule(request.scope) if row.rule.head.id == rule),
        "off": rule in switches.aside(home),
        "history": list(history[:20]),
        "form": form,
    }
    return render(request, "leads/rule.html", context)


def _evidence(head: Head) -> list[str]:
    return [item.en if get_language() == "en" else item.zh for item in head.evidence]


def _switch(request: Request, rule: str, home: int, form: Switch) -> bool:
    data = form.cleaned_data
    try:
        switches.switch(
            rule=rule, division=home, off=data["off"], because=data["because"], by=request.user, at=now(), op=data["op_id"]
        )  # fmt: skip
    except Refusal as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.sentence)
        return False
    return True
