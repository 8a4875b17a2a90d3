"""What is owed follows from the facts, in the same transaction; missed stays missed."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import DatabaseError, transaction

from hutong.duties import numbers, operations
from hutong.duties.models import Duty
from hutong.kernel.workdays import Calendar
from hutong.people import circumstances, files
from hutong.people.models import File
from hutong.policy.calendar import calendar
from hutong.staff.models import User
from hutong.wellbeing.models import Contact, Visit
from tests import make

pytestmark = pytest.mark.django_db
START = date(2026, 3, 2)


def moment(on: date) -> datetime:
    return datetime(on.year, on.month, on.day, 10, tzinfo=ZoneInfo("Asia/Shanghai"))


def visited(file: File, on: date, by: User) -> None:
    """A visit's row; what the operation of wellbeing adds is not the matter here."""
    Visit.objects.create(
        file=file,
        division=file.division,
        occurred_on=on,
        entered_at=moment(on),
        by=by,
        questionnaire="home_visit",
        questionnaire_version=1,
    )
    operations.derive(file.pk, at=moment(on))


def states(file: File, obligation: str = "visit.first") -> list[tuple[str, date, str]]:
    rows = Duty.objects.filter(file=file, obligation=obligation).order_by("due_on")
    return [(duty.period_key, duty.due_on, duty.state) for duty in rows]


@pytest.fixture
def lin() -> User:
    return make.lin()


@pytest.fixture
def file(lin: User) -> File:
    with make.as_(lin):
        return make.file(lin, on=START, at=moment(START))


def test_a_new_file_owes_its_first_visit_at_once(file: File, lin: User) -> None:
    assert states(file) == [("first", date(2026, 3, 12), "due")]
    assert Duty.objects.get(obligation="visit.first").owner == lin


def test_the_yearly_recheck_names_the_town_s_supervisor_of_the_day(file: File) -> None:
    supervisor, late = make.wu(), date(2027, 2, 1)
    operations.run(on=late, at=moment(late))
    recheck = Duty.objects.filter(file=file, obligation="file.recheck")
    assert [duty.owner for duty in recheck] == [supervisor]
    operations.run(on=late + timedelta(days=1), at=moment(late + timedelta(days=1)))
    assert [duty.owner for duty in recheck.all()] == [supervisor]


def test_a_visit_settles_it_and_the_next_is_due_a_quarter_later(file: File, lin: User) -> None:
    visited(file, date(2026, 3, 5), lin)
    assert states(file) == [("first", date(2026, 3, 12), "done")]
    assert states(file, "visit.periodic") == [("after:2026-03-05:1", date(2026, 6, 3), "due")]


def test_what_is_missed_stays_missed_also_when_done_later(file: File, lin: User) -> None:
    operations.run(on=date(2026, 3, 25), at=moment(date(2026, 3, 25)))
    assert states(file)[0][2] == "missed"
    visited(file, date(2026, 3, 26), lin)
    duty = Duty.objects.get(obligation="visit.first")
    assert (duty.state, duty.late_done_on) == ("missed", date(2026, 3, 26))
    with pytest.raises(DatabaseError), transaction.atomic():
        Duty.objects.filter(pk=duty.pk).update(state="done", done_on=START)


def test_late_within_the_grace_is_late_and_not_missed(file: File, lin: User) -> None:
    visited(file, date(2026, 3, 15), lin)
    assert states(file)[0][2] == "late_done"


def test_a_late_visit_counts_once_and_not_for_the_next_interval_too(file: File, lin: User) -> None:
    visited(file, date(2026, 3, 5), lin)
    for on in (date(2026, 6, 6), date(2026, 6, 7)):  # due on 3 June, seven days of grace
        operations.run(on=on, at=moment(on))
        assert states(file, "visit.periodic") == [("after:2026-03-05:1", date(2026, 6, 3), "due")]
    visited(file, date(2026, 6, 8), lin)
    assert states(file, "visit.periodic") == [
        ("after:2026-03-05:1", date(2026, 6, 3), "late_done"),
        ("after:2026-06-08:1", date(2026, 9, 6), "due"),
    ]


def test_a_visit_after_the_grace_leaves_one_missed_and_settles_the_next(file: File, lin: User) -> None:
    visited(file, date(2026, 3, 5), lin)
    operations.run(on=date(2026, 6, 11), at=moment(date(2026, 6, 11)))
    visited(file, date(2026, 6, 12), lin)
    assert [row[1:] for row in states(file, "visit.periodic")] == [
        (date(2026, 6, 3), "missed"),
        (date(2026, 9, 1), "done"),
        (date(2026, 9, 10), "due"),
    ]


def test_a_rising_attention_brings_the_next_visit_forward_and_leaves_the_past(file: File, lin: User) -> None:
    visited(file, date(2026, 3, 5), lin)
    zhou = make.zhou()
    with make.as_(zhou):
        files.set_attention(file=file, level="red", because="走访发现", by=zhou, at=moment(date(2026, 3, 20)))
    assert states(file, "visit.periodic") == [("after:2026-03-05:1", date(2026, 3, 20), "due")]
    assert states(file)[0][2] == "done"


def test_the_nightly_run_twice_changes_nothing(file: File, lin: User) -> None:
    visited(file, date(2026, 3, 5), lin)
    on = date(2026, 7, 1)
    first = operations.run(on=on, at=moment(on))
    assert first.inserted + first.settled > 0
    assert operations.run(on=on, at=moment(on)) == operations.Done(0, 0, 0, 0)


def test_a_child_nobody_visits_stays_on_the_list(file: File) -> None:
    for on in (date(2026, 7, 1), date(2026, 10, 1)):
        operations.run(on=on, at=moment(on))
    open_ones = [row for row in states(file, "visit.periodic") if row[2] == "due"]
    assert len(open_ones) == 1 and open_ones[0][1] >= date(2026, 10, 1)


def test_a_new_carer_calls_for_a_visit_within_three_working_days(file: File, lin: User) -> None:
    on = date(2026, 9, 30)
    with make.as_(lin):
        aunt = make.person(lin, name="姑合成")
        circumstances.add_kin(
            child=file.child, relative=aunt, relation="75", carer=True, start=on, source="visit", by=lin, at=moment(on)
        )
    (row,) = states(file, "visit.event")
    assert row[1] == date(2026, 10, 10) and row[2] == "due"  # 1–7 October off, the 10th is a make-up Saturday


def test_a_left_behind_child_owes_an_agreement_and_the_parents_owe_weekly_contact(file: File, lin: User) -> None:
    with make.as_(lin):
        make.parents_away(file, lin, at=moment(START))
    make.left_behind(file, make.zhou(), make.qin(), on=START, at=moment(START))
    assert states(file, "agreement.entrusted")[0][1:] == (date(2026, 3, 17), "due")
    (week,) = Duty.objects.filter(file=file, obligation="contact.weekly")
    assert (week.period_key, week.bearer, week.due_on, week.owner) == ("2026-W10", "parents", date(2026, 3, 8), None)


def test_two_missed_weeks_make_the_director_urge_once(file: File, lin: User) -> None:
    with make.as_(lin):
        make.parents_away(file, lin, at=moment(START))
    make.left_behind(file, make.zhou(), make.qin(), on=START, at=moment(START))
    on = date(2026, 4, 6)
    operations.run(on=on, at=moment(on))
    missed = Duty.objects.filter(file=file, obligation="contact.weekly", state="missed")
    assert missed.count() == 4 and set(missed.values_list("bearer", flat=True)) == {"parents"}
    assert [key for key, _, _ in states(file, "contact.urge")] == ["weeks:2026-W11"]


def test_a_week_counts_only_when_both_child_and_carer_were_called(file: File, lin: User) -> None:
    with make.as_(lin):
        make.parents_away(file, lin, at=moment(START))
    make.left_behind(file, make.zhou(), make.qin(), on=START, at=moment(START))
    on = START + timedelta(days=3)
    for direction, expected in (("parent_child", "due"), ("parent_carer", "done")):
        Contact.objects.create(
            file=file,
            division=file.division,
            direction=direction,
            week="2026-W10",
            state="done",
            occurred_on=on,
            entered_at=moment(on),
            by=lin,
        )
        operations.derive(file.pk, at=moment(on))
        assert states(file, "contact.weekly")[0][2] == expected


def test_a_closed_file_owes_nothing_more(file: File, lin: User) -> None:
    zhou = make.zhou()
    with make.as_(zhou):
        files.close_file(file=file, reason="moved", on=date(2026, 3, 6), by=zhou, at=moment(date(2026, 3, 6)))
    assert states(file)[0][2] == "not_applicable"


def test_waiving_needs_a_reason_and_a_name_and_only_what_is_due(file: File) -> None:
    wu = make.wu()
    duty = Duty.objects.get(file=file, obligation="visit.first")
    with make.as_(wu):
        with pytest.raises(operations.Refusal, match="写明理由"):
            operations.waive(duty=duty, reason=" ", by=wu, at=moment(START))
        assert operations.waive(duty=duty, reason="孩子住院", by=wu, at=moment(START)).decided_by == wu
        with pytest.raises(operations.Refusal):
            operations.waive(duty=duty, reason="再免一次", by=wu, at=moment(START))


def test_a_year_without_holidays_announced_stops_no_visit_from_being_recorded(file: File, lin: User) -> None:
    on = date(2026, 12, 30)
    visited(file, on, lin)
    assert states(file)[0][2] == "missed"


def test_what_needs_an_unannounced_year_waits_for_it_and_does_not_lapse(
    file: File, lin: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    on = date(2026, 9, 30)
    with make.as_(lin):
        aunt = make.person(lin, name="姑合成")
        circumstances.add_kin(
            child=file.child, relative=aunt, relation="75", carer=True, start=on, source="visit", by=lin, at=moment(on)
        )
    before = states(file, "visit.event")
    short = Calendar({known: works for known, works in calendar().days.items() if known <= on})
    numbers._workdays.cache_clear()
    monkeypatch.setattr(numbers, "calendar", lambda: short)
    operations.run(on=on + timedelta(days=1), at=moment(on + timedelta(days=1)))
    assert states(file, "visit.event") == before
    Duty.objects.filter(file=file, obligation="visit.event").delete()
    operations.run(on=on + timedelta(days=1), at=moment(on + timedelta(days=1)))
    assert states(file, "visit.event") == []
    monkeypatch.undo()
    numbers._workdays.cache_clear()
    operations.run(on=on + timedelta(days=1), at=moment(on + timedelta(days=1)))
    assert states(file, "visit.event") == before


def test_a_second_change_does_not_postpone_the_update_owed_for_the_first(file: File) -> None:
    for on in (date(2026, 3, 10), date(2026, 4, 12)):
        files.touch(File.objects.get(pk=file.pk), on=on)
        operations.derive(file.pk, at=moment(on))
    assert states(file, "file.update") == [("change:2026-03-10", date(2026, 4, 9), "due")]


def test_what_passed_its_last_day_before_the_file_was_closed_is_missed(file: File, lin: User) -> None:
    zhou, on = make.zhou(), date(2026, 5, 1)
    with make.as_(zhou):
        files.close_file(file=file, reason="moved", on=on, by=zhou, at=moment(on))
    assert states(file)[0][2] == "missed"
