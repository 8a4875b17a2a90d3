"""What a phone sends is taken once, in order, one bad record never blocking another."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from hutong.exchange.models import Conflict, FieldOperation
from hutong.kernel.clock import week
from hutong.kernel.models import Event
from hutong.people import files
from hutong.people.models import File
from hutong.staff.models import Device, Notice
from hutong.wellbeing.models import Attempt, Contact, Visit
from tests import make
from tests.field.phone import Phone, clock, home, visit

pytestmark = pytest.mark.django_db


@pytest.fixture
def village() -> tuple[Phone, File]:
    lin, file = home()
    return Phone(lin), file


def test_a_visit_an_attempt_and_a_contact_are_written_through_the_same_doors_as_the_desk(village: Any) -> None:
    phone, file = village
    today = clock().date()
    contact = {"child": str(file.pk), "week": week(today), "direction": "parent_child", "state": "done"}
    done = phone.results(
        phone.op("attempt", {"child": str(file.pk), "occurred_on": today.isoformat(), "reason": "门锁着"}),
        phone.op("visit", visit(file)),
        phone.op("contact", contact),
    )
    assert [r["status"] for r in done] == ["applied"] * 3
    assert (Attempt.objects.count(), Visit.objects.count(), Contact.objects.count()) == (1, 1, 1)
    assert Visit.objects.get().by == phone.user


def test_the_same_operation_twice_is_one_and_says_so(village: Any) -> None:
    phone, file = village
    item = phone.op("visit", visit(file))
    assert phone.one(item)["status"] == "applied"
    again = phone.results(item, item)
    assert [r["status"] for r in again] == ["duplicate"] * 2
    assert Visit.objects.count() == FieldOperation.objects.count() == 1


def test_the_same_id_with_other_content_keeps_both_answers_409_and_is_written_down(village: Any) -> None:
    phone, file = village
    wu = make.wu()
    item = phone.op("visit", visit(file))
    phone.one(item)
    other = {**item, "body": {**item["body"], "answers": {"seen": ["carer"], "lives_with": "other"}}}
    for _ in range(2):
        response = phone.send(other)
        assert response.status_code == 409
        assert response.json()["results"][0]["reason"]["code"] == "op_reused"
    assert Visit.objects.count() == 1
    assert FieldOperation.objects.filter(op=item["op"]).count() == 2
    assert Event.objects.filter(kind="exchange.field.op_reused").count() == 1
    assert Notice.objects.filter(user=wu, kind="field.op_reused").count() == 1
    assert phone.one(item)["status"] == "duplicate"


def test_one_bad_record_does_not_block_the_next_and_comes_back_with_its_reason(village: Any) -> None:
    phone, file = village
    bad = phone.op("visit", visit(file, answers={"seen": ["teacher"], "lives_with": "grandparents"}))
    first, second, third = phone.results(bad, "nonsense", phone.op("visit", visit(file)))
    assert (first["status"], first["reason"]["code"]) == ("rejected", "nobody_of_the_home")
    assert (second["status"], second["reason"]["code"]) == ("rejected", "malformed")
    assert third["status"] == "applied"
    assert FieldOperation.objects.get(op=bad["op"]).status == "rejected"


def test_a_rejected_record_sent_again_is_tried_again(village: Any) -> None:
    phone, file = village
    item = phone.op("visit", {**visit(file), "child": f"op:{uuid4()}"})
    assert phone.one(item)["reason"]["code"] == "child_waits"
    assert phone.one(item)["reason"]["code"] == "child_waits"
    assert FieldOperation.objects.count() == 1


def test_a_closed_child_is_accepted_and_put_before_the_supervisor(village: Any) -> None:
    phone, file = village
    wu = make.wu()
    with make.as_(wu):
        files.close_file(file=file, reason=_reason(), on=clock().date(), by=wu, at=clock())
    item = phone.op("visit", visit(file))
    assert phone.one(item)["status"] == "needs_review"
    assert phone.one(item)["status"] == "needs_review"
    assert Conflict.objects.get().kind == "closed"
    assert Notice.objects.filter(user=wu, kind="field.routed").count() == 1


def _reason() -> str:
    from hutong.policy import codes

    return codes.codes("exit_reason")[0]


def test_a_child_outside_the_scope_and_one_that_never_was_get_the_same_answer(village: Any) -> None:
    phone, file = village
    ma = make.ma()
    with make.as_(ma):
        foreign = make.file(ma, division=make.THERE)
    said = [phone.one(phone.op("visit", {**visit(file), "child": str(c)})) for c in (foreign.pk, uuid4())]
    assert [s["status"] for s in said] == ["needs_review"] * 2
    assert said[0]["reason"] == said[1]["reason"]
    assert Visit.objects.count() == 0


def test_the_phones_clock_may_be_wrong_both_times_and_the_error_are_kept(village: Any) -> None:
    phone, file = village
    ahead = clock() + timedelta(days=3)
    item = phone.op("visit", {**visit(file), "occurred_on": ahead.date().isoformat()})
    item["at"] = (ahead - timedelta(minutes=10)).isoformat()
    assert phone.one(item, clock=ahead.isoformat())["status"] in {"applied", "rejected"}
    row = FieldOperation.objects.get()
    assert abs(row.skew_seconds - 3 * 86400) < 60
    assert Device.objects.get().skew_seconds == row.skew_seconds


def test_the_server_knows_what_each_phone_still_holds(village: Any) -> None:
    phone, _ = village
    assert phone.send(unsent=7).status_code == 200
    device = Device.objects.get()
    assert device.unsent == 7 and device.last_sync_at is not None


def test_what_was_sent_lies_sealed(village: Any) -> None:
    phone, file = village
    phone.one(
        phone.op("attempt", {"child": str(file.pk), "occurred_on": clock().date().isoformat(), "reason": "门锁着呢"})
    )
    assert "门锁着呢".encode() not in bytes(FieldOperation.objects.get().body_sealed)


HOSTILE: list[Any] = [
    None, 1, [], {}, {"op": "x"}, {"op": str(uuid4()), "kind": "visit"},
    {"op": str(uuid4()), "seq": 1, "kind": "visit", "at": "gestern", "base": None, "body": {}},
    {"op": str(uuid4()), "seq": "1", "kind": "visit", "at": "2026-11-02T10:00:00+08:00", "base": None, "body": {}},
    {"op": str(uuid4()), "seq": 1, "kind": ["visit"], "at": "2026-11-02T10:00:00+08:00", "base": None, "body": {}},
    {"op": str(uuid4()), "seq": 1, "kind": "visit", "at": "2026-11-02T10:00:00", "base": None, "body": {}},
    {"op": str(uuid4()), "seq": 10**30, "kind": "visit", "at": "2026-11-02T10:00:00+08:00", "base": None, "body": {}},
    {"op": str(uuid4()), "seq": 1, "kind": "visit", "at": "2026-11-02T10:00:00+08:00", "base": None, "body": []},
    {"op": str(uuid4()), "seq": 1, "kind": "visit", "at": "2026-11-02T10:00:00+08:00", "base": None, "body": {"a": "\x00"}},
]  # fmt: skip
BODIES: list[dict[str, Any]] = [
    {}, {"child": 1}, {"child": "x" * 36, "occurred_on": "2026-11-02", "reason": "a"}, {"child": "-" * 36},
    {"child": str(uuid4()), "occurred_on": "2026-13-45", "reason": "a"},
    {"child": str(uuid4()), "occurred_on": "2026-11-02", "reason": "长" * 201},
    {"child": str(uuid4()), "occurred_on": ["2026-11-02"], "reason": {"a": 1}},
]  # fmt: skip


@pytest.mark.parametrize("item", HOSTILE)
def test_a_hostile_item_gets_a_sentence_and_the_next_one_is_taken(village: Any, item: Any) -> None:
    phone, file = village
    bad, good = phone.results(item, phone.op("visit", visit(file)))
    assert bad["status"] == "rejected" and bad["reason"]["message"].endswith("。")
    assert good["status"] == "applied"


@pytest.mark.parametrize(
    "kind", ["visit", "attempt", "contact", "change", "child_new", "carer_unfit", "report", "sealed", "x"]
)
@pytest.mark.parametrize("body", BODIES)
def test_a_hostile_body_gets_a_sentence(village: Any, kind: str, body: dict[str, Any]) -> None:
    phone, _ = village
    said = phone.one(phone.op(kind, body))
    assert said["status"] in {"rejected", "needs_review"} and said["reason"]["code"] != "fault"
    assert said["reason"]["message"].endswith("。")
