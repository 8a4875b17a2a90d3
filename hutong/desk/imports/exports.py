"""The county's files again in the workbook layout: with a purpose, a mark of who took it, and an access row."""

from __future__ import annotations

from collections.abc import Iterator

from django import forms
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from hutong.desk.access import needs
from hutong.desk.request import Request
from hutong.exchange import workbooks
from hutong.kernel import ciphers, looks
from hutong.kernel.clock import ZONE, now
from hutong.kernel.scope import Scope
from hutong.people.models import Category, File, Kinship
from hutong.places.codes import town
from hutong.places.models import Division
from hutong.policy import codes


class Purpose(forms.Form):
    """What the workbook is for."""

    purpose = forms.CharField(label=_("导出用途"), max_length=100, help_text=_("会写在表格页眉页脚，并记入查阅记录"))


@needs("export")
def export(request: Request) -> HttpResponseBase:
    """Ask for the purpose, then hand out the workbook."""
    form = Purpose(request.POST or None)
    scope = request.scope
    total = File.objects.visible_to(scope).filter(closed_on=None).count()
    if request.method != "POST" or not form.is_valid():
        return render(request, "imports/export.html", {"form": form, "total": total})
    at, purpose = now(), form.cleaned_data["purpose"]
    looks.look(
        what="export",
        subject=None,
        division=scope.ranges[0][0],
        by=request.user.pk,
        at=at,
        purpose=purpose,
        data={"files": total},
    )
    mark = f"{request.user.name} {at.astimezone(ZONE):%Y-%m-%d %H:%M} 导出 · 用途：{purpose}"
    content = workbooks.census(_rows(scope), mark=mark)
    response = HttpResponse(content, content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
    response["Content-Disposition"] = f'attachment; filename="children-{at.astimezone(ZONE):%Y%m%d}.xlsx"'
    return response


def _rows(scope: Scope) -> Iterator[list[str]]:
    names = dict(Division.objects.visible_to(scope).values_list("code", "name"))
    files = File.objects.visible_to(scope).filter(closed_on=None).select_related("child").order_by("division", "number")
    carers, kinds = _carers(scope), _kinds(scope)
    for number, file in enumerate(files.iterator(chunk_size=2000), 1):
        child, carer = file.child, carers.get(file.child_id)
        yield [
            str(number), names.get(town(file.division), ""), names.get(file.division, ""), child.name, child.get_sex_display() if child.sex != "0" else "",
            _born(child), _open(child.id_sealed, "id_number"), carer.relative.name if carer else "",
            codes.label("relation", carer.relation) if carer else "", _open(carer.relative.phone_sealed, "phone") if carer else "",
            "、".join(codes.label("category", kind) for kind in kinds.get(file.pk, [])), file.number, "",
        ]  # fmt: skip


def _born(child: object) -> str:
    born = getattr(child, "birth_date", None)
    return (
        ""
        if born is None
        else f"{born:%Y-%m-%d}"
        if getattr(child, "birth_precision", "") == "day"
        else f"{born:%Y-%m}"
    )


def _open(sealed: bytes | None, purpose: str) -> str:
    return ciphers.unseal(sealed, purpose) if sealed else ""


def _carers(scope: Scope) -> dict[object, Kinship]:
    rows = Kinship.objects.visible_to(scope).filter(end=None, carer=True).select_related("relative").order_by("pk")
    return {row.child_id: row for row in rows}


def _kinds(scope: Scope) -> dict[object, list[str]]:
    found: dict[object, list[str]] = {}
    rows = Category.objects.visible_to(scope).filter(state__in=("proposed", "confirmed"), end=None).order_by("kind")
    for file, kind in rows.values_list("file_id", "kind"):
        found.setdefault(file, []).append(kind)
    return found
