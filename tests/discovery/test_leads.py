"""Leads in the database: taken in once, decided by a person, remembered, and seen by nobody else."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from hutong.discovery import operations
from hutong.discovery.models import Lead
from hutong.discovery.pipelines import registers, running
from hutong.duties.models import Duty
from hutong.kernel.refusals import Refusal
from hutong.people.models import Category, File
from hutong.staff.models import User
from tests import make
from tests.discovery.registers import write

NUMBER = make.id_number(date(2018, 1, 1), sex="2")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    child = {
        "record_id": 3,
        "id_no": NUMBER,
        "name": "张小合",
        "sex": "女",
        "birth_date": date(2018, 1, 1),
        "division": make.HERE,
    }
    write(tmp_path / "police.parquet", [child], registers.COLUMNS["police"])
    return tmp_path


def take(folder: Path, *, certainty: str = "sure", at: Any = make.AT, **more: Any) -> operations.Taken:
    row = {
        "lead": "x", "rule": "uncared_for", "subject": 3, "evidence_key": "P+Q1", "certainty": certainty, "name": "张小合", "sex": "女",
        "birth_date": date(2018, 1, 1), "age": 8, "division": make.HERE, "severity": "high", "need": "N5", "domain": "judicial",
        "restricted": False, "weight": 900, "found_on": make.ON,
        "evidence": '[{"column": "father_state", "value": "服刑在押", "on": "2026-01-01", "register": "custody"}]',
    }  # fmt: skip
    write(folder / "leads.parquet", [row | more], running.COLUMNS)
    return operations.take_in(leads=folder / "leads.parquet", police=folder / "police.parquet", at=at)


def decide(lead: Lead, by: User, verdict: str, reason: str = "", **more: Any) -> Lead:
    with make.as_(by):
        return operations.decide(lead=lead, verdict=verdict, reason=reason, by=by, at=make.AT, **more)


@pytest.mark.django_db
def test_a_known_lead_is_updated_and_not_repeated(folder: Path) -> None:
    assert take(folder) == operations.Taken(new=1, known=0, without_place=0)
    assert take(folder, certainty="review", subject=3).known == 1
    lead = Lead.objects.get()
    assert lead.certainty == "review" and NUMBER not in str(lead.evidence)


@pytest.mark.django_db
def test_a_run_that_finds_nothing_closes_nothing(folder: Path) -> None:
    take(folder)
    write(folder / "leads.parquet", [], running.COLUMNS)
    operations.take_in(leads=folder / "leads.parquet", police=folder / "police.parquet", at=make.AT + timedelta(days=1))
    assert Lead.objects.get().state == "open"


@pytest.mark.django_db
def test_a_true_lead_opens_a_file_with_a_first_visit_and_a_proposal_for_another_officer(folder: Path) -> None:
    zhou, qin = make.zhou(), make.qin()
    take(folder)
    lead = decide(Lead.objects.get(), zhou, "true")
    file = File.objects.get()
    assert lead.file_id == file.pk and file.child.name == "张小合"
    category = Category.objects.get()
    assert (category.kind, category.state, category.proposed_by_id) == ("DE_FACTO_UNSUPPORTED", "proposed", zhou.pk)
    assert Duty.objects.filter(file=file, obligation="visit.first").exists()
    with pytest.raises(Refusal, match="已由别人办理"):
        decide(lead, qin, "false", "弄错了")


@pytest.mark.django_db
def test_a_second_lead_about_the_same_child_uses_the_same_file(folder: Path) -> None:
    zhou = make.zhou()
    take(folder)
    take(folder, rule="no_school", domain="schooling")
    for lead in Lead.objects.all():
        decide(lead, zhou, "true")
    assert File.objects.count() == 1


@pytest.mark.django_db
def test_a_false_lead_needs_a_reason_and_is_remembered(folder: Path) -> None:
    zhou = make.zhou()
    take(folder)
    with pytest.raises(Refusal, match="理由"):
        decide(Lead.objects.get(), zhou, "false", " ")
    decide(Lead.objects.get(), zhou, "false", "父亲已经回家")
    assert take(folder).known == 1
    lead = Lead.objects.get()
    assert lead.state == "false" and lead.decisions.get().reason == "父亲已经回家"
    assert not File.objects.exists()


@pytest.mark.django_db
def test_an_unsure_lead_stays_to_be_decided(folder: Path) -> None:
    zhou = make.zhou()
    take(folder)
    decide(Lead.objects.get(), zhou, "unsure", "先请儿童主任去看")
    assert decide(Lead.objects.get(), zhou, "false", "看过了").decisions.count() == 2


@pytest.mark.django_db
def test_a_decision_sent_twice_counts_once(folder: Path) -> None:
    zhou, op = make.zhou(), uuid4()
    take(folder)
    decide(Lead.objects.get(), zhou, "true", op=op)
    decide(Lead.objects.get(), zhou, "true", op=op)
    assert Lead.objects.get().decisions.count() == 1


@pytest.mark.django_db
def test_another_county_a_director_and_anybody_without_a_grant_see_no_such_lead(folder: Path) -> None:
    take(folder)
    take(folder, rule="orphan", restricted=True)
    for who, sees in ((make.zhou(), 1), (make.ma(), 0), (make.lin(), 0)):
        with make.as_(who):
            assert Lead.objects.count() == sees, who
