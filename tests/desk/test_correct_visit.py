"""The page on which a visit is corrected."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.test import Client

from hutong.people.models import File
from hutong.wellbeing.models import Visit
from tests.desk.test_visit_pages import answers, file, lin, sent, zhou  # noqa: F401

pytestmark = pytest.mark.django_db


def test_the_old_answers_are_there_to_be_changed_and_the_timeline_says_what_became_of_them(
    lin: Client, file: File
) -> None:
    sent(lin, file, "visit", answers(lives_with="same", wish="想要一个书包"))
    wrong = Visit.objects.get()
    page = lin.get(f"/visits/{wrong.pk}/correct/").content.decode()
    assert "想要一个书包" in page and "请重新选上" in page
    done = lin.post(f"/visits/{wrong.pk}/correct/", answers(wish="想要一双鞋", because="写错了孩子的话"))
    assert done.status_code == 302
    assert "入户走访（已更正）" in lin.get(f"/children/{file.pk}/").content.decode()
    shown = lin.get(f"/visits/{wrong.pk}/").content.decode()
    assert "已经更正，不再算数" in shown and "想要一个书包" in shown and "/correct/" not in shown


def test_a_correction_without_a_reason_keeps_what_was_typed(lin: Client, file: File) -> None:
    sent(lin, file, "visit", answers())
    wrong = Visit.objects.get()
    page = lin.post(
        f"/visits/{wrong.pk}/correct/", answers(wish="想要一双鞋", because="", op_id=uuid4())
    ).content.decode()
    assert "想要一双鞋" in page
    assert Visit.objects.count() == 1
