"""Signing in and one's own account."""

from __future__ import annotations

from typing import Any
from uuid import NAMESPACE_URL, uuid5

from allauth.account import views as allauth
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hutong.desk.access import public, signed_in
from hutong.desk.account import kept
from hutong.desk.account.forms import ActivationForm, SettingsForm
from hutong.desk.account.language import keep as keep_language
from hutong.desk.request import Request
from hutong.kernel.clock import now, today
from hutong.kernel.refusals import Refusal
from hutong.places.models import Division
from hutong.policy.access import ROLES
from hutong.staff import accounts, rates
from hutong.staff.access import posts_on


class SignIn(allauth.LoginView):
    """allauth's sign-in; the user's language comes with it."""

    def form_valid(self, form: Any) -> HttpResponse:  # noqa: D102 – see the class
        response: HttpResponse = super().form_valid(form)
        keep_language(response, form.user.language)
        return response


class Password(allauth.PasswordChangeView):
    """Change one's own password; other browsers are signed out by it."""

    success_url = reverse_lazy("me")

    def form_valid(self, form: Any) -> HttpResponse:  # noqa: D102 – see the class
        response: HttpResponse = super().form_valid(form)
        messages.success(self.request, _("密码已经改好。其他电脑和手机上的登录已退出。"))
        return response


class SignOut(allauth.LogoutView):
    """End the session and empty the browser's cache: offices share computers."""

    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:  # noqa: D102 – see the class
        response: HttpResponse = super().post(*args, **kwargs)
        response.headers["Clear-Site-Data"] = '"cache"'
        return response


login = SignIn.as_view()
logout = SignOut.as_view()
password = Password.as_view()


@public("one sentence about whom to ask")
def ask(request: HttpRequest) -> HttpResponse:
    """Where allauth would let people register or reset by e-mail: here one asks the supervisor."""
    return render(request, "account/ask.html")


@public("opens no account without the slip's code; attempts are limited for each number")
def activate(request: HttpRequest) -> HttpResponseBase:
    """First sign-in with the slip: number, code, a password of one's own."""
    form = ActivationForm(request.POST or None)
    if form.is_valid() and _activated(form):
        messages.success(request, _("账号已经激活。请用手机号和刚才设的密码登录。"))
        return redirect("account_login")
    return render(request, "account/activate.html", {"form": form})


def _activated(form: ActivationForm) -> bool:
    values, at = form.cleaned_data, now()
    # Counted outside the attempt, so that a wrong code is counted too.
    rates.take("activate", user=uuid5(NAMESPACE_URL, f"tel:{values['phone'].strip()}"), at=at)
    try:
        accounts.activate(phone=values["phone"], code=values["code"], password=values["password"], at=at)
    except Refusal as refusal:
        form.add_error(refusal.field, refusal.sentence)
        return False
    return True


@public("sets a cookie")
@require_POST
def language(request: HttpRequest) -> HttpResponseBase:
    """Switch the language of the pages and come back."""
    form = SettingsForm(request.POST)
    form.full_clean()
    code = form.cleaned_data.get("language")
    target = request.POST.get("next", "/")
    safe = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    response = redirect(target if safe else "/")
    if code:
        keep_language(response, code)
        if request.user.is_authenticated:
            request.user.language = code
            request.user.save(update_fields=["language"])
    return response


@signed_in
def me(request: Request) -> HttpResponse:
    """My account: who I am here, my posts, how pages look."""
    posts = posts_on(request.user, today())
    places = dict(Division.objects.filter(code__in=[p.division for p in posts]).values_list("code", "short_name"))
    held = [(ROLES[p.role], places.get(p.division, ""), p.start) for p in posts if p.role in ROLES]
    form = SettingsForm(initial={f: getattr(request.user, f) for f in ("language", "large_type", "shortcuts")})
    return render(request, "account/me.html", {"held": held, "form": form})


@signed_in
@require_POST
def settings_of_mine(request: Request) -> HttpResponseBase:
    """Save how pages look to me."""
    form = SettingsForm(request.POST)
    response = redirect("me")
    if form.is_valid():
        for name, value in form.cleaned_data.items():
            setattr(request.user, name, value)
        request.user.save(update_fields=list(form.cleaned_data))
        keep_language(response, form.cleaned_data["language"])
        messages.success(request, _("已经保存。"))
    return response


def stale(request: HttpRequest, reason: str = "") -> HttpResponseBase:
    """A form whose token is too old (signed in again in another window): what was typed is offered again, nothing is sent.

    Only our own pages carry the signed mark that lets text be kept, so that another site cannot put words in.
    """
    return redirect("kept") if kept.keep(request) else render(request, "403_csrf.html", status=403)


@signed_in
def kept_text(request: HttpRequest) -> HttpResponseBase:
    """What was typed before the session ended, ready to be sent again."""
    if request.method == "POST":
        kept.forget(request)
        return redirect("/")
    found = kept.given_back(request)
    return (
        render(request, "account/kept.html", {"kept": found, "words": kept.in_words(found)}) if found else redirect("/")
    )
