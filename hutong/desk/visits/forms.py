"""The shape of what is typed beside a questionnaire; operations decide."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid5

from django import forms
from django.utils.translation import gettext_lazy as _

from hutong.desk.ui import labels
from hutong.kernel.clock import week
from hutong.policy import codes

_ASKED = ("51", "52", "57", "58", "61", "62", "63", "64", "71", "75", "81", "83", "85", "88", "90", "97", "99")


class DayForm(forms.Form):
    """A day and the operation id."""

    occurred_on = forms.DateField(label=_("哪一天"), widget=forms.DateInput(attrs={"type": "date"}))
    op_id = forms.UUIDField(widget=forms.HiddenInput)

    def part(self, name: str) -> UUID:
        """The operation id of one part of what was sent: sending all twice does each part once."""
        return uuid5(self.cleaned_data["op_id"], name)


class CorrectionForm(DayForm):
    """The day as it was, and why the first entry was wrong."""

    because = forms.CharField(label=_("为什么更正"), max_length=200)


class AttemptForm(DayForm):
    """Met nobody."""

    REASONS = [(text, text) for text in ("门锁着，没人", "孩子上学去了", "全家出门了", "地址不对", "不让进门")]
    why = forms.ChoiceField(
        label=_("为什么没见到人"), widget=forms.RadioSelect, choices=[*REASONS, ("", _("别的原因"))], required=False
    )
    other = forms.CharField(label=_("别的原因"), max_length=200, required=False)

    def clean(self) -> dict[str, Any]:
        """One reason, ticked or written."""
        data = super().clean() or {}
        data["reason"] = data.get("other", "").strip() or data.get("why", "")
        if not data["reason"]:
            self.add_error("why", _("请选一个原因，或写一句。"))
        return data


class ContactForm(forms.Form):
    """What is known of one week."""

    STATES = [("done", _("联系了")), ("missed", _("没有联系")), ("unknown", _("不清楚"))]
    week_key = forms.ChoiceField(label=_("哪一周"), widget=forms.RadioSelect)
    child = forms.ChoiceField(label=_("爸妈这一周和孩子联系了吗？"), widget=forms.RadioSelect, choices=STATES)
    carer = forms.ChoiceField(label=_("爸妈这一周和照看的人联系了吗？"), widget=forms.RadioSelect, choices=STATES)
    channel = forms.ChoiceField(
        label=_("怎么联系的"),
        widget=forms.RadioSelect,
        choices=lambda: labels.choices("contact_channel"),
        required=False,
    )
    told_by = forms.ChoiceField(
        label=_("听谁说的"),
        widget=forms.RadioSelect,
        choices=[("child", _("孩子")), ("carer", _("照看的人")), ("parent", _("孩子父母")), ("school", _("学校"))],
        required=False,
    )
    urged = forms.BooleanField(label=_("我给孩子父母打了电话，请他们每周联系"), required=False)
    note = forms.CharField(label=_("说明"), max_length=200, required=False)
    op_id = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["week_key"].choices = list(weeks(on))  # type: ignore[attr-defined]

    def part(self, name: str) -> UUID:
        """The operation id of one direction."""
        return uuid5(self.cleaned_data["op_id"], name)


def weeks(on: date) -> Iterable[tuple[str, str]]:
    """This week and three before it, with their days."""
    monday = on - timedelta(days=on.weekday())
    for back, words in enumerate((_("这一周"), _("上一周"), _("两周前"), _("三周前"))):
        first = monday - timedelta(weeks=back)
        yield week(first), f"{words}（{first:%m-%d} – {first + timedelta(days=6):%m-%d}）"


def _relations() -> list[tuple[str, str]]:
    return [(code, labels.label("relation", code)) for code in _ASKED]


class CarerForm(forms.Form):
    """Who cares now, when the carer changed."""

    carer = forms.ChoiceField(label=_("现在谁照看"), widget=forms.RadioSelect, required=False)
    relation = forms.ChoiceField(label=_("是孩子的什么人"), choices=lambda: [("", "—"), *_relations()], required=False)
    name = forms.CharField(label=_("姓名"), max_length=40, required=False)
    phone = forms.CharField(label=_("电话"), max_length=20, required=False)

    def __init__(self, *args: Any, kin: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["carer"].choices = [*kin, ("new", _("别的人（在下面填写）"))]  # type: ignore[attr-defined]


class AgreementForm(forms.Form):
    """One paper, from the choice of a carer to the village being told."""

    carer = forms.ChoiceField(label=_("受委托的照护人"), widget=forms.RadioSelect)
    start = forms.DateField(label=_("从哪天起"), widget=forms.DateInput(attrs={"type": "date"}))
    end = forms.DateField(label=_("到哪天"), widget=forms.DateInput(attrs={"type": "date"}), required=False)
    reason = forms.CharField(label=_("父母为什么要委托"), max_length=200)
    child_opinion = forms.CharField(label=_("孩子自己怎么说"), max_length=200, required=False)
    signed_on = forms.DateField(label=_("哪天签的字"), widget=forms.DateInput(attrs={"type": "date"}), required=False)
    village_told_on = forms.DateField(
        label=_("哪天书面告知村（居）委会"), widget=forms.DateInput(attrs={"type": "date"}), required=False
    )
    school_told_on = forms.DateField(
        label=_("哪天书面告知学校、幼儿园"), widget=forms.DateInput(attrs={"type": "date"}), required=False
    )
    op_id = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, kin: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["carer"].choices = kin  # type: ignore[attr-defined]
        for code, words in labels.choices("carer_bar"):
            self.fields[f"bar_{code}"] = forms.ChoiceField(
                label=words, widget=forms.RadioSelect, choices=[("no", _("没有")), ("yes", _("有"))]
            )

    def bars(self) -> dict[str, bool]:
        """The declaration, by letter."""
        return {code: self.cleaned_data[f"bar_{code}"] == "yes" for code in codes.codes("carer_bar")}

    def part(self, name: str) -> UUID:
        """The operation id of one step."""
        return uuid5(self.cleaned_data["op_id"], name)
