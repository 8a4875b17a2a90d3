"""A page with every component on it, for developers and for the browser tests; not served in production."""

from __future__ import annotations

from datetime import UTC, date, datetime
from types import SimpleNamespace

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from hutong.desk.access import public
from hutong.desk.ui.maps import Cell, county_map


class SampleForm(forms.Form):
    """One field of each kind."""

    name = forms.CharField(label="姓名", max_length=20, help_text="按户口簿上的写法")
    born = forms.DateField(label="出生日期", widget=forms.DateInput(attrs={"type": "date"}))
    who = forms.ChoiceField(
        label="谁在照看", widget=forms.RadioSelect, choices=[("g", "爷爷奶奶"), ("o", "其他亲戚"), ("n", "没有人")]
    )
    signs = forms.MultipleChoiceField(
        label="看到的情况",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[("a", "屋里冷"), ("b", "没吃饭")],
    )
    place = forms.ChoiceField(label="镇（街）", choices=[("1", "旧城镇"), ("2", "引马镇")])
    note = forms.CharField(label="说明", required=False, widget=forms.Textarea)


@public("shows only made-up samples, and only in development and tests")
def components(request: HttpRequest) -> HttpResponse:
    """Every macro once. `?wrong` shows a form with errors."""
    today = date(2026, 11, 23)
    rows = [
        SimpleNamespace(name=f"示例{n:02d}", level=level, due=date(2026, 11, day))
        for n, (level, day) in enumerate(
            [("red", 20), ("yellow", 23), ("blue", 26), ("green", 30), ("green", 30), ("blue", 29)]
        )
    ]
    events = [
        SimpleNamespace(
            title="走访", when=datetime(2026, 11, 20, 2, tzinfo=UTC), text="孩子在家，精神好。", who="儿童主任"
        ),
        SimpleNamespace(title="建档", when=date(2026, 9, 1), text="", who="县民政局", kind="low"),
    ]
    codes = (371702, 371703, 371721, 371722, 371723, 371724, 371725, 371726, 371728)
    cells = {c * 10**6: Cell(f"县{n}", "<5" if n == 3 else f"{80 + 2 * n}%", None if n == 3 else 80 + 2 * n, f"#{c}") for n, c in enumerate(codes)}  # fmt: skip
    cells[-1] = Cell("鲁西新区", "91%", 91)
    form = SampleForm({"name": ""}) if "wrong" in request.GET else SampleForm()
    page = Paginator(range(128), 6).get_page(2)
    return render(
        request,
        "ui/components.html",
        {
            "rows": rows,
            "events": events,
            "form": form,
            "page": page,
            "day_of_sample": today,
            "map": county_map(cells, label="示例地图"),
        },
    )
