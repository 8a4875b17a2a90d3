"""The rights of access.yaml, as sentences."""

from datetime import date
from pathlib import Path

import pytest

from hutong.policy import access, tables
from hutong.policy.obligations import OBLIGATIONS


@pytest.mark.parametrize("role", ["director", "supervisor"])
@pytest.mark.parametrize("domain", ["psych", "judicial"])
def test_village_and_town_never_read_psych_scores_or_judicial_details(role, domain):
    assert not access.may(role, "read", domain)


def test_a_director_tells_what_was_seen_without_reading_it_back():
    assert access.may("director", "write", "psych")
    assert not access.may("director", "read", "psych")


@pytest.mark.parametrize("role", ["city_officer", "department_liaison", "dpo", "admin"])
def test_roles_without_case_access_read_no_domain(role):
    assert not access.ROLES[role].cases
    assert not any(access.may(role, "read", domain) for domain in access.DOMAINS)


def test_the_school_side_sees_schooling_and_not_why_a_child_is_listed():
    assert access.may("education_liaison", "read", "schooling")
    assert not access.may("education_liaison", "read", "category")


def test_only_the_county_confirms_a_category_and_not_the_proposer():
    confirming = {name for name in access.ROLES if access.may(name, "confirm", "category")}
    assert confirming == {"county_officer"}
    assert access.two_persons("propose", "confirm")


def test_only_the_data_protection_side_and_case_roles_see_who_looked():
    assert access.may_open("dpo", "looks")
    assert not access.may_open("dpo", "children")
    assert not access.may_open("admin", "looks")


def test_counts_below_five_are_suppressed():
    assert access.suppressed_below(date(2026, 11, 23)) == 5


def test_an_unknown_verb_is_a_mistake_and_not_a_refusal():
    with pytest.raises(KeyError):
        access.may("director", "raed", "identity")


def test_a_role_with_an_unknown_domain_is_refused_with_its_place():
    raw = access.ACCESS.model_dump()
    raw["roles"]["director"]["reads"] = {"identity", "psyche"}
    with pytest.raises(ValueError, match=r"roles\.director\.reads: unknown psyche"):
        access.Access.model_validate(raw)


@pytest.mark.parametrize(("name", "made"), [("access", tables.access_page), ("duties", tables.duties_page)])
def test_the_tables_in_the_docs_are_those_in_force(name, made):
    text = Path(__file__).parents[2].joinpath(f"docs/{name}.md").read_text(encoding="utf-8")
    assert text == made(), f"write docs/{name}.md again: hutong.policy.tables"


def test_the_table_of_duties_names_every_obligation_with_bearer_clock_and_source():
    page = tables.duties_page()
    for key, rule in OBLIGATIONS.items():
        line = next(line for line in page.splitlines() if f"`{key}`" in line)
        assert (
            rule.legal in line and rule.source in line and rule.standing in line and rule.bearer.split("_")[0] in line
        )
