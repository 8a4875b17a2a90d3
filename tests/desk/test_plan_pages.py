"""The plan's pages and command: the same counts everywhere, and nothing called live that is not."""

from __future__ import annotations

import json
import re
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from hutong.policy import plan
from hutong.policy.boards import FIGURES
from hutong.policy.categories.settings import RULES
from hutong.policy.obligations import OBLIGATIONS
from hutong.policy.plan import live
from hutong.policy.plan.model import words
from tests import make


@pytest.fixture
def dpo(db: None) -> Client:
    client = Client()
    client.force_login(make.user("dpo", 371726000000), backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_the_plan_shows_its_23_measures_and_3_safeguards(dpo: Client) -> None:
    page = dpo.get("/plan/").content.decode()
    for part in plan.load().parts:
        assert f"/plan/{part.id}/" in page
        assert part.title_zh in page


def test_every_measure_has_its_page_with_departments_as_printed(dpo: Client) -> None:
    page = dpo.get("/plan/M17/").content.decode()
    assert "市应急管理局" in page
    assert dpo.get("/plan/M24/").status_code == 404


@pytest.mark.parametrize("part", [p.id for p in plan.load().parts])
def test_every_page_of_the_plan_opens(dpo: Client, part: str) -> None:
    assert dpo.get(f"/plan/{part}/").status_code == 200


def test_the_trace_shows_every_row_of_the_plan_with_its_obligations(dpo: Client) -> None:
    page = dpo.get("/plan/trace/").content.decode()
    for row in plan.load().trace:
        assert f'id="{row.id}"' in page
        assert all(f"#{name}" in page for name in row.obligations)


def test_the_command_prints_what_the_registries_carry() -> None:
    out = StringIO()
    call_command("plan", "coverage", "--json", stdout=out)
    told = json.loads(out.getvalue())
    assert set(told) == {"measures", "safeguards"}
    assert [m["id"] for m in told["measures"]] == [f"M{n:02d}" for n in range(1, 24)]
    parts = told["measures"] + told["safeguards"]
    assert sum(p["obligations"]["total"] for p in parts) == 137
    assert sum(p["obligations"]["live"] for p in parts) == len(live.live_obligations())
    assert sum(p["indicators"]["computed"] for p in parts) == len({f.indicator for f in FIGURES.values()} - {""})


def test_the_command_prints_a_table_too(capsys: Any) -> None:
    call_command("plan", "coverage")
    assert "M10" in capsys.readouterr().out


def test_only_what_a_rule_of_duties_names_is_live() -> None:
    named = {name for rule in OBLIGATIONS.values() for name in rule.plan}
    assert live.live_obligations() == named
    assert {name.split("-")[0] for name in named} <= {"M06", "M10"}


def test_every_live_id_is_one_of_the_plan() -> None:
    plan.coverage(live.live_obligations(), live.computed_indicators())


def test_how_often_and_how_much_is_said_in_chinese() -> None:
    whole = plan.load()
    said = [*(o.frequency_zh for o in whole.obligations), *(i.target_zh for i in whole.indicators)]
    assert [text for text in said if re.search(r"[A-Za-z]", text)] == []
    assert {o.frequency for o in whole.obligations} | {i.target for i in whole.indicators} >= set(words())


def test_the_sources_that_pages_of_duties_and_rules_show_are_in_chinese() -> None:
    shown = [*(o.source for o in OBLIGATIONS.values()), *(r.source for r in RULES.values())]
    assert [text for text in shown if re.search(r"[a-z]{3,}", text)] == []
