"""A department's program sends a feed with a token, and can do nothing else with it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.test import Client

from hutong.exchange import channels
from hutong.exchange.models import CityDelivery, FeedDelivery
from hutong.kernel.clock import now
from hutong.policy.feeds import LIMITS
from hutong.staff.models import User
from tests import cities, feeds, make


@pytest.fixture
def zhou(db: None, tmp_path: Path, settings: Any) -> User:
    feeds.registers(tmp_path, settings)
    zhou = make.zhou()
    feeds.agree(zhou, "custody")
    return zhou


def send(token: str, feed: str = "custody", body: bytes | None = None) -> Any:
    content = feeds.text("custody", feeds.custody()).encode() if body is None else body
    return Client(enforce_csrf_checks=True).post(
        f"/api/feeds/{feed}/", content, content_type="text/csv", headers={"Authorization": f"Bearer {token}"}
    )


def token(by: User, feed: str = "custody") -> str:
    return channels.token(by.username, feed=feed, division=feeds.COUNTY)


def test_a_program_sends_a_file_and_gets_its_serial(zhou: User) -> None:
    answer = send(token(zhou))
    assert answer.status_code == 202
    row = FeedDelivery.objects.get()
    assert (row.number, row.channel, row.by) == (answer.json()["number"], "push", zhou)


def test_the_same_file_again_has_the_same_serial(zhou: User) -> None:
    assert send(token(zhou)).json()["number"] == send(token(zhou)).json()["number"]


@pytest.mark.parametrize("said", ["", "x", "a:b:c"])
def test_a_wrong_token_is_denied_in_a_sentence(zhou: User, said: str) -> None:
    answer = send(said)
    assert answer.status_code == 403 and "令牌" in answer.json()["message"]
    assert not FeedDelivery.objects.exists()


def test_a_token_is_for_one_feed(zhou: User) -> None:
    assert send(token(zhou), feed="school").status_code == 403


def test_a_token_runs_out(zhou: User) -> None:
    given = token(zhou)
    with time_machine.travel(now() + timedelta(days=LIMITS.token_days + 1), tick=False):
        assert send(given).status_code == 403


def test_a_token_of_a_shut_account_sends_nothing(zhou: User) -> None:
    given = token(zhou)
    User.objects.filter(pk=zhou.pk).update(is_active=False)
    assert send(given).status_code == 403


def test_a_feed_without_an_agreement_is_refused_with_the_reason(zhou: User) -> None:
    answer = send(token(zhou, "school"), feed="school")
    assert answer.status_code == 422 and "共享协议" in answer.json()["message"]


def test_the_address_is_only_for_sending(zhou: User) -> None:
    assert Client().get("/api/feeds/custody/").status_code == 405


def test_a_bureaus_program_sends_one_file_for_the_whole_city(zhou: User) -> None:
    pushed = channels.token(cities.liaison().username, feed="custody", division=cities.CITY)
    answer = send(pushed, body=cities.text(("371726001216", 2)).encode())
    row = CityDelivery.objects.get()
    assert (answer.status_code, answer.json()["number"], row.channel) == (202, row.number, "push")
    assert cities.parts(cities.work(row, now()))[cities.JUANCHENG].good == 2


def test_a_countys_officer_cannot_push_for_the_city(zhou: User) -> None:
    pushed = channels.token(zhou.username, feed="custody", division=cities.CITY)
    assert send(pushed).status_code == 403 and not CityDelivery.objects.exists()


def test_the_command_signs_a_token(zhou: User, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("feed", "token", "custody", "--county", "371726", "--as", zhou.username)
    assert send(capsys.readouterr().out.strip()).status_code == 202
