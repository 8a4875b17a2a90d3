"""Leads in the database: taken in once, decided by a person, remembered, and seen by nobody else."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from hutong.discovery import homechecks, operations, switches
from hutong.discovery.models import HomeCheck, Lead
from hutong.discovery.pipelines import registers
from hutong.discovery.pipelines.leads import COLUMNS
from hutong.duties import operations as duties
from hutong.duties.models import Duty
from hutong.kernel.refusals import Denied, Refusal
from hutong.people.models import Category, File
from hutong.staff.models import Notice, User
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
    write(folder / "leads.parquet", [row | more], COLUMNS)
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
def test_a_decided_lead_keeps_the_evidence_it_was_judged_by(folder: Path) -> None:
    zhou, later = make.zhou(), date(2026, 11, 10)
    take(folder, certainty="review")
    decide(Lead.objects.get(), zhou, "false", "父亲已经回家")
    assert take(folder, evidence="[]", found_on=later).known == 1
    lead = Lead.objects.get()
    assert (lead.state, lead.certainty, len(lead.evidence), lead.last_found_on) == ("false", "review", 1, later)


@pytest.mark.django_db
def test_a_run_that_finds_nothing_closes_nothing(folder: Path) -> None:
    take(folder)
    write(folder / "leads.parquet", [], COLUMNS)
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
def test_an_unsure_lead_is_looked_at_by_the_director_who_is_not_told_what_registers_say(folder: Path) -> None:
    zhou, lin = make.zhou(), make.lin()
    take(folder)
    decide(Lead.objects.get(), zhou, "unsure", "请看看孩子跟谁住")
    decide(Lead.objects.get(), zhou, "unsure", "再问一次")
    duty = Duty.objects.get(obligation="lead.check")
    assert (duty.owner_id, duty.due_on) == (lin.pk, make.ON + timedelta(days=7))
    assert Notice.objects.get(user=lin).subject_id == duty.subject_id
    with make.as_(lin):
        assert not Lead.objects.exists()
        check = HomeCheck.objects.get()
        with pytest.raises(Refusal, match="一两句"):
            homechecks.answer(check=check, found="true", words="", by=lin, at=make.AT)
        homechecks.answer(check=check, found="true", words="跟奶奶住，父亲不在", by=lin, at=make.AT)
        with pytest.raises(Refusal, match="已有结果"):
            homechecks.answer(check=check, found="false", words="x", by=lin, at=make.AT)
    duty.refresh_from_db()
    assert (duty.state, duty.done_on) == ("done", make.ON)
    assert Notice.objects.filter(user=zhou, subject_id=check.pk).exists()
    assert Lead.objects.get().state == "unsure"  # the officer decides


@pytest.mark.django_db
def test_a_look_at_home_nobody_made_is_missed_by_the_nightly_run_and_may_be_made_late(folder: Path) -> None:
    zhou, lin, night = make.zhou(), make.lin(), timedelta(days=15)
    take(folder)
    decide(Lead.objects.get(), zhou, "unsure", "看看")
    duties.run(on=make.ON + timedelta(days=14), at=make.AT + timedelta(days=14))
    assert Duty.objects.get().state == "due"
    duties.run(on=make.ON + night, at=make.AT + night)
    assert Duty.objects.get().state == "missed"
    with make.as_(lin):
        homechecks.answer(check=HomeCheck.objects.get(), found="true", words="在家", by=lin, at=make.AT + night)
    assert Duty.objects.get().late_done_on == make.ON + night


@pytest.mark.django_db
def test_deciding_ends_a_look_nobody_made_and_a_restricted_lead_is_never_given_to_the_village(folder: Path) -> None:
    zhou = make.zhou()
    make.lin()
    take(folder)
    decide(Lead.objects.get(), zhou, "unsure", "看看")
    decide(Lead.objects.get(), zhou, "false", "问清楚了")
    assert Duty.objects.get(obligation="lead.check").state == "not_applicable"
    lead = Lead.objects.get()
    lead.restricted = True
    assert homechecks.ask(lead=lead, question="x", by=zhou, at=make.AT) is None


@pytest.mark.django_db
def test_several_leads_are_put_aside_at_once_each_with_its_own_decision_and_none_is_confirmed_so(folder: Path) -> None:
    zhou, op = make.zhou(), uuid4()
    take(folder)
    take(folder, rule="no_school", domain="schooling")
    with make.as_(zhou):
        for _again in range(2):
            assert (
                operations.decide_many(
                    leads=Lead.objects.all(), verdict="false", reason="重名", by=zhou, at=make.AT, op=op
                )
                == 2
            )
        with pytest.raises(Refusal, match="逐条"):
            operations.decide_many(leads=Lead.objects.all(), verdict="true", reason="", by=zhou, at=make.AT, op=uuid4())
    assert [lead.decisions.count() for lead in Lead.objects.all()] == [1, 1]


@pytest.mark.django_db
def test_a_lead_about_a_village_is_known_by_the_village(folder: Path) -> None:
    village = {
        "rule": "village_without_director",
        "subject": make.HERE,
        "name": None,
        "sex": None,
        "birth_date": None,
        "age": None,
    }
    assert take(folder, **village).new == 1
    assert take(folder, **village) == operations.Taken(new=0, known=1, without_place=0)
    lead = Lead.objects.get()
    assert lead.name and lead.id_sealed is None
    assert decide(lead, make.zhou(), "true").file_id is None


@pytest.mark.django_db
def test_a_rule_put_aside_brings_no_leads_to_the_county_and_keeps_those_there_until_it_is_taken_up_again(
    folder: Path,
) -> None:
    zhou = make.zhou()

    def switch(off: bool, because: str = "名册不全，等补齐") -> None:
        with make.as_(zhou):
            switches.switch(rule="no_school", division=make.HERE, off=off, because=because, by=zhou, at=make.AT)

    take(folder)
    with pytest.raises(Refusal, match="理由"):
        switch(True, "x")
    switch(True)
    with pytest.raises(Refusal, match="刚刚已由别人"):
        switch(True)
    assert take(folder, rule="no_school").put_aside == 1
    assert take(folder).known == 1
    switch(False)
    assert take(folder, rule="no_school").new == 1
    with pytest.raises(Denied), make.as_(make.lin()):
        switches.switch(rule="no_school", division=make.HERE, off=True, because="不想看", by=make.lin(), at=make.AT)


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
