"""The contract with phones: what older apps send is taken as long as policy carries them, and the description is what happens."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from hutong.exchange.field.kinds import all_kinds
from hutong.field import endpoints
from hutong.kernel.clock import day, week
from hutong.policy.field import CONTRACT, number
from tests.field.phone import Phone, clock, home, visit

pytestmark = pytest.mark.django_db
RECORDED = Path(__file__).parents[1] / "data" / "field"


def carried() -> list[int]:
    """The contracts that still sync; the first was number 1."""
    return list(range(max(1, CONTRACT - number("contract_versions_back", day(clock()))), CONTRACT + 1))


def recorded(contract: int, file: Any) -> dict[str, Any]:
    """What an app of that contract sent, for this child and today."""
    text = (RECORDED / f"contract-{contract}.json").read_text()
    today = day(clock())
    put = {"CHILD": str(file.pk), "DAY": today.isoformat(), "WEEK": week(today), "AT": clock().isoformat()}
    for name, value in put.items():
        text = text.replace(f'"{name}"', json.dumps(value))
    found: dict[str, Any] = json.loads(text)
    return found


@pytest.mark.parametrize("contract", carried())
def test_what_an_app_of_each_carried_contract_sent_is_taken(contract: int) -> None:
    lin, file = home()
    told, phone = recorded(contract, file), Phone(lin)
    items = [phone.op(one["kind"], one["body"], at=one["at"], base=one["base"]) for one in told["operations"]]
    said = phone.results(*items, v=contract)
    assert [(one["status"], one["reason"]) for one in said] == [("applied", None)] * len(items)


def test_the_first_contract_has_every_kind_the_first_app_sent_and_the_server_still_knows_them() -> None:
    kinds = {one["kind"] for one in json.loads((RECORDED / "contract-1.json").read_text())["operations"]}
    assert kinds == {"visit", "attempt", "contact", "child_new", "change", "carer_unfit", "report"} <= set(all_kinds())


def test_an_app_two_contracts_back_still_syncs_and_three_back_is_told_to_update(monkeypatch: Any) -> None:
    lin, file = home()
    phone = Phone(lin)
    back = number("contract_versions_back", day(clock()))
    monkeypatch.setattr(endpoints, "CONTRACT", 1 + back)
    assert phone.one(phone.op("visit", visit(file)), v=1)["status"] == "applied"
    monkeypatch.setattr(endpoints, "CONTRACT", 2 + back)
    response = phone.send(phone.op("visit", visit(file)), v=1)
    assert (response.status_code, response.json()["code"]) == (422, "version")
    assert "更新程序" in response.json()["message"]


def test_keys_of_a_later_app_are_passed_over() -> None:
    lin, file = home()
    phone = Phone(lin)
    item = phone.op("visit", {**visit(file), "weather": "rain"})
    assert phone.one({**item, "battery": 40})["status"] == "applied"


def described() -> dict[str, Any]:
    found: dict[str, Any] = Client().get("/field/v1/openapi.json").json()
    return found


def fits(value: Any, schema: dict[str, Any], whole: dict[str, Any]) -> bool:
    """As far as our own description goes: references, alternatives, types, enumerations, lists and required keys."""
    if "$ref" in schema:
        return fits(value, whole["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]], whole)
    if "anyOf" in schema:
        return any(fits(value, one, whole) for one in schema["anyOf"])
    kinds = {"object": dict, "array": list, "string": str, "integer": int, "boolean": bool, "null": type(None)}
    if "type" in schema and not isinstance(value, kinds[schema["type"]]):
        return False
    if "enum" in schema and value not in schema["enum"]:
        return False
    if isinstance(value, list):
        return all(fits(one, schema.get("items", {}), whole) for one in value)
    if isinstance(value, dict) and "properties" in schema:
        known = schema["properties"]
        return set(schema.get("required", ())) <= set(value) <= set(known) and all(
            fits(part, known[name], whole) for name, part in value.items()
        )
    return True


def test_each_described_answer_is_what_comes() -> None:
    lin, file = home()
    phone, whole = Phone(lin), described()
    item, blob = phone.op("visit", visit(file)), "00000000-0000-4000-8000-000000000001"
    other = {**item, "body": {**item["body"], "answers": {"seen": ["carer"], "lives_with": "other"}}}
    piece = f"blobs/{blob}?device={phone.device}&offset=0&total=3&sha256={'0' * 64}"
    asked = {
        ("get", "/field/v1/hello"): [phone.get("hello")],
        ("post", "/field/v1/devices"): [phone.register()],
        ("get", "/field/v1/pack"): [phone.get(f"pack?device={phone.device}&cursor=")],
        ("post", "/field/v1/operations"): [phone.send(item, "nonsense"), phone.send(item), phone.send(other)],
        ("put", "/field/v1/blobs/{blob}"): [phone.client.put(f"/field/v1/{piece}", b"abc", content_type="image/jpeg")],
        ("get", "/field/v1/blobs/{blob}"): [phone.get(f"blobs/{blob}?device={phone.device}")],
    }
    every = {(method, path) for path, methods in whole["paths"].items() for method in methods}
    assert set(asked) == every
    for (method, path), responses in asked.items():
        for response in responses:
            said = whole["paths"][path][method]["responses"].get(str(response.status_code))
            assert said, (path, response.status_code, response.content)
            schema = said.get("content", {}).get("application/json", {}).get("schema", {})
            assert fits(response.json(), schema, whole), (path, response.json())


def test_the_measure_of_the_description_can_fail() -> None:
    whole = described()
    schema = {"$ref": "#/components/schemas/Answer"}
    assert fits({"results": [], "server_time": ""}, schema, whole)
    assert not fits({"results": [{"status": "perhaps"}], "server_time": ""}, schema, whole)
    assert not fits({"results": []}, schema, whole)
