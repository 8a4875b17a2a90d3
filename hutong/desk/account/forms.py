"""Sign-in and password forms in our words."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import ChangePasswordForm, LoginForm
from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _


class SignInForm(LoginForm):
    """Phone number (or a given name) and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("手机号或登录名")
        self.fields["password"].label = _("密码")
        self.fields["password"].help_text = ""


class PasswordForm(ChangePasswordForm):
    """The old one once, the new one twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["oldpassword"].label = _("现在的密码")
        self.fields["password1"].label = _("新密码")
        self.fields["password1"].help_text = _("至少 8 位，不要全是数字，不要用姓名或手机号")
        self.fields["password2"].label = _("再写一遍新密码")


class SettingsForm(forms.Form):
    """How the pages look to one user."""

    language = forms.ChoiceField(label=_("语言"), choices=settings.LANGUAGES)
    large_type = forms.BooleanField(label=_("大字"), required=False)
    shortcuts = forms.BooleanField(label=_("键盘快捷键"), required=False, help_text=_("按 ? 可以看有哪些"))


class ActivationForm(forms.Form):
    """What stands on the slip, and a password of one's own."""

    phone = forms.CharField(
        label=_("手机号"), max_length=20, widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "username"})
    )
    code = forms.CharField(label=_("激活码"), max_length=20, help_text=_("激活单上的 8 个字母和数字，大小写都可以"))
    password = forms.CharField(
        label=_("设一个自己的密码"),
        max_length=128,
        help_text=_("至少 8 位，不要全是数字，不要用姓名或手机号"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=_("再写一遍"), max_length=128, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )

    def clean_again(self) -> str:
        """Both passwords are the same."""
        again: str = self.cleaned_data["again"]
        if again != self.cleaned_data.get("password"):
            raise forms.ValidationError(_("两次写的密码不一样，请再写一遍。"))
        return again
