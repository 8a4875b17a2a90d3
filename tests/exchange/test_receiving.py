"""Departments' deliveries: taken under an agreement, checked, held when they look wrong, used, and destroyed in time."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from uuid import uuid4

import duckdb
import psycopg.conninfo
import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from hutong.exchange import agreements, channels, receiving, retention, workbooks
from hutong.exchange.models import FeedDelivery, FeedRow, SharingAgreement
from hutong.kernel import parquet
from hutong.kernel.refusals import Denied, Refusal
from hutong.kernel.scope import acting
from hutong.policy.feeds import feeds
from hutong.staff.models import User
from tests import make

HEAD = "姓名,身份证号,出生日期,羁押日期,刑期（月）\n"
COUNTY = 371726000000


@pytest.fixture(autouse=True)
def registers(tmp_path: Path, settings: Any) -> Path:
    settings.REGISTERS = tmp_path / "registers"
    return Path(settings.REGISTERS)


@pytest.fixture
def zhou(db: None) -> User:
    return make.zhou()


def agree(by: User, feed: str = "custody", **more: Any) -> SharingAgreement:
    contract = feeds()[feed]
    said = {
        "number": "菏民函〔2026〕8号", "purpose": contract.purpose, "legal_basis": contract.legal_basis.zh, "start": make.ON,
        "fields": [field.name for field in contract.fields], "retention_days": contract.numbers.retention_days,
    } | more  # fmt: skip
    with make.as_(by):
        return agreements.agree(feed=feed, division=COUNTY, by=by, at=make.AT, **said)


@cache
def line(serial: int) -> str:
    born = date(1985, 1, 1) + timedelta(days=serial)
    return f"合成{'甲乙丙丁戊己庚辛壬癸'[serial % 10]},{make.id_number(born)},{born},2026-01-05,18\n"


def send(
    by: User, content: str, *, feed: str = "custody", at: Any = make.AT, checked: bool = True, **more: Any
) -> FeedDelivery:
    with make.as_(by):
        row = receiving.receive(
            spooled=receiving.spool([content.encode("gb18030")]), name="名单.csv", feed=feed, division=COUNTY, channel="upload",
            by=by, at=at, **more,
        )  # fmt: skip
    return check(row, at) if checked else row


def check(row: FeedDelivery, at: Any = make.AT) -> FeedDelivery:
    with acting(receiving.MACHINE):
        return receiving.check(delivery=row, at=at)


def some(count: int, start: int = 0) -> str:
    return HEAD + "".join(line(serial) for serial in range(start, start + count))


def test_without_an_agreement_nothing_is_taken_and_no_file_stays(zhou: User, registers: Path) -> None:
    with pytest.raises(Refusal, match="共享协议"):
        send(zhou, some(3))
    assert FeedDelivery.objects.count() == 0
    assert not [file for file in registers.rglob("*") if file.is_file()]


def test_a_delivery_is_stored_without_numbers_and_its_plain_file_is_gone(zhou: User, registers: Path) -> None:
    agree(zhou)
    row = send(zhou, some(3))
    assert (row.state, row.rows, row.good, row.bad) == ("accepted", 3, 3, 0)
    with duckdb.connect() as db:
        stored = db.execute(f"from {parquet.relation(db, receiving.stored(row))}").fetchall()
    assert len(stored) == 3 and make.id_number(date(1985, 1, 1)) not in str(stored)
    assert not list((registers / "incoming").iterdir())


def test_rows_that_cannot_be_used_go_back_with_their_reasons(zhou: User) -> None:
    agree(zhou)
    row = send(zhou, some(2) + ",,,2026-01-05,18\n")
    assert (row.rows, row.good, row.bad) == (3, 2, 1)
    with make.as_(zhou):
        bad = FeedRow.objects.get()
        assert bad.reasons and "姓名" in str(bad.reasons)
        assert workbooks.returned(row).startswith(b"PK")


def test_the_same_file_again_is_the_delivery_there_was(zhou: User, registers: Path) -> None:
    agree(zhou)
    first = send(zhou, some(3))
    assert send(zhou, some(3), checked=False) == first
    assert FeedDelivery.objects.count() == 1 and not list((registers / "incoming").iterdir())


def test_sending_the_form_twice_makes_one_delivery(zhou: User) -> None:
    agree(zhou)
    op = uuid4()
    assert send(zhou, some(3), op=op) == send(zhou, some(4), op=op, checked=False)


@pytest.mark.parametrize(
    ("content", "code"),
    [(HEAD + ",,,2026-01-05,18\n", "empty"), (some(4), "shrunken"), (some(40), "doubled")],
)
def test_a_delivery_that_looks_wrong_is_held_and_the_one_before_stays_in_use(
    zhou: User, content: str, code: str
) -> None:
    agree(zhou)
    before = send(zhou, some(10))
    row = send(zhou, content, at=make.AT + timedelta(days=1))
    assert (row.state, [remark["code"] for remark in row.remarks]) == ("held", [code])
    with make.as_(zhou):
        assert receiving.current(COUNTY) == {"custody": before}


def test_a_heading_without_a_row_ends_nothing_either(zhou: User) -> None:
    agree(zhou)
    before = send(zhou, some(10))
    assert send(zhou, HEAD, at=make.AT + timedelta(days=1)).state in {"held", "failed"}
    with make.as_(zhou):
        assert receiving.current(COUNTY) == {"custody": before}


def test_a_held_delivery_is_used_when_an_officer_says_why(zhou: User) -> None:
    agree(zhou)
    send(zhou, some(10))
    row = send(zhou, some(4), at=make.AT + timedelta(days=1))
    with make.as_(zhou):
        with pytest.raises(Refusal, match="理由"):
            receiving.decide(delivery=row, use=True, because=" ", by=zhou, at=make.AT)
        receiving.decide(delivery=row, use=True, because="已释放六人，司法局已确认", by=zhou, at=make.AT)
        assert receiving.current(COUNTY) == {"custody": row}
        receiving.decide(delivery=row, use=False, because="报错了，另送", by=zhou, at=make.AT)
        assert receiving.current(COUNTY)["custody"] != row


def test_a_delivery_later_than_agreed_is_marked_late_and_used(zhou: User) -> None:
    agree(zhou)
    send(zhou, some(10))
    row = send(zhou, some(11), at=make.AT + timedelta(days=40))
    assert row.state == "accepted" and row.remarks == [{"code": "late", "days": 9}]


def test_what_was_not_agreed_on_is_not_read(zhou: User) -> None:
    fewer = [field.name for field in feeds()["custody"].fields if field.name != "months"]
    agree(zhou, fields=fewer)
    row = send(zhou, some(3))
    assert "months" not in row.found["taken"] and "刑期（月）" in row.found["ignored"]


def test_an_agreement_may_not_keep_longer_than_the_contract(zhou: User) -> None:
    with pytest.raises(Refusal, match="保存期限"):
        agree(zhou, retention_days=4000)


def test_after_its_end_nothing_more_is_taken(zhou: User) -> None:
    running = agree(zhou)
    with make.as_(zhou):
        agreements.end(agreement=running, on=make.ON, because="数据改由市里统一提供", by=zhou, at=make.AT)
    with pytest.raises(Refusal, match="共享协议"):
        send(zhou, some(3), at=make.AT + timedelta(days=1))


def test_a_file_that_cannot_be_read_fails_with_a_sentence_and_nothing_is_used(zhou: User) -> None:
    agree(zhou)
    row = send(zhou, "PAR1 这不是表格")
    assert row.state == "failed" and row.trouble.endswith("。")


def test_a_check_that_was_cut_off_begins_anew_and_ends_the_same(zhou: User, monkeypatch: pytest.MonkeyPatch) -> None:
    agree(zhou)
    row = send(zhou, some(2) + ",,,,\n,,,2026-01-05,18\n", checked=False)

    def cut(*args: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(receiving, "_remarks", cut)
        check(row)
    with make.as_(zhou):
        assert FeedDelivery.objects.get().state == "received" and not FeedRow.objects.exists()
    done = check(row)
    assert (done.state, done.good, done.bad) == ("accepted", 2, 1)
    assert check(row).pk == done.pk and FeedRow.objects.count() == 1


def test_when_its_time_is_over_file_and_rows_are_destroyed_and_figures_stay(zhou: User) -> None:
    agree(zhou)
    row = send(zhou, some(3) + ",,,2026-01-05,18\n")
    stored, days = receiving.stored(row), feeds()["custody"].numbers.retention_days
    kept, other = (receiving.folder("counties") / code / ".links" for code in (str(row.division), "371702000000"))
    for folder in (kept, other):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "fact-person.parquet").write_bytes(b"made of deliveries")
    assert retention.destroy(at=make.AT + timedelta(days=days - 1)) == 0 and stored.is_file() and any(kept.iterdir())
    assert retention.destroy(at=make.AT + timedelta(days=days)) == 1 and not stored.exists()
    assert not kept.exists() and any(other.iterdir())
    row.refresh_from_db()
    assert (row.state, row.good, row.stored) == ("destroyed", 3, "") and not FeedRow.objects.exists()
    assert retention.destroy(at=make.AT + timedelta(days=days)) == 0


def test_who_has_no_right_to_deliver_is_denied(zhou: User) -> None:
    agree(zhou)
    with pytest.raises(Denied):
        send(make.lin(), some(3))


def test_a_file_dropped_into_the_folder_is_taken_when_it_has_stopped_growing(zhou: User, tmp_path: Path) -> None:
    agree(zhou)
    drop, sizes = tmp_path / "drop" / "371726" / "custody", {}
    drop.mkdir(parents=True)
    file = drop / "7月名单.csv"
    file.write_text(some(2), encoding="utf-8")
    top = tmp_path / "drop"
    assert list(channels.look(top, sizes, zhou, make.AT)) == []
    file.write_text(some(3), encoding="utf-8")
    assert list(channels.look(top, sizes, zhou, make.AT)) == []
    (seen,) = channels.look(top, sizes, zhou, make.AT)
    assert seen.delivery and check(seen.delivery).good == 3 and not file.exists()


def test_a_dropped_file_that_is_refused_stays_with_the_reason_beside_it(zhou: User, tmp_path: Path) -> None:
    drop, sizes = tmp_path / "drop" / "371726" / "school", {}
    drop.mkdir(parents=True)
    file = drop / "a.csv"
    file.write_text("姓名\n", encoding="utf-8")
    top = tmp_path / "drop"
    list(channels.look(top, sizes, zhou, make.AT))
    (seen,) = channels.look(top, sizes, zhou, make.AT)
    assert "共享协议" in seen.refused and file.exists()
    assert "共享协议" in (drop / f"a.csv{channels.SAID}").read_text(encoding="utf-8")
    assert list(channels.look(top, sizes, zhou, make.AT)) == []


def test_a_hostile_file_name_is_only_a_name(zhou: User, registers: Path) -> None:
    agree(zhou)
    with make.as_(zhou):
        row = receiving.receive(
            spooled=receiving.spool([some(2).encode()]), name="../../etc/x';drop table\x00\n.csv", feed="custody",
            division=COUNTY, channel="upload", by=zhou, at=make.AT,
        )  # fmt: skip
    assert "/" not in row.file_name and check(row).good == 2
    assert all(registers in file.parents for file in registers.rglob("*"))


@pytest.mark.django_db(transaction=True)
def test_the_command_takes_a_file_a_folder_and_a_table_in(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    zhou = make.zhou()
    agree(zhou)
    for number, what in enumerate(("one", "drop/371726/custody/two")):
        file = tmp_path / f"{what}.csv"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(some(2 + number), encoding="utf-8")
    call_command("feed", "receive", "custody", str(tmp_path / "one.csv"), "--county", "371726", "--as", zhou.username)
    call_command("feed", "watch", str(tmp_path / "drop"), "--as", zhou.username, "--once")
    there = connection.get_connection_params()
    with connection.cursor() as cursor:
        cursor.execute("create table public.their_custody (姓名 text, 身份证号 text, 羁押日期 date)")
        cursor.execute("insert into public.their_custody values ('合成甲', null, '2026-01-05')")
    try:
        source = psycopg.conninfo.make_conninfo(dbname=there["dbname"], user=there["user"], host=there["host"])
        call_command(
            "feed", "pull", "custody", "--from", source, "--table", "public.their_custody", "--county", "371726", "--as",
            zhou.username,
        )  # fmt: skip
    finally:
        with connection.cursor() as cursor:
            cursor.execute("drop table public.their_custody")
    rows = [check(row) for row in FeedDelivery.objects.order_by("number")]
    assert [(row.channel, row.rows) for row in rows] == [("upload", 2), ("folder", 3), ("pull", 1)]
    assert capsys.readouterr().out.count("等待检查") == 3


def test_the_command_refuses_a_stranger_in_a_sentence(tmp_path: Path, db: None) -> None:
    file = tmp_path / "one.csv"
    file.write_text(some(2), encoding="utf-8")
    with pytest.raises(CommandError, match="没有登录名"):
        call_command("feed", "receive", "custody", str(file), "--county", "371726", "--as", "nobody")
