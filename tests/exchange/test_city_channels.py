"""A file for the whole city by the ways that are not a page: a bureau's own database."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.management import call_command
from django.db import connection

from hutong.exchange import receiving
from hutong.exchange.models import CityDelivery
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
