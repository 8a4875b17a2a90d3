"""The contracts of the departments' feeds hold together, and fit the registers that rules read."""

import io
import json
from collections import Counter
from pathlib import Path

import pytest
from django.core.management import call_command

from hutong.discovery.pipelines import registers
from hutong.exchange.census.headers import normal
from hutong.policy import access
from hutong.policy.feeds import LIMITS, feeds, table_schema
from hutong.policy.feeds.page import section
from hutong.policy.plan import load as load_plan

FEEDS = sorted(feeds())
SQL = {"string": {"text"}, "integer": {"bigint", "int"}, "boolean": {"boolean"}, "date": {"date"}}
FOR_LINKING = {
    "address",
    "father_name",
    "mother_name",
    "guardian_name",
    "mother_id_no",
}  # beside the registers' columns
OUR_OWN = {"directors", "files"}  # registers this platform writes itself
SCHEMA_KEYS = {"name", "title", "description", "type", "format", "constraints", "trueValues", "falseValues", "also"}


def test_every_register_that_somebody_else_keeps_has_a_feed():
    assert {feed.register for feed in feeds().values()} - {None} == registers.NAMES - OUR_OWN
    assert max(Counter(feed.register for feed in feeds().values()).values()) == 1


@pytest.mark.parametrize("name", FEEDS)
def test_a_feed_has_the_columns_of_its_register_with_their_types(name):
    feed = feeds()[name]
    if feed.register is None:
        pytest.skip("feeds no register yet")
    wanted = {column: kind for column, kind in registers.COLUMNS[feed.register].items() if column != "record_id"}
    stored = {field.name: field for field in feed.fields if field.stored}
    assert set(wanted) <= set(stored)
    assert set(stored) - set(wanted) <= FOR_LINKING
    # A key or number that comes as text is stored as what the register has.
    assert {column for column, kind in wanted.items() if kind not in SQL[stored[column].type]} == set()


@pytest.mark.parametrize("name", FEEDS)
def test_no_heading_means_two_columns(name):
    headings = [(normal(h).lower(), field.name) for field in feeds()[name].fields for h in field.headings]
    meaning = {heading: {f for h, f in headings if h == heading} for heading, _ in headings}
    assert {heading: fields for heading, fields in meaning.items() if len(fields) > 1 or not heading} == {}


@pytest.mark.parametrize("name", FEEDS)
def test_a_feed_says_who_sends_it_why_by_which_law_and_who_may_see_it(name):
    feed = feeds()[name]
    assert feed.department in {department.name for department in load_plan().departments}
    assert feed.domain in access.DOMAINS
    assert all([feed.zh, feed.en, feed.purpose, feed.covers_zh, feed.legal_basis.zh])
    for basis in (feed.legal_basis, feed.numbers, LIMITS):
        assert basis.source.strip() and basis.standing
    assert feed.numbers.standing == "proposed"  # nobody has told us these numbers
    assert feed.numbers.retention_days > feed.numbers.cadence_days  # or there would be days without the register


@pytest.mark.parametrize("name", FEEDS)
def test_a_row_needs_a_person(name):
    feed = feeds()[name]
    assert feed.identified_by
    assert feed.field("name").required or name == "birth_defect"  # a newborn may have no name yet


@pytest.mark.parametrize("name", FEEDS)
def test_the_schema_is_a_table_schema_in_json(name):
    schema = json.loads(json.dumps(table_schema(feeds()[name]), ensure_ascii=False))
    assert len({field["name"] for field in schema["fields"]}) == len(schema["fields"])
    assert {key for field in schema["fields"] for key in field} <= SCHEMA_KEYS
    assert {field["type"] for field in schema["fields"]} <= set(SQL)
    assert all(field.get("format") in {"default", "any"} for field in schema["fields"])
    assert "" in schema["missingValues"]


def test_facts_of_the_law_are_seen_by_those_who_may_read_them_alone():
    of = {name: feed.domain for name, feed in feeds().items()}
    assert {of[name] for name in ("custody", "detox", "missing", "barred")} == {"judicial"}
    assert {of[name] for name in ("disability", "rehabilitation", "birth_defect", "hospital")} == {"health"}


@pytest.mark.parametrize("name", FEEDS)
def test_the_page_for_departments_says_what_the_contract_says(name):
    page = (Path(__file__).resolve().parents[2] / "docs" / "feeds.md").read_text(encoding="utf-8")
    assert f"{section(feeds()[name])}\n" in page, "run: hutong feed schema --markdown"


def test_the_command_prints_one_schema_or_all():
    one, every = io.StringIO(), io.StringIO()
    call_command("feed", "schema", "death", stdout=one)
    call_command("feed", "schema", stdout=every)
    assert json.loads(one.getvalue()) == table_schema(feeds()["death"])
    assert [json.loads(line)["name"] for line in every.getvalue().splitlines()] == FEEDS
