"""Forms of people and posts."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hutong.kernel.clock import today

_DAY: dict[str, Any] = {"widget": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}


class NewForm(forms.Form):
    """A person and the post."""

    name = forms.CharField(label=_("姓名"), max_length=30)
    phone = forms.CharField(
        label=_("手机号"), max_length=20, help_text=_("也是登录名"), widget=forms.TextInput(attrs={"inputmode": "tel"})
    )
    role = forms.ChoiceField(label=_("岗位"))
    county = forms.ChoiceField(label=_("县（区）"), required=False, help_text=_("市级岗位不用选"))
    town = forms.CharField(label=_("乡镇（街道）"), max_length=60, required=False, help_text=_("县（区）级岗位不用填"))
    village = forms.CharField(label=_("村（居）"), max_length=60, required=False, help_text=_("儿童主任要填"))
    office = forms.ChoiceField(label=_("所在部门"), required=False, help_text=_("市级部门报送数据的人要选"))
    start = forms.DateField(label=_("从哪天起"), initial=today, **_DAY)
    second = forms.BooleanField(label=_("这个村另加一名儿童主任"), required=False)

    def __init__(
        self,
        *args: Any,
        roles: list[tuple[str, str]],
        counties: list[str],
        offices: list[tuple[str, str]],
        second: bool,
        **kwargs: Any,
    ) -> None:
        """`counties`, `offices`: to choose from; whoever sits in one county is not asked. `second`: the village has a director already."""
        super().__init__(*args, **kwargs)
        if not second:
            del self.fields["second"]
        if len(counties) > 1:
            self.fields["county"].choices = [("", "—"), *((name, name) for name in counties)]  # type: ignore[attr-defined]
        else:
            del self.fields["county"]
        if offices:
            self.fields["office"].choices = [("", "—"), *offices]  # type: ignore[attr-defined]
        else:
            del self.fields["office"]
        self.fields["role"].choices = roles  # type: ignore[attr-defined]


class HandOverForm(forms.Form):
    """Who takes over, and from which day."""

    name = forms.CharField(label=_("接任人姓名"), max_length=30)
    phone = forms.CharField(label=_("接任人手机号"), max_length=20, widget=forms.TextInput(attrs={"inputmode": "tel"}))
    on = forms.DateField(label=_("从哪天起交接"), initial=today, **_DAY)
    because = forms.CharField(label=_("原因"), max_length=200, help_text=_("如：换届、调离、退休"))


class EndForm(forms.Form):
    """When and why somebody leaves without a successor."""

    on = forms.DateField(label=_("从哪天起离任"), initial=today, **_DAY)
    because = forms.CharField(label=_("原因"), max_length=200)


class ListForm(forms.Form):
    """A workbook with the staff of an area."""

    book = forms.FileField(
        label=_("人员名单（Excel）"),
        help_text=_(
            "要有姓名、手机号、岗位、县（区）、乡镇、村这几列，顺序不限；只管一个县（区）的可以没有县（区）这一列"
        ),
    )
