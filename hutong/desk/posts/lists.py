"""Accounts from a workbook, and slips for many people at once."""

from __future__ import annotations

from io import BytesIO

import xlsxwriter
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from hutong.desk.access import needs
from hutong.desk.posts import forms, words
from hutong.desk.request import Request
from hutong.kernel.clock import now, today
from hutong.kernel.refusals import Refusal
from hutong.staff import accounts, queries, roster
from hutong.staff.models import Post

_MOST_SLIPS = 600
_HEADINGS = ("姓名", "手机号", "岗位", "县（区）", "乡镇（街道）", "村（居）")


@needs("manage_posts")
def upload(request: Request) -> HttpResponse:
    """Read a staff list, open accounts, fill posts; every row gets an answer."""
    form = forms.ListForm(request.POST or None, request.FILES or None)
    lines: list[roster.Line] | None = None
    if form.is_valid():
        try:
            read = roster.read(form.cleaned_data["book"].read(roster.MOST_BYTES + 1))
            lines = roster.apply(lines=read, by=request.user, at=now())
        except Refusal as refusal:
            words.explain(form, refusal)
    counts = {kind: sum(line.status == kind for line in lines or []) for kind in ("ok", "same", "refused")}
    return render(request, "posts/upload.html", {"form": form, "lines": lines, "counts": counts})


@needs("manage_posts")
def empty_form(request: Request) -> HttpResponse:
    """An empty list to fill in."""
    out = BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet, text = book.add_worksheet("人员名单"), book.add_format({"num_format": "@"})
        sheet.set_column(0, 5, 18, text)
        sheet.write_row(0, 0, _HEADINGS, book.add_format({"bold": True}))
    response = HttpResponse(
        out.getvalue(), content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    )
    response["Content-Disposition"] = 'attachment; filename="staff-list.xlsx"'
    return response


@needs("reset_account")
@require_POST
@never_cache
def slips(request: Request) -> HttpResponse:
    """Slips for the people of the filter who cannot sign in yet, ready to print. Shown once."""
    at = now()
    coded, refused = [], []
    for post in _waiting(request):
        try:
            coded.append((post, accounts.print_slip(user=post.user, by=request.user, at=at)))
        except Refusal as refusal:
            refused.append((post.user.name, refusal.sentence))
    if not coded and not refused:
        raise Refusal(_("没有等待激活的人员，没有打印任何激活单。"))
    return render(request, "posts/slips.html", {"slips": words.slips(coded), "refused": refused})


def _waiting(request: Request) -> list[Post]:
    filters = words.filters_of(request)
    rows = queries.posts_in(request.scope, on=today(), **{**filters, "ended": False})
    chosen = rows.filter(user__password__startswith="!", user__is_active=True).distinct()
    seen: dict[object, Post] = {}
    for post in chosen[:_MOST_SLIPS]:
        seen.setdefault(post.user_id, post)
    return list(seen.values())
