"""A change told on the phone: the fact is taken, fields merge, and what clashes waits for the supervisor."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client

from hutong.exchange.models import Conflict, FieldOperation
from hutong.kernel.clock import today
from hutong.people import files, persons
from hutong.people.models import Address, Circumstance, File, Kinship
from hutong.staff.models import Notice
from hutong.wellbeing.models import Flag, Visit
from tests import make
from tests.field.phone import Phone, clock, home, visit

pytestmark = pytest.mark.django_db


@pytest.fixture
def village() -> Any:
    class Village:
        lin, file = home()
        wu, zhou, ma = make.wu(), make.zhou(), make.ma()
        phone = Phone(lin)

        def change(self, what: str, fields: dict[str, Any], **more: Any) -> dict[str, Any]:
            """What the app sends of a change."""
            told = {name: {"was": was, "now": now} for name, (was, now) in fields.items()}
            body = {
                "child": str(self.file.pk), "what": what, "fields": told, "occurred_on": today().isoformat(), "note": "",
            }  # fmt: skip
            return self.phone.op("change", {**body, **more})

        def lives(self, detail: str) -> None:
            """The office writes another address."""
            with make.as_(self.zhou):
                persons.set_address(
                    person=self.file.child, detail=detail, on=today(), source="office", by=self.zhou, at=clock()
                )

        def carer(self) -> str:
            """The carer's name as it stands."""
            return Kinship.objects.filter(child=self.file.child, carer=True, end=None).get().relative.name

    return Village()


def decide(user: Any, conflict: Conflict, choice: str) -> Any:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    sent = {"choice": choice, "note": "问过村里", "op_id": str(uuid4())}
    return client.post(f"/conflicts/{conflict.pk}/", sent)


def address(file: File) -> str:
    return Address.objects.get(person=file.child, end=None).detail


def test_an_address_nobody_else_changed_is_written_and_the_supervisor_asked_to_look(village: Any) -> None:
    said = village.phone.one(village.change("moved", {"address": ("", "东头三号")}))
    assert said["status"] == "applied", said
    assert address(village.file) == "东头三号"
    assert Flag.objects.filter(file=village.file, kind="moved").exists()


def test_the_pack_shows_the_new_address(village: Any) -> None:
    village.phone.one(village.change("moved", {"address": ("", "东头三号")}))
    (child,) = village.phone.pack()["children"]
    assert child["address"] == "东头三号"


def test_an_address_changed_on_both_sides_keeps_ours_and_waits_with_both(village: Any) -> None:
    village.lives("村委旁边")
    item = village.change("moved", {"address": ("", "东头三号")})
    said = village.phone.one(item)
    assert (said["status"], said["reason"]["code"]) == ("needs_review", "conflict")
    assert address(village.file) == "村委旁边"
    row = Conflict.objects.get()
    assert (row.field, row.was, row.ours, row.theirs) == ("address", "", "村委旁边", "东头三号")
    assert Notice.objects.filter(user=village.wu, kind="field.conflict").count() == 1
    assert village.phone.one(item)["status"] == "needs_review" and Conflict.objects.count() == 1


def test_that_the_child_moved_is_kept_as_a_fact_though_the_address_waits(village: Any) -> None:
    village.lives("村委旁边")
    village.phone.one(village.change("moved", {"address": ("", "东头三号")}))
    assert Flag.objects.filter(file=village.file, kind="moved").exists()


def test_the_supervisor_takes_the_phones_value_or_keeps_ours_once(village: Any) -> None:
    village.lives("村委旁边")
    village.phone.one(village.change("moved", {"address": ("", "东头三号")}))
    row = Conflict.objects.get()
    assert decide(village.wu, row, "noted").status_code == 200, "not a choice for two values"
    assert decide(village.wu, row, "take").status_code == 302
    row.refresh_from_db()
    assert (row.state, row.decided_by, address(village.file)) == ("taken", village.wu, "东头三号")
    assert "已经处理过" in decide(village.zhou, row, "keep").content.decode()
    assert address(village.file) == "东头三号"


def test_what_the_supervisor_takes_stands_now_though_it_happened_before_ours(village: Any) -> None:
    village.lives("村委旁边")
    before = (today() - timedelta(days=1)).isoformat()
    village.phone.one(village.change("moved", {"address": ("", "东头三号")}, occurred_on=before))
    assert decide(village.wu, Conflict.objects.get(), "take").status_code == 302
    assert address(village.file) == "东头三号"


def test_a_carer_told_late_follows_one_who_began_later(village: Any) -> None:
    village.phone.one(village.change("carer_changed", {"carer": (None, "陈姑合")}))
    before = (today() - timedelta(days=1)).isoformat()
    said = village.phone.one(village.change("carer_changed", {"carer": ("陈姑合", "李姨合")}, occurred_on=before))
    assert said["status"] == "applied", said
    assert village.carer() == "李姨合"


def test_keeping_ours_changes_nothing(village: Any) -> None:
    village.lives("村委旁边")
    village.phone.one(village.change("moved", {"address": ("", "东头三号")}))
    assert decide(village.wu, Conflict.objects.get(), "keep").status_code == 302
    assert address(village.file) == "村委旁边" and Conflict.objects.get().state == "kept"


def test_a_parent_who_is_back_is_a_fact_and_never_clashes(village: Any) -> None:
    with make.as_(village.lin):
        make.parents_away(village.file, village.lin)
    said = village.phone.one(village.change("parent_back", {"father": (None, "home")}))
    assert said["status"] == "applied", said
    father = Kinship.objects.get(child=village.file.child, relation="51").relative
    latest = Circumstance.objects.filter(person=father, kind="whereabouts").order_by("start").last()
    assert latest and latest.value["place"] == "home"


def test_another_carer_is_registered_with_relation_and_phone(village: Any) -> None:
    fields = {"carer": (None, "陈姑合"), "carer_relation": (None, "97"), "carer_phone": (None, "13800138000")}
    said = village.phone.one(village.change("carer_changed", fields))
    assert said["status"] == "applied", said
    assert village.carer() == "陈姑合"


def test_two_phones_that_name_two_carers_leave_the_second_to_the_supervisor(village: Any) -> None:
    village.phone.one(village.change("carer_changed", {"carer": (None, "陈姑合")}))
    said = village.phone.one(village.change("carer_changed", {"carer": (None, "李姨合")}))
    assert said["status"] == "needs_review" and village.carer() == "陈姑合"
    assert decide(village.wu, Conflict.objects.get(), "take").status_code == 302
    assert village.carer() == "李姨合"


def test_the_same_said_by_two_is_no_clash(village: Any) -> None:
    village.lives("东头 三号")
    assert village.phone.one(village.change("moved", {"address": ("", "东头三号")}))["status"] == "applied"
    assert not Conflict.objects.exists()


def test_a_change_that_does_not_say_to_what_is_sent_back(village: Any) -> None:
    said = village.phone.one(village.change("moved", {}))
    assert (said["status"], said["reason"]["message"][:6]) == ("rejected", "没有写清变成")


def test_a_record_for_a_child_gone_to_the_next_village_is_written_there_by_the_supervisor(village: Any) -> None:
    with make.as_(village.wu):
        files.move(file=village.file, division=make.NEXT, on=today(), by=village.wu, at=clock())
    assert village.phone.one(village.phone.op("visit", visit(village.file)))["status"] == "needs_review"
    assert decide(village.wu, Conflict.objects.get(), "take").status_code == 302
    made = Visit.objects.get()
    assert (made.file, made.division, made.by) == (village.file, make.NEXT, village.lin)


def test_a_record_for_a_closed_file_can_only_be_noted(village: Any) -> None:
    with make.as_(village.zhou):
        files.close_file(file=village.file, reason="moved", on=today(), by=village.zhou, at=clock())
    village.phone.one(village.phone.op("visit", visit(village.file)))
    row = Conflict.objects.get()
    assert decide(village.wu, row, "take").status_code == 200
    assert decide(village.wu, row, "noted").status_code == 302
    row.refresh_from_db()
    assert row.state == "noted" and not Visit.objects.exists()


def test_the_queue_shows_the_area_with_a_count_and_both_values(village: Any) -> None:
    village.lives("村委旁边")
    village.phone.one(village.change("moved", {"address": ("", "东头三号")}))
    client = Client()
    client.force_login(village.wu, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get("/conflicts/").content.decode()
    assert "共 1 条" in page and "张小合" in page and "住址" in page
    one = client.get(f"/conflicts/{Conflict.objects.get().pk}/").content.decode()
    assert "村委旁边" in one and "东头三号" in one
    assert "没有要核对的手机记录" in client.get("/conflicts/?state=taken").content.decode()
    client.force_login(village.ma, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(f"/conflicts/{Conflict.objects.get().pk}/").status_code == 404


def test_days_are_checked_as_on_the_desk(village: Any) -> None:
    tomorrow = (today() + timedelta(days=1)).isoformat()
    said = village.phone.one(village.change("moved", {"address": ("", "东头")}, occurred_on=tomorrow))
    assert said["status"] == "rejected"
    assert UUID(str(FieldOperation.objects.get().op)) and not Address.objects.filter(detail="东头").exists()
