"""An officer uploads a workbook as it is, sees every row's fate, applies, downloads, takes back, and exports it again."""

from __future__ import annotations

from io import BytesIO
from uuid import uuid4

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from hutong.desk.imports.steps import tables
from hutong.exchange.models import Delivery, Mapping
from hutong.kernel.models import Access
from hutong.people.models import File
from hutong.staff.models import User
from tests import make
from tests.desk.test_children_pages import browser
from tests.exchange.books import GOOD, HEADER, row, workbook
from tests.exchange.test_census_reader import MERGED, PARENTS_FIRST

pytestmark = pytest.mark.django_db
BROKEN = row(序号=2, 儿童姓名="王红", 身份证号="371726201502081233")
FORMULA = row(序号=3, 儿童姓名="", 身份证号="", 备注="+cmd|' /C calc'!A0")


@pytest.fixture
def zhou() -> User:
    return make.zhou()


def upload(client: Client, content: bytes, name: str = "名册.xlsx") -> Delivery:
    client.post("/imports/", {"file": SimpleUploadedFile(name, content), "op_id": uuid4()})
    return Delivery.objects.latest("received_at")


def test_it_shows_every_rows_fate_before_anything_is_written(zhou: User) -> None:
    client = browser(zhou)
    delivery = upload(client, workbook([["某县花名册"], HEADER, GOOD, BROKEN]))
    page = client.get(f"/imports/{delivery.pk}/").content.decode()
    assert "文件共 4 行" in page and "校验码" in page and "确认写入" in page
    assert GOOD[6] not in page and not File.objects.exists()


def test_applying_opens_the_files_and_is_offered_once(zhou: User) -> None:
    client = browser(zhou)
    delivery = upload(client, workbook([HEADER, GOOD, BROKEN]))
    client.post(f"/imports/{delivery.pk}/apply/")
    assert File.objects.get().child.name == "李明"
    assert client.post(f"/imports/{delivery.pk}/apply/").status_code == 422
    assert File.objects.count() == 1


def test_the_result_has_reasons_beside_the_rows_and_no_formula(zhou: User) -> None:
    client = browser(zhou)
    delivery = upload(client, workbook([HEADER, GOOD, BROKEN, FORMULA]))
    sheet = openpyxl.load_workbook(BytesIO(client.get(f"/imports/{delivery.pk}/result.xlsx").content)).worksheets[0]
    assert sheet["A3"].value == "待改" and "校验码" in sheet["B3"].value
    assert {cell.data_type for line in sheet.iter_rows() for cell in line} <= {"s", "n"}


def explain(client: Client, delivery: Delivery, officer: User, columns: dict[int, str]) -> None:
    """Through the page of columns, as its form would send it."""
    with make.as_(officer):
        (table,) = tables(delivery)
    data = {f"column_{c}": table.chosen.get(c, "-") for c in range(len(table.labels))}
    said = {f"column_{c}": field for c, field in columns.items()}
    client.post(f"/imports/{delivery.pk}/columns/", {**data, **said, "signature": table.signature})


def test_a_corrected_column_is_remembered_for_the_county(zhou: User) -> None:
    client = browser(zhou)
    header = [*HEADER[:3], "甲栏", *HEADER[4:]]
    delivery = upload(client, workbook([header, GOOD]))
    assert delivery.counts["ok"] == 0
    assert "甲栏" in client.get(f"/imports/{delivery.pk}/columns/").content.decode()
    explain(client, delivery, zhou, {3: "name"})
    assert Mapping.objects.get().columns["3"] == "name"
    assert upload(client, workbook([header, GOOD], [["另一张表"]])).counts["ok"] == 1


def test_a_header_nobody_knows_can_be_explained_on_the_page(zhou: User) -> None:
    client = browser(zhou)
    rows = [["某村的娃"], ["行次", "娃名", "何时生", "哪个庄"], [1, "李明", "2015-02-08", "魏庄村"]]
    delivery = upload(client, workbook(rows))
    assert delivery.counts["not_data"] == 3
    explain(client, delivery, zhou, {1: "name", 2: "birth_date", 3: "village"})
    delivery.refresh_from_db()
    assert delivery.counts["ok"] == 1


def test_correcting_one_column_keeps_what_every_other_was_taken_for(zhou: User) -> None:
    client = browser(zhou)
    header = ["甲栏", "性别", "年龄", "民族", "户籍地址", "是否留守", "监护人姓名", "监护人身份证号", "电话"]
    delivery = upload(client, workbook([header, ["李明", "男", 9, "汉", "旧城镇", "是", "李大山", "", ""]]))
    (before,) = tables(delivery)
    page = client.get(f"/imports/{delivery.pk}/columns/").content.decode()
    assert page.count(" selected") == len(header)
    columns = {c: before.chosen.get(c, "-") for c in range(len(header))} | {0: "name"}
    explain(client, delivery, zhou, columns)
    kept = {int(c): field for c, field in Mapping.objects.get().columns.items() if field}
    assert kept == {c: f for c, f in before.chosen.items() if f != "other"} | {0: "name"}
    assert "is:留守" in kept.values() and "hukou" in kept.values()


def test_columns_are_told_apart_by_what_stands_above_and_below_them(zhou: User) -> None:
    client = browser(zhou)
    delivery = upload(client, workbook(PARENTS_FIRST, merged=MERGED))
    page = client.get(f"/imports/{delivery.pk}/columns/").content.decode()
    assert "父亲 / 姓名" in page and "监护人信息 / 姓名" in page and "例如：李大山" in page
    assert "138****03" in page and "13800000003" not in page


def test_a_number_that_a_sheet_has_rounded_gets_no_digits_in_the_result(zhou: User) -> None:
    client = browser(zhou)
    delivery = upload(client, workbook([["合计", 1], HEADER, row(身份证号=3.71726201502081e17)], [["说明"]]))
    book = openpyxl.load_workbook(BytesIO(client.get(f"/imports/{delivery.pk}/result.xlsx").content))
    assert book.sheetnames == ["表1", "表2"]
    lines = [[cell.value for cell in line] for line in book.worksheets[0].iter_rows()]
    assert lines[0][:2] == ["不是数据", "标题或表头以上的说明"]
    assert lines[2][0] == "待改" and lines[2][8] == "3.71726201502081E+17"


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04xx", b"\x89PNG" + bytes(range(32)) * 9])
def test_what_cannot_be_read_says_what_to_do(zhou: User, content: bytes) -> None:
    client = browser(zhou)
    response = client.post("/imports/", {"file": SimpleUploadedFile("x.xlsx", content), "op_id": uuid4()}, follow=True)
    assert response.status_code == 200 and ("请" in response.content.decode())


def test_a_batch_is_taken_back_with_a_reason(zhou: User) -> None:
    client = browser(zhou)
    delivery = upload(client, workbook([HEADER, GOOD]))
    client.post(f"/imports/{delivery.pk}/apply/")
    client.post(f"/imports/{delivery.pk}/reverse/", {"reason": "传错文件"})
    assert File.objects.get().close_reason == "wrong"


def test_the_export_comes_back_unchanged_and_is_written_down(zhou: User) -> None:
    client = browser(zhou)
    delivery = upload(client, workbook([HEADER, GOOD]))
    client.post(f"/imports/{delivery.pk}/apply/")
    response = client.post("/exports/", {"purpose": "县里会商"})
    assert Access.objects.get(what="export", purpose="县里会商").user_id == zhou.pk
    again = upload(client, response.content, "导出.xlsx")
    assert (again.counts["unchanged"], again.counts["ok"], again.counts["changed"], again.counts["quarantined"]) == (
        1,
        0,
        0,
        0,
    )


def test_another_county_sees_no_delivery(zhou: User) -> None:
    delivery = upload(browser(zhou), workbook([HEADER, GOOD]))
    assert browser(make.ma()).get(f"/imports/{delivery.pk}/").status_code == 404


def test_a_list_whose_names_were_not_recognised_says_so_and_how_to_go_on(zhou: User) -> None:
    client = browser(zhou)
    header = ["小孩大名" if label == "儿童姓名" else label for label in HEADER]
    delivery = upload(client, workbook([header, GOOD]))
    page = client.get(f"/imports/{delivery.pk}/").content.decode()
    assert "没有认出“姓名”这一列" in page
    assert "没有认出" not in client.get(f"/imports/{upload(client, workbook([HEADER, GOOD])).pk}/").content.decode()


def test_after_writing_the_page_leads_to_the_proposals(zhou: User) -> None:
    client = browser(zhou)
    delivery = upload(client, workbook([HEADER, GOOD]))
    client.post(f"/imports/{delivery.pk}/apply/")
    assert "新建了 1 份档案" in client.get(f"/imports/{delivery.pk}/").content.decode()


def test_a_list_that_changes_nothing_shows_the_rows_it_has(zhou: User) -> None:
    client = browser(zhou)
    client.post(f"/imports/{upload(client, workbook([HEADER, GOOD])).pk}/apply/")
    again = upload(client, workbook([["花名册"], HEADER, GOOD]), "又一次.xlsx")
    assert "没有这一类的行" not in client.get(f"/imports/{again.pk}/").content.decode()


def test_what_a_list_was_opened_for_is_kept_in_one_language_and_read_in_the_readers(zhou: User) -> None:
    client = browser(zhou)
    client.post("/account/language/", {"language": "en"})
    delivery = upload(client, workbook([HEADER, GOOD]))
    client.get(f"/imports/{delivery.pk}/")
    assert Access.objects.get(what="import").purpose == "核对名册"
