"""One feed for a whole city: sending a file, what became of it in each county, what goes back, and the city's agreement."""

from __future__ import annotations

from collections import Counter
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from hutong.desk.access import needs
from hutong.desk.feeds import counties, lines, uploads
from hutong.desk.feeds.forms import Agreement, CityEnding, Upload, agreed_as_proposed
from hutong.desk.request import Request
from hutong.exchange import agreements, city, receiving, returning, tasks
from hutong.exchange.agreements import feed_named
from hutong.exchange.models import CityDelivery, CityRow, FeedDelivery
from hutong.kernel import looks, sentences
from hutong.kernel.clock import now, today
from hutong.kernel.refusals import Refusal
from hutong.kernel.scope import acting
from hutong.policy.feeds import Feed, feeds
from hutong.staff.access import can

SIZE = 20
KINDS = {"received": "wait", "split": "ok", "failed": "bad"}


@needs("see_feeds")
def one(request: Request, feed: str) -> HttpResponseBase:
    """The contract, sending one file for the city, what was sent so far, and each county."""
    contract, place = _feed(request, feed)
    form = Upload(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        row = uploads.taken(request, form, city.receive, tasks.split_later, feed=contract.id, division=place)
        if row:
            return redirect("feeds:sent", sent=row.pk)
    cells = counties.over([contract], agreements.counties(place), today(), hide=not counties.clear(request.scope))
    sends = contract in city.sends(request.scope)
    context = {
        "feed": contract,
        "title": lines.name_of(contract),
        "form": form,
        "sends": sends,
        "cells": cells,
        "without": [cell.name for cell in cells if cell.line.agreement is None],
        "papers": sorted(Counter(cell.line.agreement.number for cell in cells if cell.line.agreement).items()),
        "may_share": can(request.scope, "share_city"),
        "page": _sent(request, contract) if sends else None,
        "kinds": KINDS,
        "threshold": counties.threshold(request.scope),
    }
    return render(request, "feeds/whole.html", context)


def _feed(request: Request, feed: str) -> tuple[Feed, int]:
    """The contract and the city, if the feed stands on the reader's board."""
    found, place = feeds().get(feed), lines.city_of(request.scope)
    if found is None or place is None or found not in counties.shown(request.scope):
        raise Http404
    return found, place


def _sent(request: Request, contract: Feed) -> Page[CityDelivery]:
    with acting(city.sending(request.scope, contract)):
        rows = city.sent(request.scope, contract).select_related("by").order_by("-number")
        page = Paginator(rows, SIZE).get_page(request.GET.get("page", "1"))
        page.object_list = list(page.object_list)  # read in the scope that may
    return page


@needs("deliver_city")
def sent(request: Request, sent: UUID) -> HttpResponse:
    """One file of the city: what became of it in each county, and the rows of no county."""
    row = _get(request, sent)
    contract = feed_named(row.feed)
    with acting(city.sending(request.scope, contract)):
        rows = CityRow.objects.filter(delivery=row).order_by("number")
        page = Paginator(rows, SIZE).get_page(request.GET.get("page", "1"))
        page.object_list = list(page.object_list)  # read in the scope that may
    there = returning.parts(row)
    names = agreements.counties(row.division)
    told = sorted(row.parts, key=lambda part: not part["rows"])  # counties with rows first
    parts = [_part(part, names, there.get(part["county"])) for part in told]
    context = {
        "row": row,
        "kind": KINDS.get(row.state, "none"),
        "title": lines.name_of(contract),
        "page": page,
        "parts": parts,
        "trouble": sentences.again(row.trouble) if row.trouble else "",
        "waiting": row.state == CityDelivery.State.RECEIVED or any(p.state == "received" for p in there.values()),
        "back": page.paginator.count or any(part.bad for part in there.values()),
    }
    return render(request, "feeds/sent.html", context)


def _part(part: dict[str, Any], names: dict[int, str], made: FeedDelivery | None) -> dict[str, Any]:
    said = {"name": names.get(part["county"], ""), "rows": part["rows"], "made": made, "checked": False, "trouble": ""}
    if made is None:
        kind = "bad" if part["state"] == "no_agreement" else "none"
        return said | {"words": returning.SAID[part["state"]].said(), "kind": kind}
    return said | {
        "words": made.get_state_display(),
        "kind": {"accepted": "ok", "failed": "bad", "held": "wait", "received": "wait"}.get(made.state, "none"),
        "checked": made.checked_at and made.state != FeedDelivery.State.FAILED,
        "trouble": sentences.told({"message": made.trouble, **made.trouble_said}) if made.trouble else "",
    }


@needs("deliver_city")
def result(request: Request, sent: UUID) -> HttpResponse:
    """The workbook that goes back: every row of the file that could not be used, with its number and reasons."""
    row = _get(request, sent)
    looks.look(
        what="export", subject=("exchange.city", row.pk), division=row.division, by=request.user.pk, at=now(),
        purpose=gettext_noop("退回部门的数据检查结果"),
    )  # fmt: skip
    with acting(city.sending(request.scope, feed_named(row.feed))):
        content = returning.returned(row)
    response = HttpResponse(content, content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
    response["Content-Disposition"] = f'attachment; filename="{row.feed}-{row.number}.xlsx"'
    return response


def _get(request: Request, sent: UUID) -> CityDelivery:
    """A file that the reader's own bureau sent, of whatever feed it sends; anything else is not there."""
    for contract in city.sends(request.scope):
        with acting(city.sending(request.scope, contract)):
            rows = city.sent(request.scope, contract).select_related("by", "organisation")
            if row := rows.filter(pk=sent).first():
                return row
    raise Http404


@needs("share_city")
def agreement(request: Request, feed: str) -> HttpResponseBase:
    """Record one paper for every county that has none, or end it for all that have it from the city."""
    contract, place = _feed(request, feed)
    ending = "end" in request.POST
    form = Agreement(contract, None if ending else request.POST or None, initial=agreed_as_proposed(contract))
    end = CityEnding(request.POST if ending else None)
    used: Agreement | CityEnding = end if ending else form
    if request.method == "POST" and used.is_valid() and _save(request, contract, place, used):
        messages.success(request, _("已记下。"))
        return redirect("feeds:whole", feed=feed)
    names = agreements.counties(place)
    with acting(receiving.MACHINE):
        without = [name for code, name in names.items() if not agreements.running(feed, code, today())]
        papers = sorted(Counter(agreements.of_city(feed, place).values_list("number", flat=True)).items())
    context = {
        "feed": contract,
        "title": lines.name_of(contract),
        "form": form,
        "end": end,
        "without": without,
        "papers": papers,
        "whole": len(without) == len(names),
    }
    return render(request, "feeds/city_agreement.html", context)


def _said(request: Request, contract: Feed, place: int) -> dict[str, Any]:
    return {"feed": contract.id, "city": place, "by": request.user, "at": now()}


def _save(request: Request, contract: Feed, place: int, form: Agreement | CityEnding) -> bool:
    data, said = form.cleaned_data, _said(request, contract, place)
    try:
        if isinstance(form, CityEnding):
            agreements.end_for_city(
                number=data["number"], on=today(), because=data["because"], op=data["op_id"], **said
            )
        else:
            kept = {key: data[key] for key in ("number", "purpose", "legal_basis", "retention_days", "start")}
            agreements.agree_for_city(fields=data["fields_"], op=data["op_id"], **kept, **said)
    except Refusal as refusal:
        field = {"fields": "fields_"}.get(refusal.field or "", refusal.field)
        form.add_error(field if field in form.fields else None, refusal.sentence)
        return False
    return True
