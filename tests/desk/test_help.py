"""Help in plain words: every task has one, every page leads to the one that fits, numbers of the plan stand elsewhere."""

from __future__ import annotations

import os
import re
from typing import Any

import pytest
from django.test import Client

from hutong.desk.help.topics import TOPICS, help_for
from hutong.policy.access import VERBS
from tests import make
from tests.browser import PHONE, faults, overflows, sign_in


def test_topics_name_rights_that_exist_and_carry_both_languages() -> None:
    assert {t.verb for t in TOPICS.values() if t.verb} <= set(VERBS)
    for key, topic in TOPICS.items():
        sentences = [topic, *topic.steps, *([topic.note] if topic.note else [])]
        assert all(s.zh.strip() and s.en.strip() for s in sentences), key
        assert not [s.en for s in sentences if re.search(r"[\u4e00-\u9fff]", s.en)]


def test_no_number_of_the_plan_is_repeated_in_the_help() -> None:
    words = " ".join(s.zh for t in TOPICS.values() for s in (t, *t.steps))
    assert not re.findall(r"\d+ ?(?:天|日内|个工作日|小时|次以上|%)", words)


@pytest.mark.parametrize(
    ("path", "topic"),
    [
        ("/", "today"),
        ("/children/new/", "new"),
        ("/children/", "find"),
        ("/proposals/x/", "confirm"),
        ("/posts/vacant/", "posts"),
    ],
)
def test_a_page_leads_to_the_help_that_fits(path: str, topic: str) -> None:
    assert help_for(path) == f"/help/{topic}/"


def test_a_page_without_its_own_topic_leads_to_the_list() -> None:
    assert help_for("/plan/") == "/help/"


@pytest.mark.django_db
def test_every_topic_opens_and_an_unknown_one_does_not(client: Client) -> None:
    for key, topic in TOPICS.items():
        assert topic.zh in client.get(f"/help/{key}/").content.decode()
    assert client.get("/help/nothing/").status_code == 404


def test_a_director_reads_the_help_on_a_phone(site: str, open_at: Any) -> None:
    lin = make.lin()
    page = open_at(size=PHONE)
    sign_in(page, site, lin.username, make.PASSWORD)
    page.goto(f"{site}/help/")
    assert faults(page) == []
    page.click("text=孩子受伤、挨打、说不想活")
    assert "110" in page.inner_text("main")
    assert faults(page) == []
    assert overflows(page) <= 0
    if folder := os.environ.get("HUTONG_PICTURES"):
        page.screenshot(path=f"{folder}/help_360.png")
