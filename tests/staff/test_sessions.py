"""A request learns in one round trip who asks; what was taken away is gone at the next request."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.db import connection
from django.http import HttpRequest
from django.test.utils import CaptureQueriesContext

from hutong.staff.models import Post, User
from hutong.staff.sessions import SessionStore, scope_in, user_of

COUNTY = 371726000000


@pytest.fixture
def officer(db: None) -> User:
    user = User(username="o1", name="合成甲", created_at=datetime(2026, 1, 1, tzinfo=UTC), synthetic=True)
    user.set_password("一个长的口令1")
    user.save()
    Post.objects.create(user=user, role="county_officer", division=COUNTY, start=date(2026, 1, 1))
    return user


def _request(user: User) -> HttpRequest:
    store = SessionStore()
    store[SESSION_KEY], store[HASH_SESSION_KEY] = str(user.pk), user.get_session_auth_hash()
    store.save()
    request = HttpRequest()
    request.session = SessionStore(store.session_key)
    return request


def test_it_learns_user_posts_and_grants_in_one_query(officer: User) -> None:
    request = _request(officer)
    with CaptureQueriesContext(connection) as queries:
        request.user = user_of(request)
        scope = scope_in(request)
    assert request.user == officer
    assert scope.ranges == ((COUNTY, 371727000000),)
    assert len(queries) == 1


def test_an_ended_post_opens_nothing_at_the_next_request(officer: User) -> None:
    request = _request(officer)
    Post.objects.update(end=date(2026, 1, 2))
    request.user = user_of(request)
    assert scope_in(request).ranges == ()


def test_a_changed_password_ends_the_session(officer: User) -> None:
    request = _request(officer)
    officer.set_password("另一个长的口令2")
    officer.save()
    assert not user_of(request).is_authenticated


def test_a_switched_off_account_is_not_signed_in(officer: User) -> None:
    request = _request(officer)
    User.objects.update(is_active=False)
    assert not user_of(request).is_authenticated
