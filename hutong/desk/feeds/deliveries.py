"""One delivery: what was found in it, the rows that could not be used, and whether it is used."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from hutong.desk.access import needs
from hutong.desk.feeds import lines
from hutong.desk.feeds.forms import Use
from hutong.desk.request import Request
from hutong.desk.ui import labels
from hutong.exchange import receiving, workbooks
from hutong.exchange.agreements import feed_named, kept_until
from hutong.exchange.models import FeedDelivery, FeedRow
from hutong.kernel import looks, sentences
from hutong.kernel.clock import day, now
from hutong.kernel.refusals import Refusal
from hutong.policy.feeds import Feed

SIZE = 50


@needs("deliver")
def one(request: Request, received: UUID) -> HttpResponseBase:
    """Figures, remarks, and the quarantined rows with their reasons; never the cells, which go back in the workbook."""
    row = _get(request, received)
    form = Use(request.POST or None)
    if request.method == "POST" and form.is_valid() and _decide(request, row, form):
        return redirect("feeds:received", received=received)
    contract = feed_named(row.feed)
    bad = Paginator(FeedRow.objects.visible_to(request.scope).filter(delivery=row).order_by("number"), SIZE)
    context = {
        "row": row,
        "feed": contract,
        "title": lines.name_of(contract),
        "page": bad.get_page(request.GET.get("page", "1")),
        "taken": _titles(contract, row.found.get("taken", [])),
        "ignored": row.found.get("ignored", []),
        "notes": [_note(said) for said in row.found.get("said", [])],
        "absent": _titles(contract, row.found.get("absent", [])),
        "remarks": [_remark(remark) for remark in row.remarks],
        "trouble": sentences.told({"message": row.trouble, **row.trouble_said}),
        "until": kept_until(row.agreement, day(row.received_at)),
        "form": form,
    }
    return render(request, "feeds/received.html", context)


@needs("deliver")
def result(request: Request, received: UUID) -> HttpResponse:
    """The rows that could not be used, as they came, with the reasons: for the sender."""
    row = _get(request, received)
    looks.look(
        what="export",
        subject=("exchange.feed", row.pk),
        division=row.division,
        by=request.user.pk,
        at=now(),
        purpose=gettext_noop("退回部门的数据检查结果"),
    )
    response = HttpResponse(
        workbooks.returned(row), content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    )
    response["Content-Disposition"] = f'attachment; filename="{row.feed}-{row.number}.xlsx"'
    return response


def _get(request: Request, received: UUID) -> FeedDelivery:
    rows = FeedDelivery.objects.visible_to(request.scope).select_related("by", "decided_by", "agreement")
    return get_object_or_404(rows, pk=received)


def _titles(contract: Feed, names: list[str]) -> list[str]:
    known = {field.name: labels.policy(field.title) for field in contract.fields}
    return [known.get(name, name) for name in names]


def _note(said: str | dict[str, Any]) -> str:
    """What was used with doubt; deliveries of old kept a finished text."""
    return said if isinstance(said, str) else sentences.told(said)


def _remark(remark: dict[str, Any]) -> str:
    """What an officer should look at, in words."""
    sentences = {
        "empty": _("一行可用的也没有，上一次有 %(before)s 行。没有采用，原有线索和档案都不变。请先向报送部门核实。"),
        "shrunken": _("比上一次少了很多（上一次 %(before)s 行）。先不采用，请向报送部门核实是否报全。"),
        "doubled": _("比上一次多了一倍以上（上一次 %(before)s 行）。先不采用，请向报送部门核实是否重复报送。"),
        "late": _("比约定的时间晚了 %(days)s 天。"),
    }
    return sentences[str(remark["code"])] % remark


def _decide(request: Request, row: FeedDelivery, form: Use) -> bool:
    data = form.cleaned_data
    try:
        receiving.decide(
            delivery=row, use=data["use"], because=data["because"], by=request.user, at=now(), op=data["op_id"]
        )
    except Refusal as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.sentence)
        return False
    messages.success(
        request, _("已采用，从下一次查找起用这份数据。") if data["use"] else _("已不采用，下一次查找不用这份数据。")
    )
    return True
