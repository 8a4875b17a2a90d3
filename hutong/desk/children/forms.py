"""The shape of what is typed on the pages of a child; operations decide."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hutong.desk.ui import labels
from hutong.exchange.places import gazetteer
from hutong.people.models import File, Person
from hutong.places.codes import level
from hutong.places.models import Division


class VillageField(forms.IntegerField):
    """A village of the asker's area, by its 12-digit code."""

    def clean(self, value: object) -> int:
        """A code of a village, or a sentence."""
        code: int = super().clean(value)
        if level(code) != Division.Level.VILLAGE or not 10**11 <= code < 10**12:
            raise forms.ValidationError(_("请选到村（居）。"))
        return code


class NewChild(forms.Form):
    """A child that has no file yet."""

    name = forms.CharField(label=_("姓名"), max_length=80)
    id_number = forms.CharField(
        label=_("身份证号"), max_length=30, required=False, help_text=_("没有就不填，先填性别和出生日期")
    )
    sex = forms.ChoiceField(label=_("性别"), choices=[("", _("按身份证")), *Person.Sex.choices[1:]], required=False)
    birth_date = forms.DateField(label=_("出生日期"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    division = VillageField(label=_("现住村（居）"))
    hukou_kind = forms.ChoiceField(
        label=_("户口性质"), choices=lambda: [("", "—"), *labels.choices("hukou_kind")], required=False
    )
    op_id = forms.UUIDField(widget=forms.HiddenInput)

    def clean(self) -> dict[str, object]:
        """Either a number, or sex and birth date."""
        data: dict[str, object] = super().clean() or {}
        if not data.get("id_number") and not (data.get("sex") and data.get("birth_date")):
            raise forms.ValidationError(_("没有身份证号时，性别和出生日期都要填。"))
        return data


class Reasoned(forms.Form):
    """Whatever needs a reason and is sent once."""

    because = forms.CharField(label=_("理由"), max_length=200)
    op_id = forms.UUIDField(widget=forms.HiddenInput)


class Attention(Reasoned):
    """A new attention level."""

    level = forms.ChoiceField(label=_("关注等级"), choices=File.Attention.choices, widget=forms.RadioSelect)


class Move(forms.Form):
    """A new village, of this county or another, by the names people write."""

    county = forms.TypedChoiceField(
        label=_("新住处的县（区）"), coerce=int, help_text=_("选了别的县（区），就是把档案移交过去")
    )
    place = forms.CharField(
        label=_("新住处的镇（街）、村（居）"), max_length=120, help_text=_("镇（街）和村（居）连着写，如：旧城镇北关村")
    )
    because = forms.CharField(label=_("原因"), max_length=200)
    op_id = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, counties: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["county"].choices = counties  # type: ignore[attr-defined]

    def clean(self) -> dict[str, object]:
        """Adds `division`, the village meant; or a sentence beside the place."""
        data: dict[str, Any] = super().clean() or {}
        if data.get("county") and data.get("place"):
            found = gazetteer(data["county"]).resolve("", "", data["place"], "")
            if found.code is None:
                said = found.sentence.said() if found.sentence and found.problem != "other_county" else ""
                self.add_error("place", said or _("所选的县（区）里没有这个村（居）"))
            data["division"] = found.code
        return data


class Reveal(forms.Form):
    """Why a whole number must be seen."""

    purpose = forms.CharField(
        label=_("查看用途"), max_length=200, help_text=_("会记入查阅记录，家长和数据保护专员可以看到")
    )


class Checked(forms.Form):
    """That a file was gone through, point by point, and how."""

    agrees = forms.BooleanField(label=_("以上各项已逐项核对，与实际一致"), required=True)
    note = forms.CharField(
        label=_("怎么核对的"), max_length=200, help_text=_("例如：到村里核对、问过儿童主任、看过材料")
    )
    op_id = forms.UUIDField(widget=forms.HiddenInput)


class Close(forms.Form):
    """Why a file ends."""

    reason = forms.ChoiceField(label=_("退出原因"), choices=lambda: [("", _("请选择")), *labels.choices("exit_reason")])
    on = forms.DateField(label=_("退出日期"), widget=forms.DateInput(attrs={"type": "date"}))
    op_id = forms.UUIDField(widget=forms.HiddenInput)
