"""A file for the whole city that is no text: a table of the bureau's own database, and a Parquet file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import psycopg
import pyarrow as pa
import pytest
from django.core.management import call_command
from django.db import connection
from pyarrow import parquet

from hutong.exchange import city, receiving
from hutong.exchange.models import CityDelivery, CityRow
from hutong.kernel.scope import acting
from hutong.places import operations as places
from tests import cities, make

COPY = "create table public.their_custody (姓名 text, 身份证号 text, 行政区划代码 text, 羁押日期 date)"
ROWS = "insert into public.their_custody values ('合成甲', null, '371726001216', '2026-01-05'), ('合成乙', null, '371721001001', '2026-01-06')"


@pytest.mark.django_db(transaction=True)
def test_a_bureaus_table_is_pulled_for_the_whole_city_and_split(tmp_path: Path, settings: Any) -> None:
    settings.REGISTERS = tmp_path / "registers"
    places.load_divisions()
    sender = cities.liaison()
    cities.agree(make.user("city_officer", cities.CITY))
    there = connection.get_connection_params()
    source = psycopg.conninfo.make_conninfo(dbname=there["dbname"], user=there["user"], host=there["host"])
    pull = ("feed", "pull", "custody", "--from", source, "--table", "public.their_custody", "--county", "371700")
    with connection.cursor() as cursor:
        cursor.execute(COPY)
        cursor.execute(ROWS)
    try:
        call_command(*pull, "--as", sender.username)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("drop table public.their_custody")
    with acting(receiving.MACHINE):
        row = CityDelivery.objects.get()
    assert row.channel == "pull"
    parts = cities.parts(cities.work(row))
    assert {code: (part.channel, part.rows) for code, part in parts.items()} == {
        cities.JUANCHENG: ("pull", 1), cities.CAO: ("pull", 1),
    }  # fmt: skip


@pytest.mark.django_db
def test_a_parquet_file_is_split_with_its_headings_and_row_numbers(tmp_path: Path, settings: Any) -> None:
    settings.REGISTERS = tmp_path / "registers"
    sender = cities.liaison()
    cities.agree(make.user("city_officer", cities.CITY))
    head, *rows = cities.text(("371726001216", 3), ("", 1), ("371721001001", 2)).splitlines()
    cells = zip(*(row.split(",") for row in rows), strict=True)
    parquet.write_table(
        pa.table(dict(zip(head.split(","), map(pa.array, cells), strict=True))), tmp_path / "全市.parquet"
    )
    with make.as_(sender):
        row = city.receive(
            spooled=receiving.spool([(tmp_path / "全市.parquet").read_bytes()]), name="全市.parquet", feed="custody",
            division=cities.CITY, channel="upload", by=sender, at=make.AT,
        )  # fmt: skip
    parts = cities.parts(cities.work(row))
    assert {code: (part.state, part.rows, part.good) for code, part in parts.items()} == {
        cities.JUANCHENG: ("accepted", 3, 3), cities.CAO: ("accepted", 2, 2),
    }  # fmt: skip
    with acting(receiving.MACHINE):
        assert list(CityRow.objects.values_list("number", flat=True)) == [5]
