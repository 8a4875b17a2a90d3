"""How many statements a page asks of the database, in a ledger; no count may grow with the rows.

To write the ledger anew after a change that was meant: HUTONG_LEDGER=write .venv/bin/pytest tests/desk/test_query_counts.py
"""

from __future__ import annotations

import json
import os
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from hutong.kernel.clock import now, today
from hutong.people import categories
from hutong.people.models import File
from hutong.staff.models import User
from tests import make
from tests.desk.test_children_pages import browser
from tests.desk.test_leads_pages import lead

LEDGER = Path(__file__).resolve().parents[1] / "data" / "query_counts.json"
PAGES = {
    "worklist": ("zhou", "/"),
    "worklist of a director": ("lin", "/"),
    "missed": ("zhou", "/?view=missed"),
    "children": ("zhou", "/children/"),
    "child": ("lin", "/children/{file}/"),
    "visit form": ("lin", "/children/{file}/visit/"),
    "proposals": ("qin", "/proposals/"),
    "search": ("zhou", "/search/?q=%E5%90%88%E6%88%90"),
    "board": ("zhou", "/board/371726000000/"),
    "imports": ("zhou", "/imports/"),
    "duplicates": ("zhou", "/duplicates/"),
    "posts": ("zhou", "/posts/"),
    "leads": ("zhou", "/leads/"),
    "rules": ("zhou", "/leads/rules/"),
}
MOST = {"worklist": 12, "child": 12}

pytestmark = pytest.mark.django_db


@pytest.fixture
def users() -> dict[str, User]:
    return {"lin": make.lin(), "zhou": make.zhou(), "qin": make.qin()}


def more(users: dict[str, User], number: int) -> File:
    """So many children more, each with a left-behind category proposed and a director."""
    made = []
    with make.as_(users["lin"]):
        for _ in range(number):
            file = make.file(users["lin"], name="王合成", on=today() - timedelta(days=3), at=now())
            make.parents_away(file, users["lin"])
            categories.propose_category(
                file=file, kind="LEFT_BEHIND", basis="BOTH_AWAY", start=today(), by=users["lin"], at=now()
            )
            made.append(file)
    for _ in range(number):
        lead(birth_date=date(2018, 1, 1))
    return made[0]


def counts(users: dict[str, User], file: File) -> dict[str, int]:
    clients: dict[str, Client] = {name: browser(user) for name, user in users.items()}
    found = {}
    for name, (who, path) in PAGES.items():
        path = path.format(file=file.pk)
        assert clients[who].get(path).status_code == 200, name  # what is kept for good is read now
        with CaptureQueriesContext(connection) as heard:
            clients[who].get(path)
        found[name] = len([one for one in heard.captured_queries if not framing(one["sql"] or "")])
    return found


def framing(sql: str) -> bool:
    """Not the page's (one whose plan is kept is told without its words): a test's savepoints, and that inside its transaction the scope before is read and put back."""
    return sql.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK TO", "select current_user")) or "'hutong_owner' end" in sql


def test_no_page_asks_more_because_there_are_more_rows_and_none_more_than_the_ledger_says(
    users: dict[str, User],
) -> None:
    file = more(users, 1)
    few = counts(users, file)
    more(users, 19)
    many = counts(users, file)
    assert {name: (few[name], many[name]) for name in few if many[name] > few[name]} == {}
    if os.environ.get("HUTONG_LEDGER") == "write":
        LEDGER.parent.mkdir(exist_ok=True)
        LEDGER.write_text(json.dumps(many, indent=2, ensure_ascii=False) + "\n")
    ledger: dict[str, Any] = json.loads(LEDGER.read_text())
    assert many == ledger
    assert {name: many[name] for name, most in MOST.items() if many[name] > most} == {}
