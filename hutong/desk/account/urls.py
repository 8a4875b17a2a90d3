"""Addresses of the account. Only what is needed of allauth: nobody registers himself, and there is no e-mail."""

from allauth.account import views as allauth
from allauth.mfa.base import views as factors
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from django.urls import path

from hutong.desk.access import public, signed_in
from hutong.desk.account import views

_DOOR = public("the sign-in itself")

urlpatterns = [
    path("login/", _DOOR(views.login), name="account_login"),
    path("logout/", _DOOR(views.logout), name="account_logout"),
    path("ask/", views.ask, name="account_inactive"),
    path("ask/signup/", views.ask, name="account_signup"),
    path("ask/reset/", views.ask, name="account_reset_password"),
    path("ask/email/", views.ask, name="account_email"),
    path("activate/", views.activate, name="activate"),
    path("language/", views.language, name="language"),
    path("me/", views.me, name="me"),
    path("me/settings/", views.settings_of_mine, name="my-settings"),
    path("kept/", views.kept_text, name="kept"),
    path("password/", signed_in(views.password), name="account_change_password"),
    path("confirm/", signed_in(allauth.reauthenticate), name="account_reauthenticate"),
    path("factor/", signed_in(factors.index), name="mfa_index"),
    path("factor/ask/", _DOOR(factors.authenticate), name="mfa_authenticate"),
    path("factor/again/", signed_in(factors.reauthenticate), name="mfa_reauthenticate"),
    path("factor/totp/on/", signed_in(totp.activate_totp), name="mfa_activate_totp"),
    path("factor/totp/off/", signed_in(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path("factor/codes/", signed_in(codes.view_recovery_codes), name="mfa_view_recovery_codes"),
    path("factor/codes/new/", signed_in(codes.generate_recovery_codes), name="mfa_generate_recovery_codes"),
    path("factor/codes/save/", signed_in(codes.download_recovery_codes), name="mfa_download_recovery_codes"),
]
