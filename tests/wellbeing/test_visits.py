"""Recording visits and attempts as the people who do it: the database enforces their rights."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction

from hutong.kernel.models import Event
from hutong.kernel.refusals import Refusal
from hutong.people import files
from hutong.people.models import Circumstance, File
from hutong.policy.visits import number
from hutong.staff.models import Notice
from hutong.wellbeing import operations as visits
from hutong.wellbeing.models import Answer, Attempt, Flag, Visit
from tests import make

AT = datetime(2026, 11, 23, 2, tzinfo=UTC)
TODAY = date(2026, 11, 23)
PLAIN = {"seen": ["child", "carer"], "lives_with": "grandparents"}

pytestmark = pytest.mark.django_db


@pytest.fixture
def county() -> Any:
    class County:
        lin, wu, zhou, qin, ma = make.lin(), make.wu(), make.zhou(), make.qin(), make.ma()
        file = make.file(zhou)

    make.parents_away(County.file, County.zhou)
    return County


def visit(county: Any, on: date = TODAY, *, by: Any = None, op: Any = None, **answers: Any) -> Visit:
    by = by or county.lin
    with make.as_(by):
        return visits.record_visit(file=county.file, occurred_on=on, answers={**PLAIN, **answers}, by=by, at=AT, op=op)


def test_a_director_records_a_visit_with_one_answer_row_for_each_data_domain(county: Any) -> None:
    done = visit(county, signs=["sleep"], study="in", danger=["work"])
    rows = dict(Answer.objects.filter(visit=done).values_list("domain", "answers"))
    assert set(rows) == {"care", "psych", "schooling", "safety"}
    assert rows["psych"] == {"signs": ["sleep"]}
    assert (done.questionnaire, done.questionnaire_version, done.child_seen) == ("home_visit", 1, True)


def test_what_was_seen_of_the_mind_is_hidden_from_director_and_supervisor_and_open_to_the_county(county: Any) -> None:
    visit(county, signs=["sleep", "crying"])
    for who, seen in ((county.lin, False), (county.wu, False), (county.zhou, True), (county.ma, False)):
        with make.as_(who):
            assert Answer.objects.filter(domain="psych").exists() is seen
            assert Circumstance.objects.filter(kind="mind_anomaly").exists() is seen


def test_the_day_of_the_visit_and_the_moment_of_entry_are_both_kept(county: Any) -> None:
    done = visit(county, date(2026, 11, 20))
    event = Event.objects.get(subject_id=done.pk)
    assert (done.occurred_on, done.entered_at) == (date(2026, 11, 20), AT)
    assert (event.happened_at.date(), event.entered_at) == (date(2026, 11, 20), AT)
    assert event.about == county.file.pk  # the child's timeline shows it


def test_a_visit_sent_twice_is_one_visit(county: Any) -> None:
    op = uuid4()
    assert visit(county, op=op).pk == visit(county, op=op, danger=["injury"]).pk
    assert (Visit.objects.count(), Flag.objects.count()) == (1, 0)


@pytest.mark.parametrize(
    ("on", "words"),
    [
        (date(2026, 11, 24), "还没有到"),
        (date(2016, 5, 3), "早于孩子的出生日期"),
        (date(9999, 1, 1), "还没有到"),
        (date(1, 1, 1), "早于"),
    ],
)
def test_a_day_on_which_it_cannot_have_been_is_refused_in_a_sentence(county: Any, on: date, words: str) -> None:
    with pytest.raises(Refusal, match=words) as refused:
        visit(county, on)
    assert "没有保存" in refused.value.sentence
    assert not Visit.objects.exists()


def test_nothing_is_added_to_a_closed_file(county: Any) -> None:
    with make.as_(county.zhou):
        files.close_file(file=county.file, reason="moved", on=TODAY, by=county.zhou, at=AT)
    with pytest.raises(files.FileClosed):
        visit(county)


def test_meeting_only_the_neighbour_is_no_visit(county: Any) -> None:
    with pytest.raises(visits.NobodyOfTheHome):
        visit(county, seen=["neighbour"])


def test_a_wrong_answer_is_told_beside_its_question_and_nothing_is_kept(county: Any) -> None:
    with pytest.raises(visits.BadAnswers) as refused:
        visit(county, father="mars")
    assert set(refused.value.problems) == {"father"}
    assert not Visit.objects.exists()


def test_a_parent_who_came_home_ends_the_fact_of_being_away(county: Any) -> None:
    visit(county, father="home")
    rows = Circumstance.objects.filter(kind="whereabouts", person__kin_of__relation="51").order_by("start")
    assert [(r.value["place"], r.end) for r in rows] == [("away_work", TODAY), ("home", None)]
    assert rows[1].source == "visit"


def test_what_has_not_changed_is_not_written_again(county: Any) -> None:
    visit(county, father="away_work", father_where="苏州")
    assert Circumstance.objects.filter(kind="whereabouts").count() == 2
    visit(county, date(2026, 11, 22))
    visit(county)
    assert (
        Circumstance.objects.filter(kind="lives_with").count() == 2
    )  # told on the 23rd, then that it held on the 22nd


def test_a_visit_years_before_its_file_was_opened_is_a_slip_and_one_shortly_before_is_not(county: Any) -> None:
    opened, days = county.file.opened_on, number("visit_before_file_days", TODAY)
    with pytest.raises(Refusal, match="早了太多"):
        visit(county, opened - timedelta(days=days + 1))
    with pytest.raises(Refusal, match="早了太多"), make.as_(county.lin):
        visits.record_attempt(
            file=county.file, occurred_on=opened.replace(year=opened.year - 1), reason="没人", by=county.lin, at=AT
        )
    assert visit(county, opened - timedelta(days=days)).occurred_on < opened


def test_a_visit_told_late_does_not_undo_what_came_after(county: Any) -> None:
    visit(county, TODAY, father="home")
    visit(county, date(2026, 11, 10), father="other")
    rows = Circumstance.objects.filter(kind="whereabouts", person__kin_of__relation="51").order_by("start")
    assert [(r.value["place"], r.start, r.end) for r in rows] == [
        ("away_work", date(2026, 2, 20), date(2026, 11, 10)),
        ("other", date(2026, 11, 10), TODAY),
        ("home", TODAY, None),
    ]
    assert File.objects.get().last_visit_on == TODAY


def test_a_fact_about_a_father_nobody_registered_stays_in_the_answers(county: Any) -> None:
    with make.as_(county.zhou):
        other = make.file(county.zhou, name="孙小合")
    with make.as_(county.lin):
        done = visits.record_visit(
            file=other, occurred_on=TODAY, answers={**PLAIN, "father": "dead"}, by=county.lin, at=AT
        )
    assert Event.objects.get(subject_id=done.pk).data["unfiled"] == 1
    assert not Circumstance.objects.filter(kind="dead").exists()


@pytest.mark.parametrize("answers", [{"signs": ["self_harm"]}, {"danger": ["injury"]}])
def test_a_sign_of_harm_pages_supervisor_and_county_at_once(county: Any, answers: dict[str, Any]) -> None:
    visit(county, **answers)
    flag = Flag.objects.get(severity="red")
    assert (flag.domain, flag.file_id) == ("safety", county.file.pk)
    paged = set(Notice.objects.filter(kind="red_flag", urgent=True).values_list("user_id", flat=True))
    assert paged == {county.wu.pk, county.zhou.pk, county.qin.pk}
    assert File.objects.get(pk=county.file.pk).attention == "red"


def test_the_notice_names_nobody(county: Any) -> None:
    visit(county, danger=["injury"])
    for text in Notice.objects.values_list("text", flat=True):
        assert "张小合" not in text


def test_a_visit_raises_attention_and_never_lowers_it(county: Any) -> None:
    visit(county, date(2026, 11, 20), study="suspected")
    assert File.objects.get().attention == "yellow"
    visit(county, study="in")
    assert File.objects.get().attention == "yellow"


def test_an_amber_sign_still_open_is_not_raised_twice_and_a_red_one_is(county: Any) -> None:
    for day in (20, 21):
        visit(county, date(2026, 11, day), danger=["hungry", "injury"])
    assert Flag.objects.filter(kind="hungry").count() == 1
    assert Flag.objects.filter(kind="injury").count() == 2


def test_an_officer_of_another_county_can_record_nothing(county: Any) -> None:
    with pytest.raises((File.DoesNotExist, DatabaseError)), transaction.atomic():
        visit(county, by=county.ma)
    assert not Visit.objects.exists()


def attempt(county: Any, on: date, reason: str = "门锁着") -> Attempt:
    with make.as_(county.lin):
        return visits.record_attempt(file=county.file, occurred_on=on, reason=reason, by=county.lin, at=AT)


def test_an_attempt_is_no_visit(county: Any) -> None:
    attempt(county, TODAY)
    assert not Visit.objects.exists()
    assert File.objects.get().last_visit_on is None


def test_two_attempts_within_seven_days_raise_a_flag_and_tell_the_supervisor(county: Any) -> None:
    attempt(county, TODAY - timedelta(days=6))
    assert not Flag.objects.exists()
    attempt(county, TODAY)
    assert Flag.objects.get().kind == "nobody_home"
    assert set(Notice.objects.values_list("user_id", flat=True)) == {county.wu.pk}


def test_two_attempts_a_week_apart_raise_none(county: Any) -> None:
    attempt(county, TODAY - timedelta(days=7))
    attempt(county, TODAY)
    assert not Flag.objects.exists()


def test_an_attempt_before_a_successful_visit_does_not_count(county: Any) -> None:
    attempt(county, TODAY - timedelta(days=3))
    visit(county, TODAY - timedelta(days=2))
    attempt(county, TODAY)
    assert not Flag.objects.exists()


def test_an_attempt_needs_a_reason(county: Any) -> None:
    with pytest.raises(Refusal, match="原因"):
        attempt(county, TODAY, "  ")


def test_a_visit_costs_the_same_however_many_went_before(county: Any, django_assert_max_num_queries: Any) -> None:
    for day in range(10, 20):
        visit(county, date(2026, 11, day))
    with django_assert_max_num_queries(32):
        visit(county, father="home", signs=["sleep", "crying"], danger=["hungry"])
