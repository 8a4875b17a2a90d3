"""A database knows under which policy data it worked."""

import pytest

from hutong.config.prepare import note_policy
from hutong.policy import loader
from hutong.policy.models import Version


@pytest.mark.django_db
def test_the_version_is_noted_once_however_often_it_starts():
    note_policy()
    note_policy()
    row = Version.objects.get()
    assert row.digest == loader.version()
    assert "M10-O4" in row.detail["live"]
