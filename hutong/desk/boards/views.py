"""Pages of the boards. Counts come from insight, which also hides what is too small to show."""

from __future__ import annotations

import csv
from datetime import date

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from hutong.desk.access import needs
from hutong.desk.request import Request
from hutong.desk.ui.maps import Cell, county_map
from hutong.insight import boards
from hutong.kernel.clock import today
from hutong.kernel.refusals import Refusal
from hutong.places.codes import level
from hutong.places.models import Division
from hutong.policy import access
from hutong.policy.boards import FIGURES, Figure
from hutong.policy.loader import Standing

HIDDEN = "不显示"  # for the small and for what would tell the small: "<5" would be untrue of the second
_STANDINGS = {
    Standing.SEED: gettext_lazy("方案原文"),
    Standing.SOURCED: gettext_lazy("有公开来源，待核"),
    Standing.PROPOSED: gettext_lazy("本平台建议，待市民政局确定"),
}


@needs("see_board")
def home(request: Request) -> HttpResponseBase:
    """The board of the first post's place."""
    if not request.scope.area:
        raise Refusal("您现在没有在任的岗位，看不到统计。请联系管理员核对岗位的起止日期。")
    return redirect("boards:board", code=request.scope.area[0][0])


@needs("see_board")
def board(request: Request, code: int) -> HttpResponseBase:
    """Figures of a division, by the divisions below it."""
    shown = _board(request, code)
    figure = request.GET.get("figure", "visits")
    figure = figure if figure in FIGURES else "visits"
    above = [(reverse("boards:board", args=[d.code]), d.name) for d in boards.trail(code, request.scope)]
    context = {
        "board": shown,
        "figures": FIGURES,
        "figure": figure,
        "most": max((line.values[figure].part for line in shown.lines if not line.values[figure].hidden), default=0),
        "above": above,
        "lists": request.scope.covers(code) and request.scope.reads >= {"identity", "care"},
        "deeper": level(code) < Division.Level.VILLAGE,
        "threshold": access.suppressed_below(shown.on),
        "columns": [_("地区"), *((_words(item), "num") for item in FIGURES.values())],
        "chart": _chart(shown, figure),
        "words": _words,
        "definition": _definition,
        "standing": lambda item: _STANDINGS[item.standing],
    }
    return render(request, "boards/board.html", context)


def _chart(shown: boards.Board, figure: str) -> str:
    """The map of the counties, when the board is the city's and there are outlines."""
    if shown.place.level != Division.Level.CITY:
        return ""
    # Functional units have no code and no outline; they are named beside the map.
    cells = {line.code or -number: _map_cell(shown, line, figure) for number, line in enumerate(shown.lines)}
    return county_map(cells, label=_words(FIGURES[figure]))


def _map_cell(shown: boards.Board, line: boards.Line, figure: str) -> Cell:
    value, ratio = line.values[figure], FIGURES[figure].kind == "ratio"
    percent = ratio and value.percent is not None
    words = _(HIDDEN) if value.hidden else _cells(value, FIGURES[figure].kind)[-1] + ("%" if percent else "")
    href = f"{reverse('boards:board', args=[line.code])}?figure={figure}&on={shown.on}" if line.code else ""
    return Cell(line.name, words, None if value.hidden else value.percent if ratio else value.part, href)


def _words(item: Figure) -> str:
    return item.zh if (get_language() or "").startswith("zh") else item.en


def _definition(item: Figure) -> str:
    return item.definition_zh if (get_language() or "").startswith("zh") else item.definition_en


@needs("see_board")
def table(request: Request, code: int) -> HttpResponseBase:
    """The same as a table, for a spreadsheet; hidden counts stay hidden."""
    shown = _board(request, code)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="board-{code}-{shown.on}.csv"'
    response.write("\ufeff")
    writer = csv.writer(response)
    writer.writerow(["地区", *(f"{f.zh}{suffix}" for f in FIGURES.values() for suffix in _columns(f.kind))])
    for line in [*shown.lines, shown.total]:
        cells = [cell for key, figure in FIGURES.items() for cell in _cells(line.values[key], figure.kind)]
        writer.writerow([line.name, *cells])
    least = access.suppressed_below(shown.on)
    writer.writerow([f"统计日 {shown.on}；口径见平台“统计”页；“{HIDDEN}”表示数量小于 {least}，或者可以推算出这样的数"])
    return response


def _board(request: Request, code: int) -> boards.Board:
    try:
        return boards.board(scope=request.scope, code=code, on=_day(request))
    except Division.DoesNotExist as error:
        raise Http404 from error


def _day(request: Request) -> date:
    """The day of the address: of what is to come nothing can be counted, and before the first rule nothing was."""
    try:
        asked = parse_date(request.GET.get("on", "")) or today()
    except ValueError:
        asked = today()
    return max(min(asked, today()), access.first_day())


def _columns(kind: str) -> tuple[str, ...]:
    return ("", "（分母）", "（%）") if kind == "ratio" else ("",)


def _cells(value: boards.Value, kind: str) -> tuple[str, ...]:
    if value.hidden:
        return (HIDDEN, "", "") if kind == "ratio" else (HIDDEN,)
    if kind == "count":
        return (str(value.part),)
    return str(value.part), str(value.whole), "无数据" if value.percent is None else str(value.percent)
