"""From departments' files to a lead, a file and its duties: a search an officer asks for."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from hutong.discovery import operations, runs
from hutong.discovery.models import Lead, Run
from hutong.duties.models import Duty
from hutong.exchange import receiving
from hutong.kernel.refusals import Denied, Refusal
from hutong.kernel.scope import acting
from hutong.people.models import Category, File
from hutong.staff.models import User
from tests import feeds, make

NEXT = make.AT + timedelta(days=1)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: Any) -> Path:
    return feeds.registers(tmp_path, settings)


@pytest.fixture
def zhou(db: None) -> User:
    zhou = make.zhou()
    feeds.agree(zhou, "police", "custody", "death", "allowance")
    return zhou


def ask(by: User, at: Any = make.AT) -> Run:
    with make.as_(by):
        return runs.ask(division=feeds.COUNTY, by=by, at=at)


def search(by: User, at: Any = make.AT) -> Run:
    run = ask(by, at)
    runs.carry_out(run.pk, clock=lambda: at)
    run.refresh_from_db()
    return run


def deliver(by: User) -> None:
    feeds.deliver(by, "police", feeds.police())
    feeds.deliver(by, "custody", feeds.custody())
    feeds.deliver(by, "death", feeds.death())
    feeds.deliver(by, "allowance", feeds.allowance())


def leads(by: User, rule: str = "uncared_for") -> list[Lead]:
    with make.as_(by):
        return list(Lead.objects.filter(rule=rule))


def test_a_child_whom_two_registers_together_show_becomes_a_lead_with_its_sources(zhou: User) -> None:
    deliver(zhou)
    run = search(zhou)
    assert (run.state, run.trouble, run.outcome["rules"]["uncared_for"]) == ("done", "", 1)
    (lead,) = leads(zhou)
    assert (lead.name, lead.division) == ("张小合", make.HERE)
    assert {item["register"]: item["delivery"]["day"] for item in lead.evidence} == {
        "custody": make.ON.isoformat(),
        "death": make.ON.isoformat(),
    }


def test_progress_is_counted_to_its_end(zhou: User) -> None:
    deliver(zhou)
    seen: list[tuple[int, str]] = []
    told = runs._told

    def listen(row: Run, name: str) -> None:
        told(row, name)
        seen.append((Run.objects.get(pk=row.pk).step, name))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(runs, "_told", listen)
        run = search(zhou)
    assert [step for step, _ in seen] == list(range(1, run.steps + 1))
    assert {"police", "custody", "uncared_for"} <= {name for _, name in seen}


def test_confirming_the_lead_opens_a_file_under_the_child_s_own_number_with_its_duties(zhou: User) -> None:
    make.lin()
    deliver(zhou)
    search(zhou)
    (lead,) = leads(zhou)
    with make.as_(zhou):
        operations.decide(lead=lead, verdict="true", by=zhou, at=make.AT)
        file = File.objects.get()
        assert file.child.name == "张小合" and file.child.id_tail == feeds.CHILD["id_no"][-4:]
        assert Category.objects.filter(file=file, state="proposed").exists()
        assert Duty.objects.filter(file=file, obligation="visit.first").exists()


def test_a_second_search_knows_the_lead_and_does_not_repeat_it(zhou: User) -> None:
    deliver(zhou)
    search(zhou)
    feeds.deliver(zhou, "police", feeds.police()[::-1], at=NEXT)  # another delivery, other row numbers
    run = search(zhou, NEXT)
    assert run.outcome["taken"]["new"] == 0 and run.outcome["taken"]["known"] >= 1
    (lead,) = leads(zhou)
    assert lead.last_found_on > lead.first_found_on


def test_a_child_who_has_a_file_is_in_the_registers_of_the_search_without_a_number(zhou: User) -> None:
    deliver(zhou)
    search(zhou)
    (lead,) = leads(zhou)
    with make.as_(zhou):
        operations.decide(lead=lead, verdict="true", by=zhou, at=make.AT)
    run = search(zhou, NEXT)
    assert run.outcome["registers"]["files"] == 1 and run.outcome["unlinked"]["files"] == 0


def test_without_the_police_register_no_search_begins(zhou: User) -> None:
    feeds.deliver(zhou, "custody", feeds.custody())
    with pytest.raises(Refusal, match="公安户籍"):
        ask(zhou)


def test_one_search_at_a_time(zhou: User) -> None:
    deliver(zhou)
    ask(zhou)
    with pytest.raises(Refusal, match="正在进行"):
        ask(zhou)


def test_only_who_recognises_categories_may_search(zhou: User) -> None:
    deliver(zhou)
    with pytest.raises(Denied):
        ask(make.lin())


def test_a_search_that_was_cut_off_begins_anew_and_ends_the_same(zhou: User) -> None:
    deliver(zhou)
    run = ask(zhou)

    def cut(**more: Any) -> None:
        raise KeyboardInterrupt

    with pytest.MonkeyPatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(operations, "take_in", cut)
        runs.carry_out(run.pk, clock=lambda: make.AT)
    assert leads(zhou) == [] and Run.objects.get().state == "running"
    runs.carry_out(run.pk, clock=lambda: make.AT)
    assert Run.objects.get().state == "done" and len(leads(zhou)) == 1


def test_a_register_whose_file_is_lost_ends_the_search_with_a_sentence_and_leaves_leads(zhou: User) -> None:
    deliver(zhou)
    search(zhou)
    with acting(receiving.MACHINE):
        receiving.stored(receiving.current(feeds.COUNTY)["death"]).unlink()
    run = search(zhou, NEXT)
    assert run.state == "failed" and "死亡登记" in run.trouble and len(leads(zhou)) == 1


def test_after_a_search_no_lead_file_and_no_number_lies_about(zhou: User, folder: Path) -> None:
    deliver(zhou)
    search(zhou)
    names = [file for file in folder.rglob("*") if file.is_file()]
    assert not [file for file in names if file.name == "leads.parquet"]
    assert not [file for file in names if feeds.CHILD["id_no"].encode() in file.read_bytes()]
    plain = [file for file in names if "links" not in file.parent.name and file.suffix == ".parquet"]
    assert all(file.read_bytes()[:4] == b"PARE" for file in plain)
