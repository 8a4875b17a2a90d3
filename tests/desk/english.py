"""Somebody who reads the pages in English."""

from __future__ import annotations

from django.test import Client
from django.utils.translation import trans_real

from hutong.desk.ui.environment import _word_in
from hutong.staff.models import User
from hutong.workbench import catalogue


def compiled() -> None:
    """The words as they stand in the source now, whatever an earlier test has read."""
    catalogue.compile_words()
    trans_real._translations.pop("en", None)
    _word_in.cache_clear()


def english(user: User) -> Client:
    """Signed in, and switched to English."""
    compiled()
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    client.post("/account/language/", {"language": "en"})
    return client
