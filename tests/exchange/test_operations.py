"""A workbook becomes files: checked, matched, applied whole, the same twice changes nothing, and can be taken back."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from hutong.duties.models import Duty
from hutong.exchange import applying, operations
from hutong.exchange.models import Delivery, Row
from hutong.kernel.models import Access
from hutong.people.models import Category, File, Kinship, Person
from hutong.staff.access import scope_of
from hutong.staff.models import User
from tests import make
from tests.exchange.books import GOOD, HEADER, row, workbook
from tests.make import AT

pytestmark = pytest.mark.django_db
COUNTY = 371726000000
SECOND = row(
    序号=2,
    儿童姓名="王红",
    性别="女",
    身份证号="",
    出生日期="2016-03-04",
    监护人="王大合",
    与儿童关系="爷爷",
    联系电话="13800002222",
    类别="困境儿童",
)
BROKEN = row(序号=3, 儿童姓名="", 身份证号="")


@pytest.fixture
def zhou() -> User:
    return make.zhou()


def checked(content: bytes, by: User) -> Delivery:
    with make.as_(by):
        delivery = operations.receive(content=content, name="名册.xlsx", county=COUNTY, by=by, at=AT)
        return operations.check(delivery=delivery, by=by, at=AT)


def applied(content: bytes, by: User) -> Delivery:
    return operations.apply(delivery=checked(content, by), by=by, at=AT, scope=scope_of(by))


def test_checking_changes_nothing_and_loses_no_row(zhou: User) -> None:
    delivery = checked(workbook([HEADER, GOOD, SECOND, BROKEN, ["合计", 2]]), zhou)
    assert delivery.counts == {
        "rows": 5,
        "ok": 2,
        "changed": 0,
        "unchanged": 0,
        "quarantined": 1,
        "not_data": 2,
        "new": 2,
    }
    assert not Person.objects.exists()


def test_applying_opens_files_with_guardians_proposals_and_duties(zhou: User) -> None:
    applied(workbook([HEADER, GOOD, SECOND]), zhou)
    file = File.objects.get(child__name="李明")
    kin = Kinship.objects.get(child=file.child)
    assert (kin.relative.name, kin.relation, kin.carer) == ("李大山", "61", True)
    assert Category.objects.get(file=file).state == "proposed"
    assert Duty.objects.get(file=file, obligation="visit.first").state == "due"
    assert {f.number[-6:] for f in File.objects.all()} == {"000001", "000002"}


def test_the_same_file_twice_changes_nothing(zhou: User) -> None:
    content = workbook([HEADER, GOOD, SECOND])
    applied(content, zhou)
    again = applied(content, zhou)
    assert (again.counts["unchanged"], again.counts["ok"], again.counts["changed"]) == (2, 0, 0)
    assert File.objects.count() == 2


def test_a_changed_row_changes_what_it_says_and_nothing_else(zhou: User) -> None:
    applied(workbook([HEADER, GOOD]), zhou)
    again = applied(workbook([HEADER, row(**{"村（居）": "樊庄村", "监护人": "李奶奶", "与儿童关系": "奶奶"})]), zhou)
    assert again.counts["changed"] == 1
    file = File.objects.get()
    assert file.division != 371726001217 and file.child.kin.get(carer=True, end=None).relative.name == "李奶奶"


def test_a_namesake_born_the_same_day_waits_for_a_person(zhou: User) -> None:
    applied(workbook([HEADER, SECOND]), zhou)
    delivery = checked(
        workbook(
            [
                HEADER,
                row(
                    **{"村（居）": "樊庄村", "儿童姓名": "王红", "身份证号": "", "出生日期": "2016-03-04", "性别": "女"}
                ),
            ]
        ),
        zhou,
    )
    (waiting,) = Row.objects.filter(delivery=delivery, status="quarantined")
    assert waiting.match == "unsure" and "可能是同一人" in waiting.reasons[-1]["message"]


def test_a_child_registered_in_another_county_is_not_doubled(zhou: User) -> None:
    ma = make.ma()
    with make.as_(ma):
        make.person(ma, division=make.THERE, id_number=GOOD[6])
    delivery = checked(workbook([HEADER, GOOD]), zhou)
    assert delivery.counts["quarantined"] == 1


def test_a_stop_in_the_middle_resumes_and_doubles_nothing(zhou: User, monkeypatch: pytest.MonkeyPatch) -> None:
    delivery = checked(workbook([HEADER, GOOD, SECOND]), zhou)
    monkeypatch.setattr(operations, "CHUNK", 1)
    real, calls = applying.apply_rows, []

    def torn(rows: list[Row], **more: Any) -> None:
        calls.append(1)
        if len(calls) == 2:
            raise OSError("the machine stopped")
        real(rows, **more)

    monkeypatch.setattr(applying, "apply_rows", torn)
    with pytest.raises(OSError):
        operations.apply(delivery=delivery, by=zhou, at=AT, scope=scope_of(zhou))
    assert File.objects.count() == 1
    delivery.refresh_from_db()
    assert delivery.state == "applying"
    operations.apply(delivery=delivery, by=zhou, at=AT, scope=scope_of(zhou))
    assert File.objects.count() == 2


def test_a_batch_is_taken_back_and_may_be_imported_again(zhou: User) -> None:
    content = workbook([HEADER, GOOD, SECOND])
    delivery = applied(content, zhou)
    with make.as_(zhou):
        assert operations.reverse(delivery=delivery, reason="传错文件", by=zhou, at=AT) == []
    assert set(File.objects.values_list("close_reason", flat=True)) == {"wrong"}
    assert applied(content, zhou).counts["ok"] >= 1


def test_what_others_worked_on_is_not_taken_back(zhou: User) -> None:
    delivery = applied(workbook([HEADER, GOOD]), zhou)
    qin = make.qin()
    with make.as_(qin):
        make.categories.decide(category=Category.objects.get(), confirm=True, on=make.ON, by=qin, at=AT)
    with make.as_(zhou):
        ((_, sentence),) = operations.reverse(delivery=delivery, reason="传错文件", by=zhou, at=AT)
    assert "没有撤回" in sentence and File.objects.get().closed_on is None


def test_rows_rest_sealed(zhou: User) -> None:
    checked(workbook([HEADER, GOOD]), zhou)
    for stored in Row.objects.values_list("raw_sealed", flat=True):
        assert GOOD[6].encode() not in bytes(stored)


def lines(tmp_path: Path, *arguments: str) -> list[dict[str, Any]]:
    path = tmp_path / "名册.xlsx"
    path.write_bytes(workbook([HEADER, GOOD, SECOND, BROKEN]))
    out = StringIO()
    call_command("import", "census", str(path), "--county", "371726", "--json", *arguments, stdout=out)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_the_command_prints_a_line_a_row_and_the_counts(tmp_path: Path, zhou: User) -> None:
    *rows, last = lines(tmp_path, "--dry-run")
    assert [r["status"] for r in rows] == ["not_data", "ok", "ok", "quarantined"]
    assert rows[1]["row"] == 2 and rows[1]["fields"]["id_number"] == GOOD[6]
    assert last["counts"]["rows"] == 4 and not Person.objects.exists()


def test_the_command_writes_as_a_named_officer_and_is_written_down(tmp_path: Path, zhou: User) -> None:
    assert lines(tmp_path, "--as", zhou.username)[-1]["counts"]["ok"] == 2
    assert lines(tmp_path, "--as", zhou.username, "--dry-run")[-1]["counts"]["unchanged"] == 2
    assert Access.objects.filter(what="import", user_id=zhou.pk).count() == 2 and File.objects.count() == 2


def test_the_command_refuses_who_may_not_import(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="没有办理这件事的权限"):
        lines(tmp_path, "--as", make.lin().username)
    with pytest.raises(CommandError, match="不在您负责的地区"):
        lines(tmp_path, "--as", make.ma().username)
