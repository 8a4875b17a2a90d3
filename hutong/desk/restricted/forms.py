"""The shape of what is typed about a restriction."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from hutong.desk.ui import labels
from hutong.policy.access import ROLES
from hutong.staff.models import User


def _with_role(user: User) -> str:
    """Two people may share a name: the post tells them apart."""
    held = sorted({post.role for post in user.posts.all() if post.end is None and post.role in ROLES})
    return gettext("%(name)s（%(roles)s）") % {
        "name": user.name,
        "roles": gettext("、").join(labels.said(ROLES[role]) for role in held),
    }


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
        self.fields["readers"].queryset = people.prefetch_related("posts")  # type: ignore[attr-defined]
        self.fields["readers"].label_from_instance = _with_role  # type: ignore[attr-defined]


class Give(Reasoned):
    """One more reader."""

    reader = forms.ModelChoiceField(queryset=User.objects.none(), label=_("查阅人"))
    field_order = ("reader", "because", "op_id")

    def __init__(self, *args: Any, people: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reader"].queryset = people.prefetch_related("posts")  # type: ignore[attr-defined]
        self.fields["reader"].label_from_instance = _with_role  # type: ignore[attr-defined]


class Lift(Reasoned):
    """Why it is no longer needed."""
