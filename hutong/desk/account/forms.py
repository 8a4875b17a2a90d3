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
