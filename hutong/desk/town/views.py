"""One page of counts for whoever supervises directors, each a link to its list; and the new children to confirm."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from hutong.desk.access import needs
from hutong.desk.request import Request
from hutong.desk.town.waiting import MOST, Waiting
from hutong.kernel.clock import now
from hutong.places.queries import name_of, town_and_village

SIZE = 50


@needs("assign")
def home(request: Request) -> HttpResponse:
    """What waits, in the order in which it burns."""
    waiting = Waiting(request.scope, now())
    context = {
        "waiting": waiting,
        "late": sum(number for _, number in waiting.late),
        "places": waiting.late[:MOST],
        "silent": waiting.silent[:MOST],
        "holding": waiting.holding.exclude(pk__in=waiting.silent.values("pk"))[:MOST],
        "late_at": f"{reverse('worklist:home')}?view=late",
        "name_of": name_of,
        "place_of": town_and_village,
    }
    return render(request, "town/home.html", context)


@needs("assign")
def new(request: Request) -> HttpResponse:
    """Children added on phones, to be confirmed."""
    page = Paginator(Waiting(request.scope, now()).new, SIZE).get_page(request.GET.get("page", "1"))
    return render(request, "town/new.html", {"page": page, "place_of": town_and_village})
