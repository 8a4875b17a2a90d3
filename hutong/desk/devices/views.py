"""Phones of the area, with what they have not sent yet; a lost one is taken off."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hutong.desk.access import needs
from hutong.desk.request import Request
from hutong.kernel.clock import now
from hutong.places.queries import town_and_village
from hutong.staff import devices
from hutong.staff.models import Device

SIZE = 50
_VIEWS = {"": gettext_lazy("全部"), "silent": gettext_lazy("很久没联网"), "holding": gettext_lazy("还有没上传的")}


@needs("assign")
def listing(request: Request) -> HttpResponse:
    """Phones of the area: those with unsent work first."""
    at, every = now(), devices.listed(request.scope)
    views = {"": every, "silent": devices.silent_of(every, at), "holding": devices.holding(every)}
    view = request.GET.get("view", "") if request.GET.get("view") in views else ""
    page = Paginator(views[view], SIZE).get_page(request.GET.get("page", "1"))
    context = {
        "page": page,
        "rows": [(row, devices.silent(row, at)) for row in page],
        "tabs": [(f"?view={key}", label, views[key].count(), key == view) for key, label in _VIEWS.items()],
        "place_of": town_and_village,
    }
    return render(request, "devices/list.html", context)


@needs("assign")
def revoke(request: Request, device: UUID) -> HttpResponseBase:
    """Take one off. What it has not sent stays sealed on it."""
    row = get_object_or_404(Device.objects.visible_to(request.scope), pk=device)
    if request.method == "POST":
        devices.revoke(device=row, by=request.user, at=now())
        messages.success(request, _("已停用。这部手机下次联网时会清除儿童名册，没上传的记录仍封存在手机里。"))
    return redirect("devices:list")
