"""Taking an uploaded file of a feed in: of a county, or of a city for all its counties."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django.contrib import messages
from django.utils.translation import gettext as _

from hutong.desk.feeds.forms import Upload
from hutong.desk.request import Request
from hutong.exchange import receiving
from hutong.exchange.models import Channel, CityDelivery, FeedDelivery
from hutong.kernel.clock import now
from hutong.kernel.refusals import Refusal

Row = TypeVar("Row", FeedDelivery, CityDelivery)


def taken(
    request: Request, form: Upload, receive: Callable[..., Row], later: Callable[[Row], None], **where: Any
) -> Row | None:
    """The delivery that the file is, also one that came before, left to the worker by `later`. None: refused, the form says why.

    `where`: the feed and the division it is for.
    """
    sent, at = form.cleaned_data["file"], now()
    try:
        receiving.refuse_size(sent.size)
        row = receive(
            spooled=receiving.spool(sent.chunks()), name=sent.name or "", channel=Channel.UPLOAD, by=request.user, at=at,
            op=form.cleaned_data["op_id"], **where,
        )  # fmt: skip
    except Refusal as refusal:
        form.add_error("file", refusal.sentence)
        return None
    if row.received_at == at:
        later(row)
    else:
        messages.info(request, _("这份文件以前收到过，没有重复接收，下面是那一次的结果。"))
    return row
