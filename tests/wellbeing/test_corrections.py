"""A visit entered wrongly is corrected by a new row; what rested on the wrong one counts no longer."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import ObjectDoesNotExist

from hutong.duties.models import Duty
from hutong.kernel.models import Event
from hutong.kernel.refusals import Refusal
from hutong.people.models import Circumstance
from hutong.wellbeing import corrections
from hutong.wellbeing.models import Visit
from tests import make
from tests.wellbeing.test_visits import AT, PLAIN, TODAY, county, visit  # noqa: F401

pytestmark = pytest.mark.django_db
WRONG = date(2026, 11, 4)


def correct(
    county: Any, wrong: Visit, on: date = TODAY, *, op: Any = None, because: str = "日期填错了", **answers: Any
) -> Visit:
    with make.as_(county.lin):
        return corrections.correct_visit(
            visit=wrong, occurred_on=on, answers={**PLAIN, **answers}, because=because, by=county.lin, at=AT, op=op
        )


def first_visit(county: Any) -> Duty:
    return Duty.objects.get(file=county.file, obligation="visit.first")


def test_the_correction_counts_and_the_wrong_entry_stays_to_be_seen(county: Any) -> None:
    wrong = visit(county, WRONG)
    assert first_visit(county).done_on == WRONG
    right = correct(county, wrong, date(2026, 11, 6))
    assert Visit.objects.filter(file=county.file).count() == 2
    assert right.corrects == wrong
    assert first_visit(county).done_on == WRONG, "what was settled stays settled; the entry beside it tells"
    due = Duty.objects.filter(file=county.file, obligation="visit.periodic", state="due")
    assert [row.opens_on for row in due] == [date(2026, 11, 6)]
    county.file.refresh_from_db()
    assert county.file.last_visit_on == date(2026, 11, 6)


def test_facts_of_the_wrong_entry_are_withdrawn_and_those_of_the_right_one_stand(county: Any) -> None:
    wrong = visit(county, study="out")
    before = Circumstance.objects.get(source_id=wrong.pk, kind="study_status")
    right = correct(county, wrong, study="in")
    before.refresh_from_db()
    assert before.withdrawn_at == AT
    assert Circumstance.objects.filter(source_id=right.pk, withdrawn_at=None, kind="study_status").count() <= 1
    assert not Circumstance.objects.filter(withdrawn_at=None, kind="study_status", value=before.value).exists()


def test_sent_twice_it_corrects_once_and_what_was_corrected_is_not_corrected_again(county: Any) -> None:
    wrong, op = visit(county), uuid4()
    assert correct(county, wrong, op=op) == correct(county, wrong, op=op)
    with pytest.raises(corrections.CorrectedBefore, match="已经更正过"):
        correct(county, wrong)
    assert Event.objects.filter(kind="wellbeing.visit.corrected").count() == 1


def test_without_a_reason_nothing_is_corrected(county: Any) -> None:
    wrong = visit(county)
    with pytest.raises(Refusal, match="为什么要更正"):
        correct(county, wrong, because="  ")
    assert Visit.objects.count() == 1


def test_another_county_finds_nothing_to_correct(county: Any) -> None:
    wrong = visit(county)
    with make.as_(county.ma), pytest.raises(ObjectDoesNotExist):
        corrections.correct_visit(visit=wrong, occurred_on=TODAY, answers=PLAIN, because="x", by=county.ma, at=AT)
