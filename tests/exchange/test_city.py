"""One file for the whole city: split by county, each part with its own agreement, checks and end; nothing is lost and nothing guessed."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from python_calamine import CalamineWorkbook

from hutong.exchange import agreements, channels, city, receiving, retention, returning
from hutong.exchange.feeds import splitting
from hutong.exchange.models import CityDelivery, CityRow, FeedDelivery, FeedRow, SharingAgreement
from hutong.kernel.refusals import Denied, Refusal
from hutong.kernel.scope import acting
from hutong.places.codes import level
from hutong.policy.feeds import feeds
from hutong.staff.models import Post, User
from tests import cities, make
from tests.cities import CAO, CITY, JUANCHENG

HERE, THERE = "371726001216", "371721001001"


@pytest.fixture(autouse=True)
def registers(tmp_path: Path, settings: Any) -> Path:
    settings.REGISTERS = tmp_path / "registers"
    return Path(settings.REGISTERS)


@pytest.fixture
def sender(db: None) -> User:
    return cities.liaison()


@pytest.fixture
def officer(db: None) -> User:
    return make.user("city_officer", CITY)


def states(row: CityDelivery) -> dict[int, str]:
    return {part["county"]: part["state"] for part in row.parts}


def test_each_county_gets_its_own_rows_with_the_file_they_came_from(sender: User, officer: User) -> None:
    cities.agree(officer)
    row = cities.send(sender, cities.text((HERE, 3), (THERE, 2)))
    parts = cities.parts(row)
    assert {code: (part.state, part.rows, part.good) for code, part in parts.items()} == {
        JUANCHENG: ("accepted", 3, 3), CAO: ("accepted", 2, 2),
    }  # fmt: skip
    assert {(part.by, part.file_name, part.whole_sha256) for part in parts.values()} == {
        (sender, "全市名单.csv", row.sha256)
    }
    assert set(states(row).values()) == {"sent", "none"} and row.rows == 5


def test_the_county_uses_its_part_and_sees_no_other(sender: User, officer: User) -> None:
    cities.agree(officer)
    row = cities.send(sender, cities.text((HERE, 3), (THERE, 2)))
    with make.as_(make.zhou()):
        assert receiving.current(JUANCHENG)["custody"].city_id == row.pk
        assert [part.division for part in FeedDelivery.objects.all()] == [JUANCHENG]
        assert not CityDelivery.objects.exists() and not CityRow.objects.exists()


def test_a_row_of_no_county_goes_back_with_the_question_which_it_is_for(sender: User, officer: User) -> None:
    cities.agree(officer)
    row = cities.send(
        sender, cities.text((HERE, 1), ("", 1), ("370102001001", 1), ("城里", 1), ("鄄城县", 1), ("371726", 1))
    )
    assert cities.parts(row)[JUANCHENG].good == 3, "a county's six digits and its name will do"
    with acting(receiving.MACHINE):
        asked = {bad.number: bad.reasons[0]["code"] for bad in CityRow.objects.filter(delivery=row)}
    assert asked == {3: "missing", 4: "elsewhere", 5: "unreadable"} and row.unplaced == 3


def test_totals_and_signatures_are_no_rows_of_any_county(sender: User, officer: User) -> None:
    cities.agree(officer)
    row = cities.send(sender, cities.text((HERE, 2)) + ",,,,,\n合计,2,,,,\n")
    assert (row.rows, row.unplaced, row.not_data) == (4, 0, 2)
    assert row.rows == sum(part["rows"] for part in row.parts) + row.unplaced + row.not_data


def test_a_file_that_does_not_say_which_county_is_refused_whole(sender: User, officer: User) -> None:
    cities.agree(officer)
    row = cities.send(sender, "姓名,身份证号,羁押日期\n合成甲,,2026-01-05\n")
    assert row.state == "failed" and "行政区划代码" in str(row.trouble) and not cities.parts(row)


def test_a_county_without_an_agreement_is_left_out_and_gets_its_part_when_it_has_one(
    sender: User, officer: User
) -> None:
    zhou, content = make.zhou(), cities.text((HERE, 3), (THERE, 2))
    from tests import feeds

    feeds.agree(zhou, "custody")
    first = cities.send(sender, content)
    assert states(first)[CAO] == "no_agreement" and list(cities.parts(first)) == [JUANCHENG]
    assert cities.take(sender, content) == first, "the same again changes nothing while nothing has changed"
    cities.agree(officer)
    second = cities.send(sender, content)
    assert states(second)[JUANCHENG] == "known" and list(cities.parts(second)) == [CAO]
    assert cities.take(sender, content) == second


def test_without_any_agreement_nothing_is_taken_and_no_file_stays(sender: User, registers: Path) -> None:
    with pytest.raises(Refusal, match="共享协议"):
        cities.take(sender, cities.text((HERE, 3)))
    assert not [file for file in registers.rglob("*") if file.is_file()]


def test_a_county_that_was_full_and_gets_no_row_is_held_and_keeps_what_it_has(sender: User, officer: User) -> None:
    cities.agree(officer)
    first = cities.send(sender, cities.text((HERE, 10), (THERE, 10)))
    later = make.AT + timedelta(days=1)
    second = cities.send(sender, cities.text((HERE, 10)), at=later)
    part = cities.parts(second)[CAO]
    assert (part.state, part.rows, part.remarks[0]["code"]) == ("held", 0, "empty")
    with acting(receiving.MACHINE):
        assert receiving.current(CAO)["custody"].city_id == first.pk
        assert receiving.current(JUANCHENG)["custody"].city_id == second.pk


def test_a_part_that_shrank_is_held_alone(sender: User, officer: User) -> None:
    cities.agree(officer)
    cities.send(sender, cities.text((HERE, 10), (THERE, 10)))
    second = cities.send(sender, cities.text((HERE, 10), (THERE, 4)), at=make.AT + timedelta(days=1))
    found = {code: part.state for code, part in cities.parts(second).items()}
    assert found == {JUANCHENG: "accepted", CAO: "held"}


def test_sending_the_form_twice_makes_one(sender: User, officer: User) -> None:
    cities.agree(officer)
    op = uuid4()
    first = cities.take(sender, cities.text((HERE, 3)), op=op)
    assert cities.take(sender, cities.text((HERE, 4)), op=op) == first and CityDelivery.objects.count() == 1


def test_a_split_that_was_cut_off_begins_anew_and_makes_no_part_twice(
    sender: User, officer: User, monkeypatch: pytest.MonkeyPatch, registers: Path
) -> None:
    cities.agree(officer)
    row = cities.take(sender, cities.text((HERE, 3), ("", 1), (THERE, 2)))

    def cut(*args: Any) -> None:
        raise KeyboardInterrupt

    for broken in ("_counted", "_write"):
        with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
            patch.setattr(splitting, broken, cut)
            cities.work(row)
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(city, "_note", cut)
        cities.work(row)
    with acting(receiving.MACHINE):
        assert CityDelivery.objects.get().state == "received" and not FeedDelivery.objects.exists()
    done = cities.work(row)
    assert cities.work(row).pk == done.pk
    assert {code: part.good for code, part in cities.parts(done).items()} == {JUANCHENG: 3, CAO: 2}
    with acting(receiving.MACHINE):
        assert CityRow.objects.count() == 1
    assert not list((registers / "incoming").iterdir())


def test_what_goes_back_is_one_workbook_with_the_senders_row_numbers(sender: User, officer: User) -> None:
    cities.agree(officer)
    content = (
        cities.text((HERE, 2))
        + ",,,371726001216,2026-01-05,18\n合成癸,,1990-01-01,,2026-01-05,18\n,,,371721001001,2026-01-05,18\n"
    )
    row = cities.send(sender, content + cities.line(77, THERE))
    with make.as_(sender) as scope, acting(city.sending(scope, receiving.feed_named("custody"))):
        book = CalamineWorkbook.from_filelike(BytesIO(returning.returned(row)))
    heading, *rows = book.get_sheet_by_name("退回的行").to_python()
    assert heading[:3] == ["行", "县（区）", "问题"] and heading[3:5] == ["姓名", "身份证号"]
    assert [(cells[0], cells[1]) for cells in rows] == [("4", "鄄城县"), ("5", ""), ("6", "曹县")]
    assert "哪个县（区）" in str(rows[1][2]) and rows[1][3] == "合成癸"
    assert ["曹县", "2", "1", "1"] in [cells[:4] for cells in book.get_sheet_by_name("各县（区）").to_python()]


def test_another_bureau_and_a_county_may_not_send_it(sender: User, officer: User) -> None:
    cities.agree(officer)
    for other in (cities.liaison("市公安局"), make.zhou(), officer, make.user("data_liaison", CITY)):
        with pytest.raises(Denied):
            cities.take(other, cities.text((HERE, 3)))


def test_the_education_liaison_of_the_city_sends_the_school_roll_alone(officer: User) -> None:
    liaison = cities.liaison("市教育局", "education_liaison")
    with make.as_(liaison) as scope:
        assert [feed.id for feed in city.sends(scope)] == ["school"]
    with make.as_(make.user("education_liaison", JUANCHENG)) as scope:
        assert city.sends(scope) == []


def test_another_bureau_sees_neither_the_file_nor_its_rows(sender: User, officer: User) -> None:
    cities.agree(officer)
    cities.send(sender, cities.text((HERE, 1), ("", 1)))
    contract = receiving.feed_named("custody")
    with make.as_(sender) as scope, acting(city.sending(scope, contract)):
        assert CityDelivery.objects.count() == CityRow.objects.count() == 1 and not FeedRow.objects.exists()
    with make.as_(cities.liaison("市公安局")) as scope, acting(city.sending(scope, contract)):
        assert not CityDelivery.objects.exists() and not CityRow.objects.exists()


def test_when_its_time_is_over_file_and_rows_of_no_county_are_destroyed_and_figures_stay(
    sender: User, officer: User
) -> None:
    cities.agree(officer)
    row = cities.send(sender, cities.text((HERE, 1), ("", 1)))
    days = receiving.feed_named("custody").numbers.retention_days
    assert retention.destroy(at=make.AT + timedelta(days=days - 1)) == 0
    assert retention.destroy(at=make.AT + timedelta(days=days)) == 2
    row.refresh_from_db()
    assert (row.state, row.rows, row.unplaced) == ("destroyed", 2, 1) and not CityRow.objects.exists()
    assert retention.destroy(at=make.AT + timedelta(days=days)) == 0


def test_what_a_killed_split_left_behind_is_swept_and_what_waits_stays(
    sender: User, officer: User, registers: Path
) -> None:
    cities.agree(officer)
    row = cities.take(sender, cities.text((HERE, 3)))
    left = registers / "incoming" / ".x.split.scratch"
    left.mkdir()
    (left / "spilled").write_bytes(b"x")
    retention.destroy(at=make.AT + timedelta(days=40))
    assert not left.exists() and city.incoming(row).is_file()


def test_the_citys_paper_holds_for_every_county_without_one_and_may_be_ended(officer: User, sender: User) -> None:
    zhou = make.zhou()
    from tests import feeds

    feeds.agree(zhou, "custody")
    cities.agree(officer)
    with acting(receiving.MACHINE):
        rows = {row.division: row.by for row in SharingAgreement.objects.filter(end=None)}
    assert len(rows) == len(agreements.counties(CITY)) and rows[JUANCHENG] == zhou and rows[CAO] == officer
    with make.as_(officer):
        with pytest.raises(Refusal, match="都已有"):
            cities.agree(officer)
        said = {
            "feed": "custody",
            "city": CITY,
            "number": "菏民函〔2026〕9号",
            "on": make.ON,
            "by": officer,
            "at": make.AT,
        }
        assert agreements.end_for_city(because="市里另签新协议", **said) == len(rows) - 1
    with acting(receiving.MACHINE):
        assert [row.division for row in SharingAgreement.objects.filter(end=None)] == [JUANCHENG]


def test_nobody_but_the_city_officer_records_the_citys_paper(sender: User) -> None:
    for other in (sender, make.zhou()):
        with pytest.raises(Denied):
            cities.agree(other)


@pytest.mark.django_db(transaction=True)
def test_a_folder_named_after_the_city_is_taken_for_all_counties(tmp_path: Path) -> None:
    from hutong.places import operations as places

    places.load_divisions()
    sender, officer = cities.liaison(), make.user("city_officer", CITY)
    cities.agree(officer)
    drop = tmp_path / "drop" / "371700" / "custody"
    drop.mkdir(parents=True)
    (drop / "全市.csv").write_text(cities.text((HERE, 2)), encoding="utf-8")
    sizes: dict[Path, int] = {}
    list(channels.look(tmp_path / "drop", sizes, sender, make.AT))
    (seen,) = channels.look(tmp_path / "drop", sizes, sender, make.AT)
    assert isinstance(seen.delivery, CityDelivery) and seen.delivery.channel == "folder" and level(CITY) == 2
    assert cities.parts(cities.work(seen.delivery))[JUANCHENG].good == 2


def test_a_paper_recorded_in_a_county_stays_the_countys_when_its_officer_moves_to_the_city(officer: User) -> None:
    zhou, contract = make.zhou(), feeds()["custody"]
    with make.as_(zhou):
        agreements.agree(
            feed="custody", division=JUANCHENG, number="鄄协〔2026〕1号", purpose=contract.purpose, by=zhou, at=make.AT,
            legal_basis=contract.legal_basis.zh, fields=[field.name for field in contract.fields],
            retention_days=contract.numbers.retention_days, start=make.ON,
        )  # fmt: skip
    cities.agree(officer)
    Post.objects.create(user=zhou, role="city_officer", division=CITY, start=make.ON + timedelta(days=60))
    with acting(receiving.MACHINE):
        of_the_city = set(agreements.of_city("custody", CITY).values_list("division", flat=True))
    assert JUANCHENG not in of_the_city and CAO in of_the_city


def test_a_file_of_which_a_countys_part_could_not_be_read_may_be_sent_again(sender: User, officer: User) -> None:
    cities.agree(officer)
    whole = cities.text((HERE, 3), (THERE, 2))
    row = cities.take(sender, whole)
    with acting(receiving.MACHINE):
        row = city.split(delivery=row, at=make.AT)
        for part in city.pieces(row):
            if part.division == JUANCHENG:
                receiving.incoming(part).unlink()
            receiving.check(delivery=part, at=make.AT)
    again = cities.send(sender, whole)
    assert again.pk != row.pk and states(again)[CAO] == "known" and states(again)[JUANCHENG] == "sent"
    assert cities.parts(again)[JUANCHENG].good == 3
    assert cities.send(sender, whole).pk == again.pk
