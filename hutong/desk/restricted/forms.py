"""The shape of what is typed about a restriction."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from hutong.staff.models import User


class Reasoned(forms.Form):
    """Whatever is done to a restriction has a reason."""

    because = forms.CharField(label=_("理由"), max_length=200, min_length=4)
    op_id = forms.UUIDField(widget=forms.HiddenInput)


class Restrict(Reasoned):
    """The first readers beside oneself."""

    readers = forms.ModelMultipleChoiceField(
        queryset=User.objects.none(),
        label=_("除您以外还有谁可以看"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    field_order = ("because", "readers", "op_id")

    def __init__(self, *args: Any, people: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["readers"].queryset = people  # type: ignore[attr-defined]


class Give(Reasoned):
    """One more reader."""

    reader = forms.ModelChoiceField(queryset=User.objects.none(), label=_("查阅人"))
    field_order = ("reader", "because", "op_id")

    def __init__(self, *args: Any, people: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reader"].queryset = people  # type: ignore[attr-defined]


class Lift(Reasoned):
    """Why it is no longer needed."""
