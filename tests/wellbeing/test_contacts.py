"""The ledger of weekly contact."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from hutong.kernel.refusals import Refusal
from hutong.people.models import Circumstance
from hutong.wellbeing import contacts
from hutong.wellbeing.models import Contact
from tests import make

AT = datetime(2025, 9, 8, 2, tzinfo=UTC)
TUESDAY = date(2025, 9, 2)  # in 2025-W36

pytestmark = pytest.mark.django_db


@pytest.fixture
def lin() -> Any:
    return make.lin()


@pytest.fixture
def file(lin: Any) -> Any:
    return make.file(make.zhou(), on=date(2025, 8, 1), at=datetime(2025, 8, 1, tzinfo=UTC))


def told(
    file: Any, lin: Any, direction: str = "parent_child", week: str = "2025-W36", state: str = "done", **more: Any
) -> Contact:
    with make.as_(lin):
        return contacts.record_contact(
            file=file, direction=direction, week_key=week, state=state, by=lin, at=AT, **more
        )


def test_a_call_to_the_child_alone_does_not_keep_the_week(file: Any, lin: Any) -> None:  # vector 19
    told(file, lin, occurred_on=TUESDAY)
    told(file, lin, "parent_carer", state="missed")
    assert not contacts.weeks(file, ["2025-W36"])[0].kept


def test_both_calls_keep_the_week(file: Any, lin: Any) -> None:
    told(file, lin)
    told(file, lin, "parent_carer")
    assert contacts.weeks(file, ["2025-W36"])[0].kept


def test_a_week_nobody_told_of_is_unknown_and_not_missed(file: Any) -> None:
    week = contacts.weeks(file, ["2025-W35"])[0]
    assert (week.child, week.carer, week.kept) == ("unknown", "unknown", False)


def test_what_was_told_last_counts_and_the_first_stays(file: Any, lin: Any) -> None:
    told(file, lin, state="missed")
    told(file, lin, state="done")
    assert contacts.weeks(file, ["2025-W36"])[0].child == "done"
    assert Contact.objects.count() == 2


def test_a_call_to_the_child_dates_the_last_contact(file: Any, lin: Any) -> None:
    told(file, lin, occurred_on=TUESDAY)
    assert Circumstance.objects.get(kind="last_parent_contact").value == {"on": "2025-09-02"}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"week": "2025-W38"}, "还没有开始"),
        ({"week": "2025-W54"}, "看不出"),
        ({"week": "../../etc"}, "看不出"),
        ({"week": "0000-W01"}, "看不出"),
        ({"occurred_on": date(2025, 8, 29)}, "不在所选的那一周"),
        ({"occurred_on": date(2025, 9, 9)}, "还没有到"),
        ({"direction": "dog_child"}, "选项"),
        ({"state": "perhaps"}, "选项"),
        ({"channel": "pigeon"}, "联系方式"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(file: Any, lin: Any, changes: dict[str, Any], words: str) -> None:
    with pytest.raises(Refusal, match=words):
        told(file, lin, **changes)
    assert not Contact.objects.exists()
