"""One's own notices, read ones too; and the lines that went outside the platform, with receipt or the reason of failure."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import Count, F
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hutong.desk.access import needs, signed_in
from hutong.desk.request import Request
from hutong.kernel.scope import acting
from hutong.places.queries import name_of
from hutong.staff.models import Message, Notice

SIZE = 50
CHANNELS = {"sms": gettext_lazy("短信"), "wecom": gettext_lazy("企业微信"), "dingtalk": gettext_lazy("钉钉")}


@signed_in
def mine(request: Request) -> HttpResponse:
    """What I was told, the unread first."""
    rows = Notice.objects.filter(user=request.user).order_by(F("read_at").desc(nulls_first=True), "-created_at", "pk")
    page = Paginator(rows, SIZE).get_page(request.GET.get("page", "1"))
    return render(request, "notices/mine.html", {"page": page})


@needs("manage_posts")
def sent(request: Request) -> HttpResponse:
    """Lines to colleagues of the area, newest first. Texts hold counts only, so no child is seen here."""
    state = request.GET.get("state", "") if request.GET.get("state") in Message.State.values else ""
    # Who manages people may see no child there; this list needs the place alone.
    narrow = replace(request.scope, ranges=request.scope.area, reads=frozenset(), writes=frozenset())
    with acting(narrow) as area:
        rows = Message.objects.visible_to(area)
        counts = dict(rows.values_list("state").annotate(n=Count("pk")).order_by())
        shown = rows.filter(state=state) if state else rows
        page = Paginator(shown.select_related("user").order_by("-created_at", "pk"), SIZE).get_page(
            request.GET.get("page", "1")
        )
        list(page.object_list)
    tabs: list[Any] = [("?", _("全部"), sum(counts.values()), not state)]
    tabs += [(f"?state={code}", label, counts.get(code, 0), code == state) for code, label in Message.State.choices]
    context = {
        "page": page,
        "tabs": tabs,
        "channels": CHANNELS,
        "on": [] if settings.DEMO else [CHANNELS[name] for name in settings.NOTICES["channels"]],
        "place_of": name_of,
    }
    return render(request, "notices/sent.html", context)
