"""What every test stands on: a real PostgreSQL and Heze's divisions."""

from __future__ import annotations

from typing import Any

import pytest

from tests import database

database.prepare()


def pytest_configure() -> None:
    """Passwords of tests protect nothing: a cheap hash keeps the suite fast."""
    from django.conf import settings

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def pytest_unconfigure() -> None:
    """Leave no database running."""
    database.leave()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what opens a browser, so that `make quick` can leave it out."""
    for item in items:
        if "chromium" in getattr(item, "fixturenames", ()):
            item.add_marker("browser")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """Divisions are data of the product: loaded once for all tests."""
    from hutong.places import operations as places  # needs the settings that prepare() has just pointed at the database

    with django_db_blocker.unblock():
        places.load_divisions()
        places.load_committees()


@pytest.fixture(autouse=True)
def plain_static(settings: Any) -> None:
    """Static files under their own names: tests need no collectstatic."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}


from tests.browser import chromium, open_at, site  # noqa: E402, F401
