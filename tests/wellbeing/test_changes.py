"""Changes told between visits."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from hutong.people import categories
from hutong.people.models import Circumstance, File, Kinship
from hutong.staff.models import Notice
from hutong.wellbeing import changes
from hutong.wellbeing.models import Flag
from hutong.wellbeing.operations import BadAnswers
from tests import make

AT = datetime(2026, 11, 23, 2, tzinfo=UTC)
ON = date(2026, 11, 21)

pytestmark = pytest.mark.django_db


@pytest.fixture
def home() -> Any:
    class Home:
        lin, wu, zhou, qin = make.lin(), make.wu(), make.zhou(), make.qin()
        file = make.file(zhou)

    make.parents_away(Home.file, Home.zhou)
    return Home


def told(home: Any, *what: str, carer: changes.NewCarer | None = None, **more: Any) -> None:
    with make.as_(home.lin):
        changes.record_change(
            file=home.file, occurred_on=ON, answers={"what": list(what), **more}, carer=carer, by=home.lin, at=AT
        )


def test_a_parent_who_came_back_prompts_to_look_again_and_ends_nothing(home: Any) -> None:
    row = make.left_behind(home.file, home.zhou, home.qin)
    told(home, "father_home")
    row.refresh_from_db()
    assert (row.state, row.end) == ("confirmed", None)
    with make.as_(home.zhou):
        found = {p.category: p.outcome.value for p in categories.proposals(home.file, ON)}
    assert found["LEFT_BEHIND"] == "PROMPT_END"
    assert File.objects.get().last_changed_on == ON


def test_a_new_carer_takes_over_on_the_day(home: Any) -> None:
    told(home, "carer", carer=changes.NewCarer(relation="64", name="孙姥合", phone="13800000000"))
    running = Kinship.objects.get(child=home.file.child, carer=True, end=None)
    assert (running.relative.name, running.relation, running.start) == ("孙姥合", "64", ON)
    assert Kinship.objects.get(relation="62").end == ON
    assert Flag.objects.get().kind == "carer_changed"


def test_a_change_of_carer_without_a_carer_is_asked_for(home: Any) -> None:
    with pytest.raises(BadAnswers) as refused:
        told(home, "carer")
    assert set(refused.value.problems) == {"carer"}


def test_a_father_cannot_be_at_home_and_away(home: Any) -> None:
    with pytest.raises(BadAnswers):
        told(home, "father_home", "father_away")
    assert Circumstance.objects.filter(kind="whereabouts").count() == 2


def test_a_child_taken_away_is_told_to_the_supervisor_and_the_file_stays(home: Any) -> None:
    told(home, "moved", moved_where="苏州，跟父母")
    assert set(Notice.objects.values_list("user_id", flat=True)) == {home.wu.pk}
    assert File.objects.get().closed_on is None
