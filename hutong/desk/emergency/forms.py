"""The shape of what is typed when asking for emergency access and when reviewing it."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from hutong.people.emergencies import SHORTEST
from hutong.staff.models import Grant


class Ask(forms.Form):
    """Which child, and why now."""

    number = forms.CharField(
        label=_("档案号"), max_length=40, required=False, help_text=_("没有档案号，就填身份证号和姓名")
    )
    id_number = forms.CharField(label=_("身份证号"), max_length=30, required=False)
    name = forms.CharField(label=_("姓名"), max_length=80, required=False)
    because = forms.CharField(
        label=_("紧急的理由"),
        min_length=SHORTEST,
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("写清楚发生了什么、为什么等不及按正常办法查；会通知该县（区）民政局和数据保护专员"),
    )

    def clean(self) -> dict[str, object]:
        """A file number, or both the identity number and the name."""
        data: dict[str, object] = super().clean() or {}
        if not data.get("number") and not (data.get("id_number") and data.get("name")):
            raise forms.ValidationError(_("请填档案号，或者身份证号和姓名都填。"))
        return data


class Review(forms.Form):
    """Was the reason good?"""

    verdict = forms.ChoiceField(label=_("理由是否成立"), choices=Grant.Verdict.choices, widget=forms.RadioSelect)
    note = forms.CharField(label=_("复核意见"), max_length=200, min_length=2)
    op_id = forms.UUIDField(widget=forms.HiddenInput)
