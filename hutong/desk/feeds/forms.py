"""What one fills in about departments' data."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hutong.desk.ui import labels
from hutong.kernel.clock import today
from hutong.policy.feeds import Feed


class Upload(forms.Form):
    """A file as the department gave it."""

    file = forms.FileField(label=_("数据文件"), help_text=_("xlsx、xls、csv、txt 或 Parquet，原样上传"))
    op_id = forms.UUIDField(widget=forms.HiddenInput)


class Agreement(forms.Form):
    """What was agreed with the department; filled in from the contract."""

    number = forms.CharField(label=_("协议文号"), max_length=80)
    purpose = forms.CharField(label=_("用途"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))
    legal_basis = forms.CharField(label=_("依据"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))
    retention_days = forms.IntegerField(label=_("保存天数"), min_value=1)
    start = forms.DateField(label=_("生效日期"), widget=forms.DateInput(attrs={"type": "date"}))
    fields_ = forms.MultipleChoiceField(label=_("约定提供的字段"), widget=forms.CheckboxSelectMultiple)
    op_id = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, feed: Feed, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["fields_"].choices = [(field.name, labels.policy(field.title)) for field in feed.fields]  # type: ignore[attr-defined]
        self.fields["retention_days"].max_value = feed.numbers.retention_days  # type: ignore[attr-defined]
        self.fields["retention_days"].help_text = _("到期销毁，最多 %(n)s 天") % {"n": feed.numbers.retention_days}


class Ending(forms.Form):
    """Why an agreement ends."""

    because = forms.CharField(label=_("终止的理由"), max_length=200)
    op_id = forms.UUIDField(widget=forms.HiddenInput)


class CityEnding(Ending):
    """Which paper of the city ends, and why."""

    number = forms.CharField(max_length=80, widget=forms.HiddenInput)


def agreed_as_proposed(feed: Feed) -> dict[str, Any]:
    """An agreement as the contract proposes it, for the form."""
    return {
        "purpose": feed.purpose, "legal_basis": feed.legal_basis.zh, "retention_days": feed.numbers.retention_days,
        "start": today(), "fields_": [field.name for field in feed.fields],
    }  # fmt: skip


class Use(forms.Form):
    """Use a delivery or not, and why."""

    use = forms.TypedChoiceField(choices=[("1", "1"), ("0", "0")], coerce=lambda text: text == "1")
    because = forms.CharField(label=_("理由"), max_length=200, required=False)
    op_id = forms.UUIDField(widget=forms.HiddenInput)


class Ask(forms.Form):
    """A search through the registers, as of a day."""

    on = forms.DateField(label=_("按哪一天计算"), widget=forms.DateInput(attrs={"type": "date"}))
    op_id = forms.UUIDField(widget=forms.HiddenInput)
