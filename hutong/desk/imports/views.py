"""The steps of an import, one page each."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from hutong.desk.access import needs
from hutong.desk.imports import steps
from hutong.desk.request import Request
from hutong.exchange import operations, workbooks
from hutong.exchange.models import Delivery, Row
from hutong.kernel import looks, sentences
from hutong.kernel.clock import day, now
from hutong.kernel.refusals import Refusal
from hutong.places.codes import county
from hutong.places.queries import name_of
from hutong.policy.census import CENSUS

SIZE = 50
STATUSES = {
    "ok": gettext_lazy("新增"),
    "changed": gettext_lazy("有变化"),
    "unchanged": gettext_lazy("无变化"),
    "quarantined": gettext_lazy("待改"),
    "not_data": gettext_lazy("不是数据"),
}


class Upload(forms.Form):
    """A workbook and, when it is locked, its password."""

    file = forms.FileField(
        label=gettext_lazy("名册文件"), help_text=gettext_lazy("xlsx、xls、csv 或 txt，不用改格式，原样上传")
    )
    password = forms.CharField(
        label=gettext_lazy("打开密码"),
        required=False,
        widget=forms.PasswordInput,
        help_text=gettext_lazy("没有设密码就不填"),
    )
    op_id = forms.UUIDField(widget=forms.HiddenInput)


@needs("import")
def listing(request: Request) -> HttpResponseBase:
    """Deliveries of the county, and the upload of a new one."""
    form = Upload(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        delivery = _receive(request, form)
        if delivery:
            return redirect("imports:one", delivery=delivery.pk)
    rows = Delivery.objects.visible_to(request.scope).select_related("by").order_by("-received_at", "pk")
    page = Paginator(rows, SIZE).get_page(request.GET.get("page", "1"))
    return render(request, "imports/list.html", {"page": page, "form": form, "place_of": name_of})


def _receive(request: Request, form: Upload) -> Delivery | None:
    sent, at = form.cleaned_data["file"], now()
    limit = CENSUS.limits.on(day(at)).file_mb
    if sent.size > limit * 1024 * 1024:
        form.add_error("file", _("文件超过 %(n)s MB，没有保存。请按乡镇分成几个文件再传。") % {"n": limit})
        return None
    place = county(request.scope.ranges[0][0])
    delivery = operations.receive(
        content=sent.read(),
        name=sent.name or "名册",
        county=place,
        by=request.user,
        at=at,
        op=form.cleaned_data["op_id"],
    )
    if delivery.state == "received":
        operations.check(delivery=delivery, by=request.user, at=at, password=form.cleaned_data["password"])
    return delivery


def _get(request: Request, delivery: UUID) -> Delivery:
    return get_object_or_404(Delivery.objects.visible_to(request.scope).select_related("by", "attachment"), pk=delivery)


@needs("import")
def one(request: Request, delivery: UUID) -> HttpResponseBase:
    """What was found: counts, and the rows of one status with their reasons."""
    row = _get(request, delivery)
    if request.method == "POST":  # a locked workbook, tried again with its password
        operations.check(delivery=row, by=request.user, at=now(), password=request.POST.get("password", ""))
        return redirect("imports:one", delivery=row.pk)
    status = request.GET.get("status", "")
    status = status if status in STATUSES else steps.first(row.counts)
    page = Paginator(Row.objects.filter(delivery=row, status=status).order_by("pk"), SIZE).get_page(
        request.GET.get("page", "1")
    )
    looks.look(
        what="import",
        subject=("exchange.delivery", row.pk),
        division=row.division,
        by=request.user.pk,
        at=now(),
        purpose=gettext_noop("核对名册"),
    )
    context = {
        "delivery": row,
        "page": page,
        "rows": [steps.shown(each) for each in page],
        "status": status,
        "tabs": [
            (f"?status={key}", str(label), row.counts.get(key, 0), key == status) for key, label in STATUSES.items()
        ],
        "place": name_of(row.division),
        "trouble": sentences.told({"message": row.trouble, **row.trouble_said}),
        "unnamed": row.state == "matched" and steps.unnamed(row),
        "done": Row.objects.filter(delivery=row, applied_at__isnull=False).count() if row.state == "applying" else 0,
        "step": {"received": 1, "failed": 1, "matched": 2, "applying": 3}.get(row.state, 4),
    }
    return render(request, "imports/one.html", context)


@needs("import")
def columns(request: Request, delivery: UUID) -> HttpResponseBase:
    """Say what each column holds; remembered for the county and this header."""
    row = _get(request, delivery)
    tables = steps.tables(row)
    if request.method == "POST":
        chosen = next((table for table in tables if table.signature == request.POST.get("signature")), None)
        if chosen is None:
            raise Refusal(_("没有找到这张表的表头，没有改动。请重新打开这一页。"))
        corrected = {c: request.POST.get(f"column_{c}", "") for c in range(len(chosen.labels))}
        known = {key for key, _words in steps.fields()}
        operations.correct(
            delivery=row,
            signature=chosen.signature,
            columns={c: f if f in known else "" for c, f in corrected.items()},
            by=request.user,
            at=now(),
        )
        messages.success(request, _("已按新的对应关系重新检查，下次同样的表头会自动采用。"))
        return redirect("imports:one", delivery=row.pk)
    return render(request, "imports/columns.html", {"delivery": row, "tables": tables, "fields": steps.fields()})


@needs("import")
def apply(request: Request, delivery: UUID) -> HttpResponseBase:
    """Write it: small ones at once, large ones by a job with its progress on the page."""
    row = _get(request, delivery)
    if request.method == "POST":
        if row.counts.get("ok", 0) + row.counts.get("changed", 0) > steps.AT_ONCE:
            steps.later(row, request.user)
            messages.info(request, _("名册较大，正在后台写入，可以离开这一页，稍后回来看进度。"))
        else:
            operations.apply(delivery=row, by=request.user, at=now(), scope=request.scope)
            messages.success(request, _("已写入。新档案的首次走访等任务已经排好，类别建议等待另一位同志确认。"))
    return redirect("imports:one", delivery=row.pk)


@needs("import")
def reverse_batch(request: Request, delivery: UUID) -> HttpResponseBase:
    """Take the batch back, with a reason."""
    row = _get(request, delivery)
    if request.method == "POST":
        kept = operations.reverse(delivery=row, reason=request.POST.get("reason", ""), by=request.user, at=now())
        messages.success(request, _("这批名册已撤回，文件和记录都还在。"))
        if kept:
            messages.warning(request, _("有 %(n)s 行已被别人办理过，没有撤回，请在档案里逐个核对。") % {"n": len(kept)})
    return redirect("imports:one", delivery=row.pk)


@needs("import")
def result(request: Request, delivery: UUID) -> HttpResponse:
    """The same workbook with the verdict and the reasons beside each row."""
    row = _get(request, delivery)
    looks.look(
        what="export",
        subject=("exchange.delivery", row.pk),
        division=row.division,
        by=request.user.pk,
        at=now(),
        purpose=gettext_noop("名册检查结果"),
    )
    content = workbooks.result(row)
    response = HttpResponse(content, content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
    response["Content-Disposition"] = f'attachment; filename="import-{row.pk}.xlsx"'
    return response
