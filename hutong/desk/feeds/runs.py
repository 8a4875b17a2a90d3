"""Searches through the registers: asking for one, watching it, and what it found."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from hutong.desk.access import needs
from hutong.desk.feeds import lines
from hutong.desk.feeds.forms import Ask
from hutong.desk.leads.listing import title_of
from hutong.desk.request import Request
from hutong.desk.ui import labels
from hutong.discovery import runs, tasks
from hutong.discovery.models import Run
from hutong.discovery.pipelines.registers import NAMES, ZH
from hutong.kernel.clock import now, today
from hutong.kernel.refusals import Refusal

SIZE = 20
KINDS = {"asked": "wait", "running": "wait", "done": "ok", "failed": "bad"}


@needs("confirm", "category")
def listing(request: Request) -> HttpResponseBase:
    """Runs of the county, what the next one would use, and the button."""
    form = Ask(request.POST or None, initial={"on": today()})
    if request.method == "POST" and form.is_valid() and (run := _ask(request, form)):
        return redirect("feeds:run", run=run.pk)
    used = runs.by_register(lines.home(request.scope) or 0)
    rows = Run.objects.visible_to(request.scope).select_related("by").order_by("-asked_at")
    context = {
        "page": Paginator(rows, SIZE).get_page(request.GET.get("page", "1")),
        "form": form,
        "used": [
            (labels.register(name, ZH[name]), used.get(name))
            for name in sorted(NAMES - {"files", "directors"}, key=lambda n: n not in used)
        ],
        "kinds": KINDS,
        "ready": "police" in used,
    }
    return render(request, "feeds/runs.html", context)


def _ask(request: Request, form: Ask) -> Run | None:
    data = form.cleaned_data
    try:
        run = runs.ask(
            division=lines.home(request.scope) or 0, on=data["on"], by=request.user, at=now(), op=data["op_id"]
        )
    except Refusal as refusal:
        form.add_error(None, refusal.sentence)
        return None
    tasks.look_later(run)
    messages.info(request, _("已开始查找，可以离开这一页，稍后回来看结果。"))
    return run


@needs("confirm", "category")
def one(request: Request, run: UUID) -> HttpResponse:
    """How far it is; when it is done, what it read and what each rule found."""
    row = get_object_or_404(Run.objects.visible_to(request.scope).select_related("by"), pk=run)
    outcome = row.outcome
    context = {
        "row": row,
        "kind": KINDS[row.state],
        "going": row.state in ("asked", "running"),
        "doing": _doing(row.doing),
        "registers": [_register(name, rows, row) for name, rows in outcome.get("registers", {}).items() if rows],
        "rules": [(title_of(rule), count, rule) for rule, count in _found(outcome)],
        "skipped": [(title_of(rule), sentence) for rule, sentence in outcome.get("skipped", {}).items()],
        "taken": outcome.get("taken", {}),
    }
    return render(request, "feeds/run.html", context)


def _doing(name: str) -> str:
    """The register or the rule at work, in words."""
    return labels.register(name, ZH[name]) if name in ZH else (title_of(name) if name else _("准备名册"))


def _found(outcome: dict[str, Any]) -> list[tuple[str, int]]:
    return sorted(outcome.get("rules", {}).items(), key=lambda pair: (-pair[1], pair[0]))


def _register(name: str, rows: int, row: Run) -> tuple[str, int, int | None, dict[str, Any]]:
    """A register's name, rows, rows of which no person was found, and the delivery it came in."""
    return labels.register(name, ZH[name]), rows, row.outcome.get("unlinked", {}).get(name), row.used.get(name, {})
