"""Rows written many at once hold exactly what they were given."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest

from hutong.kernel import bulk
from hutong.kernel.models import Access

AT = datetime(2026, 11, 2, 3, 4, 5, 678901, tzinfo=UTC)

pytestmark = pytest.mark.django_db


def access(text: str, data: Any) -> Access:
    return Access(what="file", subject_id=None, division=371726001216, user_id=uuid4(), at=AT, purpose=text, data=data)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "NULL",
        "null",
        '"',
        "\\",
        '\\"',
        "a,b",
        "{}",
        "{1,2}",
        "'",
        "''; --",
        "\n\t",
        "张·三",
        " 前后 ",
        "\\x41",
        "%s",
    ],
)
def test_a_text_comes_back_as_it_went_in_whatever_an_array_would_make_of_it(text: str) -> None:
    given = access(text, {"t": text, "deep": [text, None]})
    bulk.insert(Access, [access("before", {}), given, access("after", {})])
    kept = Access.objects.get(pk=given.pk)
    assert (kept.purpose, kept.data, kept.at) == (text, {"t": text, "deep": [text, None]}, AT)
    assert (kept.subject_id, kept.user_id, kept.division) == (None, given.user_id, given.division)
