"""Whoever stands above is told of what is overdue: once a step, in numbers, and only of their own area."""

from __future__ import annotations

from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from hutong.duties import ladder, operations
from hutong.duties.models import Duty
from hutong.duties.tasks import nightly
from hutong.kernel.models import Access
from hutong.people.models import File
from hutong.staff.models import Notice, User
from tests import make
from tests.duties.test_operations import START, moment, visited

pytestmark = pytest.mark.django_db
DUE = START + timedelta(days=10)


@pytest.fixture
def lin() -> User:
    return make.lin()


@pytest.fixture
def wu() -> User:
    return make.wu()


@pytest.fixture
def file(lin: User) -> File:
    with make.as_(lin):
        return make.file(lin, on=START, at=moment(START))


def night(on: date) -> ladder.Told:
    operations.run(on=on, at=moment(on))
    return ladder.escalate(on=on, at=moment(on))


def first(file: File) -> Duty:
    return Duty.objects.get(file=file, obligation="visit.first")


def told(user: User) -> list[str]:
    return list(Notice.objects.filter(user=user).order_by("created_at").values_list("text", flat=True))


def test_nobody_is_told_before_the_first_step(file: File, wu: User) -> None:
    assert night(DUE + timedelta(days=6)) == ladder.Told(0, 0)
    assert told(wu) == []


def test_the_supervisor_is_told_after_a_week_and_the_county_a_week_later(file: File, wu: User) -> None:
    zhou, ma = make.zhou(), make.ma()
    assert night(DUE + timedelta(days=7)) == ladder.Told(1, 1)
    assert told(wu) == ["您辖区内新增 1 名儿童的 1 项任务逾期较久，请督促办理。"] and told(zhou) == []
    night(DUE + timedelta(days=15))
    assert len(told(wu)) == 1 and len(told(zhou)) == 1 and told(ma) == []
    assert first(file).level == 2 and first(file).state == "missed"


def test_the_same_night_twice_tells_nobody_twice(file: File, wu: User) -> None:
    on = DUE + timedelta(days=7)
    night(on)
    assert night(on) == ladder.Told(0, 0)
    assert len(told(wu)) == 1


def test_a_run_that_comes_late_tells_all_steps_at_once(file: File, wu: User) -> None:
    zhou = make.zhou()
    night(DUE + timedelta(days=15))
    assert len(told(wu)) == len(told(zhou)) == 1


def test_what_was_done_late_is_not_held_against_anybody_again(file: File, lin: User, wu: User) -> None:
    operations.run(on=DUE + timedelta(days=8), at=moment(DUE + timedelta(days=8)))
    visited(file, DUE + timedelta(days=9), lin)
    assert first(file).state == "missed"
    night(DUE + timedelta(days=15))
    assert told(wu) == [] and first(file).level == 0


def test_a_waived_duty_climbs_no_ladder(file: File, wu: User) -> None:
    with make.as_(wu):
        operations.waive(duty=first(file), reason="孩子住院", by=wu, at=moment(START))
    assert night(DUE + timedelta(days=7)) == ladder.Told(0, 0)


def test_the_weeks_the_parents_missed_climb_no_ladder(file: File, lin: User, wu: User) -> None:
    with make.as_(lin):
        make.parents_away(file, lin, at=moment(START))
    make.left_behind(file, make.zhou(), make.qin(), on=START, at=moment(START))
    night(START + timedelta(days=60))
    missed = Duty.objects.filter(file=file, obligation="contact.weekly", state="missed")
    assert missed.exists() and set(missed.values_list("level", flat=True)) == {0}


def test_who_left_the_post_is_not_told(file: File, wu: User) -> None:
    wu.posts.update(end=DUE)
    assert night(DUE + timedelta(days=7)) == ladder.Told(1, 0)


def test_the_nightly_job_lays_out_and_tells(file: File, wu: User) -> None:
    nightly(0)
    assert first(file).state == "missed" and len(told(wu)) == 1


def test_the_command_runs_a_day_and_refuses_one_to_come(file: File) -> None:
    out = StringIO()
    call_command("duties", "run", "--on", str(DUE + timedelta(days=7)), stdout=out)
    assert "按 2026-03-19 的情况" in out.getvalue() and "逾期上报 1 项" in out.getvalue()
    with pytest.raises(CommandError, match="不能按将来的日子"):
        call_command("duties", "run", "--on", "2999-01-01")


def test_the_command_explains_a_child_to_who_may_see_it_and_writes_down_the_look(file: File, wu: User) -> None:
    out = StringIO()
    call_command("duties", "explain", file.number, "--as", wu.username, stdout=out)
    assert "首次走访：待办" in out.getvalue() and "依据：" in out.getvalue()
    assert Access.objects.filter(what="duties", subject_id=file.pk, user_id=wu.pk).count() == 1
    with pytest.raises(CommandError, match="不在您能查看的范围内"):
        call_command("duties", "explain", file.number, "--as", make.ma().username)
    with pytest.raises(CommandError, match="--as"):
        call_command("duties", "explain", file.number)
