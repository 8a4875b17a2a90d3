"""The city's board: each feed in each county, what came, when, how good and what is late; as a page and as a table.

Figures only: whoever sees no children sees no row of them, and small counts are hidden.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from hutong.desk.access import needs
from hutong.desk.feeds import lines
from hutong.desk.feeds.lines import Line
from hutong.desk.request import Request
from hutong.desk.ui import labels
from hutong.desk.ui.words import with_query
from hutong.exchange import agreements, city, receiving
from hutong.exchange.models import FeedDelivery, SharingAgreement
from hutong.insight.suppression import small
from hutong.kernel.clock import day, today
from hutong.kernel.scope import Scope, acting
from hutong.policy import access
from hutong.policy.feeds import Feed, feeds
from hutong.staff.access import can

SIZE = 50


@dataclass(frozen=True)
class Cell:
    """A feed in a county. `good`, `bad`, `share` (percent of the rows): None where nothing came; `hidden`: too small to show."""

    county: int
    name: str
    line: Line
    good: int | None
    bad: int | None
    share: int | None
    hidden: bool


@needs("see_feeds")
def board(request: Request) -> HttpResponse:
    """Every feed of every county, filtered in the address."""
    place = _city(request.scope)
    every, chosen, state = _asked(request, place)
    rows = [cell for cell in chosen if cell.line.state == state] if state else chosen
    counts = lines.tallies(cell.line for cell in chosen)
    asked = {key: request.GET.get(key, "") for key in ("feed", "county")}
    context = {
        "page": Paginator(rows, SIZE).get_page(request.GET.get("page", "1")),
        "state": state,
        "asked": asked,
        "tabs": [
            (with_query(request, state=key or None, page=None), words, count, key == state)
            for key, words, count in [
                ("", _("全部"), len(chosen)),
                *((k, str(w), counts[k]) for k, w in lines.STATES.items()),
            ]
        ],
        "feeds": [(feed.id, lines.name_of(feed)) for feed in shown(request.scope)],
        "counties": list(agreements.counties(place).items()),
        "name_of": lines.name_of,
        "sends": {feed.id for feed in city.sends(request.scope)},
        "opens": _opens(request.scope),
        "threshold": threshold(request.scope),
        "any": bool(every),
    }
    return render(request, "feeds/counties.html", context)


@needs("see_feeds")
def table(request: Request) -> HttpResponse:
    """The same as a table for a spreadsheet, with the same filters; hidden counts stay hidden."""
    _every, chosen, state = _asked(request, _city(request.scope))
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="feeds-{today()}.csv"'
    response.write("\ufeff")
    writer = csv.writer(response)
    heads = [
        _("数据"),
        _("部门"),
        _("县（区）"),
        _("状态"),
        _("最近一次"),
        _("可用行"),
        _("待改行"),
        _("可用百分比"),
        _("下次应到"),
    ]
    writer.writerow(heads)
    writer.writerows(_cells(cell) for cell in chosen if not state or cell.line.state == state)
    return response


def _cells(cell: Cell) -> list[str]:
    line, none = cell.line, _("不显示") if cell.hidden else ""
    figures = [none if figure is None else str(figure) for figure in (cell.good, cell.bad, cell.share)]
    came = day(line.last.received_at).isoformat() if line.last else ""
    due = line.expected.isoformat() if line.expected else ""
    return [
        lines.name_of(line.feed),
        labels.policy(line.feed.department),
        cell.name,
        str(line.words),
        came,
        *figures,
        due,
    ]


def shown(scope: Scope) -> list[Feed]:
    """The feeds on the reader's board: what one's own bureau sends, or, for whoever looks over them, all."""
    return city.sends(scope) if clear(scope) else list(feeds().values())


def clear(scope: Scope) -> bool:
    """Does the reader see the figures as they are? They are those of what the own bureau sent."""
    return can(scope, "deliver_city")


def threshold(scope: Scope) -> int | None:
    """Below which count the reader is shown nothing; none for whoever sees the figures as they are."""
    return None if clear(scope) else access.suppressed_below(today())


def _city(scope: Scope) -> int:
    place = lines.city_of(scope)
    if place is None:
        raise Http404
    return place


def _opens(scope: Scope) -> frozenset[str]:
    """The feeds whose deliveries the reader may open one by one."""
    return frozenset(feed.id for feed in lines.mine(scope)) if can(scope, "deliver") else frozenset()


def _asked(request: Request, place: int) -> tuple[list[Cell], list[Cell], str]:
    """All cells of the reader, those of the address's feed and county, and its state."""
    every = over(shown(request.scope), agreements.counties(place), today(), hide=not clear(request.scope))
    feed, county = request.GET.get("feed", ""), request.GET.get("county", "")
    chosen = [c for c in every if feed in ("", c.line.feed.id) and county in ("", str(c.county))]
    state = request.GET.get("state", "")
    return every, chosen, state if state in lines.STATES else ""


def over(chosen: Iterable[Feed], counties: dict[int, str], on: date, *, hide: bool) -> list[Cell]:
    """Each feed in each county, in the order of both. Counted by the machine: no row of a child leaves."""
    below = access.suppressed_below(on) if hide else 0
    with acting(receiving.MACHINE):
        rows = SharingAgreement.objects.filter(Q(end=None) | Q(end__gt=on), division__in=counties, start__lte=on)
        agreed = {(row.feed, row.division): row for row in rows.order_by("start")}
        sent = FeedDelivery.objects.filter(division__in=counties).exclude(state=FeedDelivery.State.WITHDRAWN)
        newest = sent.order_by("feed", "division", "-number").distinct("feed", "division")
        last = {(row.feed, row.division): row for row in newest}
    return [
        _cell(code, name, lines.line(feed, agreed.get((feed.id, code)), last.get((feed.id, code)), on), below)
        for feed in chosen
        for code, name in counties.items()
    ]


def _cell(code: int, name: str, line: Line, below: int) -> Cell:
    row = line.last
    if row is None or row.checked_at is None or row.state == FeedDelivery.State.FAILED:
        return Cell(code, name, line, None, None, None, False)
    if small((row.good, row.bad), below):
        return Cell(code, name, line, None, None, None, True)
    return Cell(code, name, line, row.good, row.bad, 100 * row.good // (row.good + row.bad or 1), False)
