"""The board of feeds, one feed with its contract and deliveries, and its agreement."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from hutong.desk.access import needs
from hutong.desk.feeds import counties, lines, uploads
from hutong.desk.feeds.forms import Agreement, Ending, Upload, agreed_as_proposed
from hutong.desk.request import Request
from hutong.exchange import agreements, receiving, tasks
from hutong.exchange.models import FeedDelivery, SharingAgreement
from hutong.kernel.clock import now, today
from hutong.kernel.refusals import Refusal
from hutong.policy.feeds import Feed, feeds
from hutong.staff.access import can

SIZE = 20
TREND = 8


@needs("see_feeds")
def board(request: Request) -> HttpResponseBase:
    """What came, when, how good, and what is due: of a county, or of all counties of a city."""
    if lines.home(request.scope) is None and lines.city_of(request.scope):
        return counties.board(request)
    rows = lines.lines(request.scope, today())
    state = request.GET.get("state", "")
    counts = lines.tallies(rows)
    context = {
        "lines": [line for line in rows if line.state == state] if state in counts else rows,
        "tabs": [("?", _("全部"), len(rows), state not in counts)]
        + [(f"?state={key}", str(words), counts[key], key == state) for key, words in lines.STATES.items()],
        "name_of": lines.name_of,
        "may_run": can(request.scope, "confirm", domain="category"),
    }
    return render(request, "feeds/board.html", context)


@needs("deliver")
def one(request: Request, feed: str) -> HttpResponseBase:
    """The contract, the upload, and what has come so far."""
    if lines.home(request.scope) is None and lines.city_of(request.scope):
        return redirect("feeds:whole", feed=feed)
    contract = _feed(request, feed)
    form = Upload(request.POST or None, request.FILES or None)
    where = {"feed": contract.id, "division": lines.home(request.scope) or 0}
    if request.method == "POST" and form.is_valid():
        row = uploads.taken(request, form, receiving.receive, tasks.feed_later, **where)
        if row:
            return redirect("feeds:received", received=row.pk)
    return render(request, "feeds/one.html", _context(request, contract) | {"form": form})


def _feed(request: Request, feed: str) -> Feed:
    """The contract, if the reader may see its data."""
    found = feeds().get(feed)
    if found is None or found not in lines.mine(request.scope) or lines.home(request.scope) is None:
        raise Http404
    return found


def _context(request: Request, contract: Feed) -> dict[str, Any]:
    place, on = lines.home(request.scope) or 0, today()
    rows = FeedDelivery.objects.visible_to(request.scope).filter(feed=contract.id, division=place).order_by("-number")
    trend = list(rows.filter(state__in=("accepted", "destroyed"))[:TREND])[::-1]
    return {
        "feed": contract,
        "title": lines.name_of(contract),
        "agreement": agreements.running(contract.id, place, on),
        "page": Paginator(rows.select_related("by"), SIZE).get_page(request.GET.get("page", "1")),
        "counts": [row.good for row in trend],
        "shares": [100 * row.good // (row.rows or 1) for row in trend],
        "may_share": can(request.scope, "share", domain=contract.domain, division=place),
        "in_use": receiving.current(place).get(contract.id),
    }


@needs("share")
def agreement(request: Request, feed: str) -> HttpResponseBase:
    """Record the agreement, or end the one in force."""
    contract = _feed(request, feed)
    place = lines.home(request.scope) or 0
    running = agreements.running(contract.id, place, today())
    form = (
        Ending(request.POST or None)
        if running
        else Agreement(contract, request.POST or None, initial=agreed_as_proposed(contract))
    )
    if request.method == "POST" and form.is_valid() and _save(request, contract, place, running, form):
        messages.success(request, _("已记下。"))
        return redirect("feeds:one", feed=feed)
    earlier = (
        SharingAgreement.objects.visible_to(request.scope)
        .filter(feed=feed, division=place)
        .select_related("by")
        .order_by("-start", "-at")
    )
    context = {
        "feed": contract,
        "title": lines.name_of(contract),
        "running": running,
        "form": form,
        "earlier": earlier[:SIZE],
    }
    return render(request, "feeds/agreement.html", context)


def _save(
    request: Request, contract: Feed, place: int, running: SharingAgreement | None, form: Agreement | Ending
) -> bool:
    data = form.cleaned_data
    try:
        if running:
            agreements.end(
                agreement=running, on=today(), because=data["because"], by=request.user, at=now(), op=data["op_id"]
            )
        else:
            agreements.agree(
                feed=contract.id, division=place, number=data["number"], purpose=data["purpose"], legal_basis=data["legal_basis"],
                fields=data["fields_"], retention_days=data["retention_days"], start=data["start"], by=request.user, at=now(),
                op=data["op_id"],
            )  # fmt: skip
    except Refusal as refusal:
        field = {"fields": "fields_"}.get(refusal.field or "", refusal.field)
        form.add_error(field if field in form.fields else None, refusal.sentence)
        return False
    return True
